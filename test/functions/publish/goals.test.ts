import { beforeEach, describe, expect, it } from 'vitest';
import { looksForMail } from '#shared/segment/watching.ts';
import { journey, tag } from '#test/build/journey.ts';
import { PublishingShop, shopFile } from '#test/build/publishing.ts';

const DAY = 86_400_000;

const goal = { if: { event: 'tag.added', where: { data: 'tag', is: 'fan' } }, window: 'P30D' };
const selling = journey({ goal, steps: [tag('asked')] });

let shop: PublishingShop;
beforeEach(async () => {
  shop = new PublishingShop();
  await shop.put('settings.json', shopFile({ topics: { offers: { kind: 'marketing' } } }));
});

async function isWanted(days: number): Promise<boolean> {
  shop.shop.clock.pass(days * DAY);
  return (await shop.deps.published.wanted()).has('tag.added');
}

describe('what the goal of a journey asks for is told to the end of its window', () => {
  it.each([
    ['archived', { ...selling, status: 'archived' }],
    ['edited to another goal', journey({ goal: { if: { event: 'purchase' } }, steps: [tag('asked')] })],
    ['edited to none', journey({ steps: [tag('asked')] })],
  ])('when the journey is %s', async (_, after) => {
    await shop.put('journeys/cart.json', selling);
    await shop.put('journeys/cart.json', after);
    expect(await isWanted(0)).toBe(true);
    expect(await isWanted(29)).toBe(true);
    expect(await isWanted(5)).toBe(false);
  });

  it('also when the file is published again meanwhile', async () => {
    await shop.put('journeys/cart.json', selling);
    await shop.put('journeys/cart.json', { ...selling, status: 'archived' });
    expect(await isWanted(10)).toBe(true);
    await shop.put('journeys/cart.json', { ...selling, status: 'archived', name: 'Another' });
    expect(await isWanted(19)).toBe(true);
    expect(await isWanted(5)).toBe(false);
    expect((await shop.live())?.watching).toHaveLength(1);
  });

  it('and looks go on where it asks about mails', async () => {
    const asking = journey({
      goal: { if: { message: 'any', is: 'clicked', gte: 1 }, window: 'P30D' },
      steps: [tag('t')],
    });
    await shop.put('journeys/cart.json', asking);
    expect(await shop.report('journeys/cart.json')).toContain('PUBLISHED');
    const looks = () => looksForMail('c', shop.deps.published, shop.shop.clock.now());
    await shop.put('journeys/cart.json', { ...asking, status: 'archived' });
    expect(await looks()).toHaveLength(1);
    shop.shop.clock.pass(34 * DAY);
    expect(await looks()).toHaveLength(0);
  });
});

import { beforeEach, describe, expect, it } from 'vitest';
import { hasErrors } from '#shared/publish/remarks.ts';
import { journey, tag } from '#test/build/journey.ts';
import { PublishingShop, shopFile } from '#test/build/publishing.ts';

const vip = (condition: object = { tag: 'vip' }) => ({ id: 'vip', name: 'Very important', if: condition });
const starting = journey({ trigger: { type: 'segment', segment: 'vip', when: 'enters' }, steps: [tag('a')] });
const asking = journey({ exits: [{ if: { segment: 'vip' } }], steps: [tag('a')] });
const indifferent = journey({ steps: [tag('a')] });

let shop: PublishingShop;
beforeEach(async () => {
  shop = new PublishingShop();
  await shop.put('settings.json', shopFile({ topics: { offers: { kind: 'marketing' } } }));
  await shop.put('segments/vip.json', vip());
});

/** Walks that lead everybody through what is in segments, since it was asked last. */
let known: number;
const walks = () => shop.shop.scan().filter(({ task }) => task === 'segments').length;
async function asksAnew(put: () => Promise<unknown>): Promise<boolean> {
  known = walks();
  await put();
  return walks() > known;
}

describe('everybody is looked at again', () => {
  it.each([
    ['starts by it', starting, true],
    ['asks for it', asking, true],
    ['does not name it', indifferent, false],
  ])('when a segment has another condition, where a journey %s: %s', async (_, definition, isLooked) => {
    await shop.put('journeys/cart.json', definition);
    expect(await asksAnew(() => shop.put('segments/vip.json', vip({ tag: 'other' })))).toBe(isLooked);
    expect(await asksAnew(() => shop.put('segments/vip.json', { ...vip({ tag: 'other' }), name: 'Renamed' }))).toBe(
      false,
    );
  });

  it.each([
    ['starts by one', starting, true],
    ['only asks for one', asking, false],
  ])('when settings have another time zone, where a journey %s', async (_, definition, isLooked) => {
    await shop.put('journeys/cart.json', definition);
    const zone = (timeZone: string) =>
      shop.put('settings.json', shopFile({ topics: { offers: { kind: 'marketing' } }, shop: { timeZone } }));
    expect(await asksAnew(() => zone('America/New_York'))).toBe(isLooked);
    expect(await asksAnew(() => zone('America/New_York'))).toBe(false);
  });
});

describe('what would break a journey that is live is refused', () => {
  const points = (gte: number) => ({ trait: 'points', gte });

  it('of a segment, by those that name it', async () => {
    await shop.put('journeys/cart.json', starting);
    const timed = await shop.put('segments/vip.json', vip({ trait: 'points', contains: 5 }));
    expect(timed && hasErrors(timed.remarks)).toBe(true);
    shop.deps.published.refresh();
    expect(await shop.deps.published.segments()).toEqual({ vip: { tag: 'vip' } });
    await shop.put('segments/vip.json', vip(points(5)));
    shop.deps.published.refresh();
    expect(await shop.deps.published.segments()).toEqual({ vip: points(5) });
  });

  it('of a journey, by those that count on what it offered', async () => {
    const first = journey({ id: 'first', trigger: { type: 'manual' }, steps: [tag('a')] });
    await shop.put('journeys/first.json', first);
    await shop.put('journeys/cart.json', journey({ steps: [{ type: 'enrol', id: 'on', journey: 'first' }] }));
    expect((await shop.live())?.version).toBe(1);
    const report = await shop.put('journeys/first.json', journey({ id: 'first', steps: [tag('a')] }));
    expect(report?.remarks.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/^The live journey "cart" would break: /),
    );
    expect((await shop.live('first'))?.version).toBe(1);
    // What nobody counts on may change.
    await shop.put('journeys/first.json', { ...first, steps: [tag('b')] });
    expect((await shop.live('first'))?.version).toBe(2);
  });
});

describe('a look of the brand', () => {
  it.each([
    ['that is no JSON', '{'],
    ['that has a comma too many and more', '{ "colours": { "a": "#fff" },, }'],
    ['of an unknown word', { colour: '#fff' }],
  ])('%s is refused, and leaves the one before', async (_, look) => {
    const report = await shop.put('templates/_brand/brand.json', look);
    expect(report && hasErrors(report.remarks)).toBe(true);
  });

  it('a part that is nested too deeply is refused, and says where', async () => {
    const deep = `${'<mj-section>'.repeat(300)}x${'</mj-section>'.repeat(300)}`;
    const report = await shop.put('templates/_brand/footer.mjml', deep);
    expect(report?.remarks).toMatchObject([{ severity: 'error', code: expect.stringMatching(/^E/), line: 1 }]);
  });
});

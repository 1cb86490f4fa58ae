import { beforeEach, describe, expect, it } from 'vitest';
import { hasErrors } from '#shared/publish/remarks.ts';
import { journey, send } from '#test/build/journey.ts';
import { PublishingShop, shopFile, templateFile } from '#test/build/publishing.ts';

const vip = (more: object = {}) => ({ id: 'vip', name: 'Very important', if: { tag: 'vip' }, ...more });
const asking = journey({
  entry: { if: { all: [{ consent: 'offers' }, { segment: 'vip' }] } },
  goal: { if: { event: 'purchase' } },
  steps: [send('first')],
});

let shop: PublishingShop;
beforeEach(async () => {
  shop = new PublishingShop();
  await shop.put('settings.json', shopFile({ traits: { points: 'number' } }));
  await shop.put('templates/hello/email.mjml', templateFile());
});
const segments = () => {
  shop.deps.published.refresh();
  return shop.deps.published.segments();
};

describe('an uploaded segment', () => {
  it('acts at once, and so does its next edit', async () => {
    await shop.put('segments/vip.json', vip());
    expect(await segments()).toEqual({ vip: { tag: 'vip' } });
    await shop.put('segments/vip.json', vip({ if: { trait: 'points', gte: 100 } }));
    expect(await segments()).toEqual({ vip: { trait: 'points', gte: 100 } });
  });

  it('makes a journey live that has waited for it', async () => {
    await shop.put('journeys/cart.json', asking);
    expect(await shop.report('journeys/cart.json')).toContain('There is no segment "vip".');
    await shop.put('segments/vip.json', vip());
    expect(await shop.live()).toMatchObject({ version: 1 });
  });

  it('may come before the one that it names, and before the settings that name it', async () => {
    await shop.put('settings.json', shopFile({ suppress: { segment: 'staff' } }));
    await shop.put('segments/staff.json', { id: 'staff', name: 'Staff', if: { segment: 'vip' } });
    expect(await segments()).toEqual({});
    await shop.put('segments/vip.json', vip());
    expect(Object.keys(await segments()).sort()).toEqual(['staff', 'vip']);
    expect((await shop.deps.published.settings()).suppress).toEqual({ segment: 'staff' });
  });

  it('that is bad leaves the live one, and an older upload does not replace a newer one', async () => {
    const older = shop.upload('segments/vip.json', vip({ if: { tag: 'older' } }));
    await shop.put('segments/vip.json', vip());
    await shop.publish(older);
    await shop.put('segments/vip.json', vip({ if: { trait: 'points', contains: 'x' } }));
    expect(await segments()).toEqual({ vip: { tag: 'vip' } });
    expect(await shop.report('segments/vip.json')).toContain('What was live stays live.');
  });

  it('makes no circle with one that is live', async () => {
    await shop.put('segments/vip.json', vip());
    await shop.put('segments/club.json', { id: 'club', name: 'Club', if: { segment: 'vip' } });
    const said = await shop.put('segments/vip.json', vip({ if: { not: { segment: 'club' } } }));
    expect(said?.remarks.map((r) => `${r.code} ${r.message}`)).toEqual([
      'E16 Segments "club" and "vip" define each other. Take one of them out of the other.',
    ]);
  });

  it('keeps the settings from dropping what it asks about', async () => {
    await shop.put('segments/vip.json', vip({ if: { consent: 'news' } }));
    const news = { offers: { kind: 'marketing' }, news: { kind: 'marketing' } } as const;
    await shop.put('settings.json', shopFile({ topics: news }));
    expect(Object.keys(await segments())).toEqual(['vip']);
    const said = await shop.put('settings.json', shopFile());
    expect(hasErrors(said?.remarks ?? [])).toBe(true);
    expect(await shop.report('settings.json')).toContain(
      '1:1  E49  The segment "vip" would break: There is no topic "news". There are "marketing", "offers", "orders". More are made in settings.json, under "topics".',
    );
  });
});

describe('a journey that names another', () => {
  it('is refused where only a segment of that name waits', async () => {
    await shop.put('segments/club.json', { id: 'club', name: 'Club', if: { segment: 'no-such' } });
    const entry = { if: { all: [{ consent: 'offers' }, { not: { journey: 'club' } }] } };
    await shop.put('journeys/cart.json', { ...asking, entry });
    expect(await shop.report('journeys/cart.json')).toContain('There is no journey "club".');
  });
});

describe('two journeys that keep apart from each other', () => {
  it('go live together, although each names the other', async () => {
    const apart = (id: string, other: string) => ({
      ...asking,
      id,
      entry: { if: { all: [{ consent: 'offers' }, { not: { journey: other } }] } },
    });
    await shop.put('journeys/a.json', apart('a', 'b'));
    expect(await shop.live('a')).toBeUndefined();
    await shop.put('journeys/b.json', apart('b', 'a'));
    expect([await shop.live('a'), await shop.live('b')]).toMatchObject([{ version: 1 }, { version: 1 }]);
  });
});

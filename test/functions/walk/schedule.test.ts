import { describe, expect, it } from 'vitest';
import { calendarWrites } from '#functions/publish/calendar.ts';
import type { Journey } from '#shared/journey/journey.ts';
import { loadCatalogue } from '#shared/store/journeys.ts';
import { walkKey } from '#shared/store/keys.ts';
import { loadSegments, putSegments } from '#shared/store/segments.ts';
import { SCHEDULE } from '#shared/store/walks.ts';
import { event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, wait } from '#test/build/journey.ts';
import { settings } from '#test/build/settings.ts';

const MINUTE = 60_000;
type Given = { at: string; zone?: string; every?: 'P1W'; on?: 'wed'[] };
const letter = (trigger: Given) =>
  journey({ id: 'letter', trigger: { type: 'schedule', segment: 'readers', ...trigger }, steps: [wait('w')] });

/** Ann reads and lives in Warsaw, Joe reads and lives in New York, Bob does not read. */
async function open(definition: Journey): Promise<HandShop> {
  const shop = await HandShop.open([definition]);
  const definitionOfReaders = { id: 'readers', name: 'Readers', if: { trait: 'reads', is: true } };
  const stored = await loadSegments(shop.table);
  await shop.table.write(
    putSegments({ ...stored, segments: { readers: { definition: definitionOfReaders, sequencer: '1' } } }),
  );
  shop.deps.published.refresh();
  const tells = (name: string, traits: object) =>
    shop.enrol(event('registration', { identities: { email: `${name}@shop.example` }, traits: { ...traits } }));
  await tells('ann', { reads: true });
  await tells('joe', { reads: true, timeZone: 'America/New_York' });
  await tells('bob', { reads: false });
  await publish(shop, definition);
  return shop;
}

async function publish(shop: HandShop, definition: Journey): Promise<void> {
  const next = (await loadCatalogue(shop.table)).journeys[definition.id];
  if (!next) throw new Error('not live');
  const writes = calendarWrites(definition, next, undefined, settings(), shop.clock.now());
  if (writes.length > 0) await shop.table.transact(writes);
}

/** Lets time go to a moment, with review and walk in each quarter of an hour. */
async function goTo(shop: HandShop, moment: string): Promise<void> {
  while (shop.clock.now() < moment) {
    shop.clock.pass(Math.min(15 * MINUTE, Date.parse(moment) - Date.parse(shop.clock.now())));
    await shop.review();
    await shop.review();
    await shop.walk();
  }
}

const inside = async (shop: HandShop) => {
  const names = ['ann', 'joe', 'bob'];
  const all = await Promise.all(names.map((name) => shop.passages(`${name}@shop.example`)));
  return names.filter((_, i) => (all[i]?.length ?? 0) > 0);
};

describe('a broadcast', () => {
  it('reaches each reader at that hour of their own clock, and nobody else', async () => {
    const shop = await open(letter({ at: '2026-03-04T10:00' }));
    await goTo(shop, '2026-03-04T08:45:00.000Z');
    expect(await inside(shop)).toEqual([]);
    await goTo(shop, '2026-03-04T09:00:00.000Z');
    expect(await inside(shop)).toEqual(['ann']);
    await goTo(shop, '2026-03-04T15:00:00.000Z');
    expect(await inside(shop)).toEqual(['ann', 'joe']);
    expect(await shop.passages('ann@shop.example')).toMatchObject([
      { key: '2026-03-04', trigger: { type: 'schedule', data: { date: '2026-03-04', segment: 'readers' } } },
    ]);
    expect(await shop.table.get(walkKey('letter', SCHEDULE))).toBeUndefined();
  });

  it('asks who reads at that very moment', async () => {
    const shop = await open(letter({ at: '2026-03-04T10:00' }));
    await goTo(shop, '2026-03-04T08:00:00.000Z');
    const at = shop.clock.now();
    await shop.enrol(event('changed', { at, traits: { reads: false } }));
    await shop.enrol(event('changed', { at, identities: { email: 'bob@shop.example' }, traits: { reads: true } }));
    await goTo(shop, '2026-03-04T16:00:00.000Z');
    expect(await inside(shop)).toEqual(['joe', 'bob']);
  });

  it('at one moment for all goes to all at once', async () => {
    const shop = await open(letter({ at: '2026-03-04T10:00', zone: 'shop' }));
    await goTo(shop, '2026-03-04T09:00:00.000Z');
    expect(await inside(shop)).toEqual(['ann', 'joe']);
  });

  it('that is published after the hour of some leaves them out', async () => {
    const shop = await open(letter({ at: '2026-03-02T09:30' }));
    await goTo(shop, '2026-03-03T12:00:00.000Z');
    expect(await inside(shop)).toEqual(['joe']);
  });

  it('that comes again does so, a passage each time', async () => {
    const shop = await open(letter({ at: '10:00', every: 'P1W', on: ['wed'] }));
    await goTo(shop, '2026-03-11T16:00:00.000Z');
    expect((await shop.passages('joe@shop.example')).map(({ key }) => key)).toEqual(['2026-03-04', '2026-03-11']);
    expect(await inside(shop)).toEqual(['ann', 'joe']);
  });

  it('walked twice, or reviewed twice, reaches nobody twice', async () => {
    const shop = await open(letter({ at: '2026-03-04T10:00', zone: 'shop' }));
    await goTo(shop, '2026-03-04T09:00:00.000Z');
    await publish(shop, letter({ at: '2026-03-04T10:00', zone: 'shop' }));
    await goTo(shop, '2026-03-04T12:00:00.000Z');
    expect(await shop.passages('ann@shop.example')).toHaveLength(1);
  });
});

import { describe, expect, it } from 'vitest';
import { calendarWrites } from '#functions/publish/calendar.ts';
import type { Event } from '#shared/event/event.ts';
import type { Journey } from '#shared/journey/journey.ts';
import { loadCatalogue, putCatalogue } from '#shared/store/journeys.ts';
import { appointmentKey, walkKey } from '#shared/store/keys.ts';
import { emailHash } from '#shared/store/profiles.ts';
import { event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, wait } from '#test/build/journey.ts';
import { settings } from '#test/build/settings.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const birthday = journey({
  trigger: { type: 'date', trait: 'birthday', every: 'P1Y', before: 'P7D', at: '10:00' },
  steps: [wait('w')],
});
const tells = (traits: Event['traits'], more: Partial<Event> = {}) => event('registration', { traits, ...more });

/** Lets time go to a moment, with review in each of its hours. */
async function goTo(shop: HandShop, moment: string): Promise<void> {
  while (shop.clock.now() < moment) {
    shop.clock.pass(Math.min(HOUR, Date.parse(moment) - Date.parse(shop.clock.now())));
    await shop.review();
  }
}

/** What publish writes beside a version that goes live now. */
async function publish(shop: HandShop, definition: Journey): Promise<void> {
  const next = (await loadCatalogue(shop.table)).journeys[definition.id];
  if (!next) throw new Error('not live');
  const writes = calendarWrites(definition, next, undefined, settings(), shop.clock.now());
  if (writes.length > 0) await shop.table.transact(writes);
}

const due = async (shop: HandShop) =>
  (await shop.table.get(appointmentKey((await shop.contact()).contact, 'cart', '')))?.['due'];

describe('a date that starts a journey', () => {
  it('does so at its moment, each year anew, and says which it is', async () => {
    const shop = await HandShop.open([birthday]);
    await shop.enrol(tells({ birthday: '1990-03-12' }));
    await goTo(shop, '2026-03-05T08:59:59.000Z');
    expect(await shop.passages()).toEqual([]);
    await goTo(shop, '2026-03-05T09:00:00.000Z');
    expect(await shop.passages()).toMatchObject([
      { key: '2026-03-12', trigger: { type: 'date', data: { date: '2026-03-12', count: 36 } } },
    ]);
    expect(shop.executions.started).toHaveLength(1);
    await shop.leg().run();
    expect(await due(shop)).toBe('2027-03-05T09:00:00.000Z');
  });

  it('follows the trait, earlier and later, and forgets it when it is gone', async () => {
    const shop = await HandShop.open([birthday]);
    await shop.enrol(tells({ birthday: '1990-03-12' }));
    await shop.enrol(tells({ birthday: '1990-05-20' }, { at: '2026-03-02T09:00:01.000Z' }));
    expect(await due(shop)).toBe('2026-05-13T08:00:00.000Z');
    await shop.enrol(tells({ timeZone: 'America/New_York' }, { at: '2026-03-02T09:00:02.000Z' }));
    expect(await due(shop)).toBe('2026-05-13T14:00:00.000Z');
    await shop.enrol(tells({ birthday: null }, { at: '2026-03-02T09:00:03.000Z' }));
    expect(await due(shop)).toBeUndefined();
    await goTo(shop, '2026-03-06T09:00:00.000Z');
    expect(await shop.passages()).toEqual([]);
  });

  it('asks the entry rule at that moment, and comes again next year for whom it refuses', async () => {
    const asked = journey({ ...birthday, entry: { if: { tag: 'vip' } } });
    const shop = await HandShop.open([asked]);
    await shop.enrol(tells({ birthday: '1990-03-12' }));
    await goTo(shop, '2026-03-05T10:00:00.000Z');
    expect(await shop.passages()).toEqual([]);
    expect(await due(shop)).toBe('2027-03-05T09:00:00.000Z');
  });

  it('that comes once is over after it', async () => {
    const passport = journey({
      trigger: { type: 'date', trait: 'validTo', before: 'P1M', at: '10:00' },
      steps: [wait('w')],
    });
    const shop = await HandShop.open([passport]);
    await shop.enrol(tells({ validTo: '2026-04-03' }));
    await goTo(shop, '2026-03-03T10:00:00.000Z');
    expect(await shop.passages()).toHaveLength(1);
    expect(await due(shop)).toBeUndefined();
    await shop.enrol(tells({ validTo: '2020-01-01' }, { identities: { email: 'bob@shop.example' } }));
    await goTo(shop, '2026-03-04T10:00:00.000Z');
    expect(await shop.passages('bob@shop.example')).toEqual([]);
  });

  it('is found by a walk for those who told it before the journey was there', async () => {
    const shop = await HandShop.open([]);
    await shop.enrol(tells({ birthday: '1990-03-12' }));
    const later = await HandShop.open([birthday]);
    await later.enrol(tells({ name: 'none' }, { identities: { email: 'bob@shop.example' } }));
    for (const row of [...(await rowsOf(shop))]) await later.table.write({ kind: 'put', row });
    await publish(later, birthday);
    await later.review();
    expect(later.walking.bodies).toHaveLength(16);
    await later.walk();
    expect(await due(later)).toBe('2026-03-05T09:00:00.000Z');
    const row = await later.table.get(walkKey('cart', 'dates#1'));
    expect(row).not.toHaveProperty('due');
    later.clock.pass(DAY);
    await later.review();
    expect(later.walking.bodies).toEqual([]);
  });
});

async function rowsOf(shop: HandShop) {
  const { contact } = await shop.contact();
  const rows = await shop.table.query({ pk: `C#${contact}` });
  const identity = await shop.table.query({ pk: `I#email#${emailHash('ann@shop.example')}` });
  return [...rows, ...identity];
}

describe('a quiet time that began before its journey', () => {
  const inactive = (more: object = {}) =>
    journey({ trigger: { type: 'event', event: 'page.viewed', quietFor: 'P30D', ...more }, steps: [wait('w')] });
  /** Ann was last seen so many days before the journey was published. */
  async function seen(daysAgo: number, definition: Journey): Promise<HandShop> {
    const shop = await HandShop.open([{ ...definition, status: 'closing' }]);
    await shop.enrol(
      event('page.viewed', {
        at: new Date(Date.parse(shop.clock.now()) - daysAgo * DAY).toISOString(),
        historic: true,
      }),
    );
    await reopen(shop, definition);
    await publish(shop, definition);
    await shop.review();
    await shop.walk();
    return shop;
  }

  it('ends when it would have ended', async () => {
    const shop = await seen(10, inactive());
    await goTo(shop, '2026-03-22T08:00:00.000Z');
    expect(await shop.passages()).toEqual([]);
    await goTo(shop, '2026-03-22T10:00:00.000Z');
    expect(await shop.passages()).toHaveLength(1);
  });

  it('that is over already counts only where the journey takes those too', async () => {
    const without = await seen(40, inactive());
    await goTo(without, '2026-03-02T11:00:00.000Z');
    expect(await without.passages()).toEqual([]);
    const withThem = await seen(40, inactive({ existing: true }));
    await goTo(withThem, '2026-03-02T11:00:00.000Z');
    expect(await withThem.passages()).toHaveLength(1);
  });

  it('counts from the last event that matches', async () => {
    const shop = await seen(40, inactive({ existing: true, where: { data: 'total', gt: 5 } }));
    await goTo(shop, '2026-03-02T11:00:00.000Z');
    expect(await shop.passages()).toEqual([]);
  });
});

async function reopen(shop: HandShop, definition: Journey): Promise<void> {
  const catalogue = await loadCatalogue(shop.table);
  const known = catalogue.journeys[definition.id];
  if (!known) throw new Error('unknown');
  const journeys = { ...catalogue.journeys, [definition.id]: { ...known, status: 'live' as const } };
  await shop.table.write(putCatalogue({ ...catalogue, journeys }));
  shop.deps.published.refresh();
}

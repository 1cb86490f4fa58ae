import { describe, expect, it } from 'vitest';
import { enrol } from '#functions/enrol/enrol.ts';
import { INSIDE_MARKETING } from '#shared/contact/profile.ts';
import { Conflict } from '#shared/errors.ts';
import { profileKey } from '#shared/store/keys.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { consent, event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, wait } from '#test/build/journey.ts';
import { settings } from '#test/build/settings.ts';
import { meanwhile } from '#test/build/table.ts';

const AT = '2026-03-02T09:00:00.000Z';
const DAY = 86_400_000;
const cart = journey({ steps: [wait('w')] });

describe('of an event is counted', () => {
  it('nothing where all goes well', async () => {
    const shop = await HandShop.open([cart]);
    expect(
      await shop.enrol(event('cart.updated', { consents: [consent('offers', AT), consent('marketing', AT)] })),
    ).toBe('recorded');
    expect(shop.metrics.counted).toEqual([]);
  });

  it('what the profile keeps out, and of how many topics nobody knows', async () => {
    const shop = await HandShop.open([], settings({ traits: { points: 'number' } }));
    const traits = { points: 'many', 'purchases.total': 5, city: 'Warsaw' };
    const consents = ['offers', 'tea', 'beans', 'constructor'].map((topic) => consent(topic, AT));
    await shop.enrol(event('registration', { traits, consents }));
    expect(shop.metrics.counted).toEqual([
      ['TraitsKeptOut', 2],
      ['ConsentUnknownTopic', 3],
    ]);
    // A topic may come later.
    expect(Object.keys((await shop.contact()).consents['email'] ?? {})).toContain('tea');
  });

  it('that somebody may not enter, which journey and why', async () => {
    const shop = await HandShop.open([cart]);
    for (const _ of [1, 2]) await shop.enrol(event('cart.updated'));
    expect(shop.metrics.counted).toEqual([['EntryRefused', 1, { journey: 'cart', reason: 'inside' }]]);
  });

  it('for an alarm, that somebody is in too many journeys to enter one', async () => {
    const shop = await HandShop.open([cart]);
    await shop.enrol(event('registration'));
    const { contact } = await shop.contact();
    const inside = Object.fromEntries(Array.from({ length: INSIDE_MARKETING }, (_, i) => [`cart#k${i}#1`, 1]));
    const change = { set: [[['inside'], inside] as const] };
    await shop.table.write({ kind: 'update', key: profileKey(contact), change });
    await shop.enrol(event('cart.updated'));
    expect(shop.metrics.counted).toEqual([
      ['EntryRefused', 1, { journey: 'cart', reason: 'too-many' }],
      ['TooManyPassages', 1, { journey: 'cart' }],
    ]);
  });
});

describe('an event is parked', () => {
  const parked = async (given: object, retention: object = {}) => {
    const shop = await HandShop.open([]);
    const one = event('purchase', { at: AT, ...given });
    return enrol(one, { ...shop.deps, retention: { ...shop.deps.retention, ...retention } });
  };

  it.each<[string, object, object, string]>([
    ['that has come through five journeys', { hops: 5 }, {}, 'recorded'],
    ['that has come through more', { hops: 6 }, {}, 'parked'],
    ['that is as old as receipts are kept', { at: plusMillis(AT, -35 * DAY) }, {}, 'recorded'],
    ['that is older', { at: plusMillis(AT, -35 * DAY - 1) }, {}, 'parked'],
    ['of history', { at: plusMillis(AT, -900 * DAY), historic: true }, {}, 'recorded'],
    [
      'that is older where receipts stay for ever',
      { at: plusMillis(AT, -900 * DAY) },
      { receiptDays: undefined },
      'recorded',
    ],
  ])('or not: %s', async (_, given, retention, as) => {
    expect(await parked(given, retention)).toBe(as);
  });
});

it('an event that meets other writers again and again is left to the queue, after a while', async () => {
  const shop = await HandShop.open([cart]);
  const began = Date.parse(shop.clock.now());
  let tries = 0;
  const busy = meanwhile(shop.table, () => {
    tries += 1;
    throw new Conflict('busy');
  });
  const one = event('cart.updated');
  await expect(shop.enrol(one, { table: busy })).rejects.toThrow(`event ${one.id} met other writers 8 times`);
  expect(tries).toBe(8);
  expect(Date.parse(shop.clock.now()) - began).toBe(20 * (2 ** 8 - 1));
  expect(shop.executions.started).toEqual([]);
});

it('a failure of another kind is no reason to try again', async () => {
  const shop = await HandShop.open([cart]);
  let tries = 0;
  const broken = meanwhile(shop.table, () => {
    tries += 1;
    throw new Error('no route');
  });
  await expect(shop.enrol(event('cart.updated'), { table: broken })).rejects.toThrow('no route');
  expect(tries).toBe(1);
});

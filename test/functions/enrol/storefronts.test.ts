import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Event } from '#shared/event/event.ts';
import { type Read, readFacts, type Told } from '#shared/source/source.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import * as shopify from '#test/build/shopify.ts';
import * as shopifyLife from '#test/build/shopify-life.ts';
import * as woocommerce from '#test/build/woocommerce.ts';
import * as woocommerceLife from '#test/build/woocommerce-life.ts';

/** Who lives: their deliveries in the order of what happened, and the address that they have in the end. */
type Life = {
  readonly deliveries: readonly { readonly topic: string; readonly body: object }[];
  readonly orders: number;
  readonly email: string;
};

const HOUR = 3600;
/** Most waits are none: a second is what storefronts count by, and much happens within one. */
const waits = fc.oneof(fc.constant(0), fc.nat(5), fc.nat(30 * HOUR));
const turnsOf = <T extends string>(kinds: readonly T[]) =>
  fc.array(fc.record({ what: fc.constantFrom(...kinds), wait: waits, pick: fc.nat(9) }), {
    maxLength: 20,
    size: 'max',
  });

const STOREFRONTS = {
  shopify: {
    told: shopify.told as (topic: string, body: unknown) => Told,
    life: fc
      .tuple(turnsOf(shopifyLife.TURNS), fc.boolean())
      .map(([turns, isLean]) => shopifyLife.lifeOf(turns, isLean)),
  },
  woocommerce: {
    told: woocommerce.told as (topic: string, body: unknown) => Told,
    life: turnsOf(woocommerceLife.TURNS).map(woocommerceLife.lifeOf),
  },
};
const NAMES = ['shopify', 'woocommerce'] as const;

const factsOf = (name: (typeof NAMES)[number], life: Life): Read[] =>
  life.deliveries.map(({ topic, body }) => {
    const told = STOREFRONTS[name].told(topic, body);
    return readFacts('facts' in told ? told.facts : [], name);
  });

/** Each at least once, some again, in whatever order. */
const arrivals = (life: Life): fc.Arbitrary<number[]> => {
  const all = life.deliveries.map((_, i) => i);
  return fc
    .array(fc.nat(all.length - 1), { maxLength: all.length })
    .chain((again) => fc.shuffledSubarray([...all, ...again], { minLength: all.length + again.length }));
};

/** What Tropa makes of it: one person, in however many parts they were met, and by whichever address they have in the end. */
async function lived({ email }: Life, reads: readonly Read[], order: readonly number[]) {
  const shop = await HandShop.open([]);
  for (const i of order) for (const event of reads[i]?.events ?? []) await shop.enrol(event);
  const { contact, rev, aka, ...profile } = await shop.contact(email);
  const rows = await Promise.all([contact, ...aka].map((part) => shop.table.query({ pk: `C#${part}`, prefix: 'E#' })));
  const events = rows.flat().map(({ id, type, at, data }) => ({ id: String(id), type, at, data }));
  return { profile, events: events.sort((a, b) => (a.id < b.id ? -1 : 1)) };
}

describe.each(NAMES)('a life at %s', (name) => {
  const { life } = STOREFRONTS[name];

  it('is the same events whichever deliveries tell of them, and none that cannot be read', () => {
    fc.assert(
      fc.property(life, (one) => {
        const known = new Map<string, Event>();
        for (const { events, rejected } of factsOf(name, one)) {
          expect(rejected).toEqual([]);
          for (const event of events) expect(event).toEqual(known.get(event.id) ?? event);
          for (const event of events) known.set(event.id, event);
        }
        expect([...known.values()].filter(({ type }) => type === 'purchase')).toHaveLength(one.orders);
      }),
      { numRuns: 300 },
    );
  });

  it('ends in the same profile, however often and in whatever order its deliveries come', async () => {
    const cases = life.chain((one) => fc.tuple(fc.constant(one), arrivals(one)));
    await fc.assert(
      fc.asyncProperty(cases, async ([one, order]) => {
        const reads = factsOf(name, one);
        const inOrder = await lived(one, reads, [...reads.keys()]);
        expect(await lived(one, reads, order)).toEqual(inOrder);
        expect(inOrder.profile.traits['purchases.count'] ?? 0).toBe(one.orders);
      }),
      { numRuns: 100 },
    );
  });
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Profile } from '#shared/contact/profile.ts';
import { legInputSchema } from '#shared/enrolment/enrolment.ts';
import type { Event, Identities } from '#shared/event/event.ts';
import { loadDoors, loadEnrolments } from '#shared/store/enrolments.ts';
import { dirShard } from '#shared/store/keys.ts';
import { partsOf } from '#shared/store/profiles.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { contactOf } from '#test/build/contact-of.ts';
import { consent, event } from '#test/build/event.ts';
import { type HandLeg, HandShop } from '#test/build/hand-shop.ts';
import { journey, send, tag, wait, waitFor } from '#test/build/journey.ts';
import { settings } from '#test/build/settings.ts';
import { type Fault, FaultyTable } from '#test/faults/table.ts';

const RUNS = 60;
const DAY = 86_400_000;
const X = { externalId: '1' };
const NAMES: readonly Identities[] = [
  { email: 'a@shop.example' },
  { email: 'b@shop.example' },
  { phone: '+4812345' },
  { anonymousId: 'x' },
  { anonymousId: 'y' },
  { device: 'd' },
];
/** Each name of theirs is once said together with their number: without it nobody could know. */
const LINKS = NAMES.map((name) => ({ ...X, ...name }));
const journeys = [
  journey({
    entry: { again: { after: 'PT1M' } },
    steps: [
      waitFor('paid', { event: 'purchase' }, { upTo: 'P1D', then: [send('thanks'), wait('a-while')] }),
      tag('end'),
    ],
  }),
  journey({ id: 'buys', trigger: { type: 'event', event: 'purchase' }, steps: [send('hello'), wait('rest', 'P2D')] }),
];
const given = settings({
  traits: { spent: { event: 'purchase', sum: 'total' }, best: { event: 'purchase', max: 'total' } },
});

const START = '2026-03-02T09:00:00.000Z';
const anyWho = fc
  .tuple(fc.constantFrom<Identities>({}, {}, {}, X), fc.subarray([...NAMES], { minLength: 1, maxLength: 2 }))
  .map(([x, names]): Identities => Object.assign({}, x, ...names));
const anySaid = fc.record({
  type: fc.constantFrom('page.viewed', 'cart.updated', 'purchase', 'registration'),
  minute: fc.integer({ min: 0, max: 300 }),
  total: fc.integer({ min: 1, max: 9 }),
  tier: fc.option(fc.constantFrom('a', 'b', null), { nil: undefined }),
  word: fc.option(fc.constantFrom('granted' as const, 'denied' as const), { nil: undefined }),
});
type Said = typeof anySaid extends fc.Arbitrary<infer S> ? S : never;

function eventOf(identities: Identities, { type, minute, total, tier, word }: Said, n: number): Event {
  const at = plusMillis(START, -minute * 60_000);
  return event(type, {
    id: `e${n}`,
    at,
    identities,
    data: { total },
    ...(tier !== undefined && { traits: { tier } }),
    ...(word && { consents: [consent('offers', at, word)] }),
  });
}

/** A cart says of no browser whose it is. */
const surelySaid = (said: Said | undefined): Said | undefined =>
  said?.type === 'cart.updated' ? { ...said, type: 'registration' } : said;

const shuffled = (all: number[]) => fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length });
const anyStory = fc
  .tuple(
    fc.array(fc.tuple(anyWho, anySaid), { minLength: 4, maxLength: 9, size: 'max' }),
    fc.array(anySaid, { minLength: 6, maxLength: 6 }),
  )
  .chain(([some, links]) => {
    const all = [...some, ...LINKS.map((who, i) => [who, surelySaid(links[i])] as const)];
    const events = all.flatMap(([who, said], n) => (said ? [eventOf(who, said, n)] : []));
    const twice = events.flatMap((_, i) => [i, i]);
    // Mostly they have done some things before anybody could know that it was them.
    const first = shuffled(some.map((_, i) => i));
    const order = fc.tuple(fc.oneof(first, first, fc.constant([])), shuffled(twice)).map(([a, b]) => [...a, ...b]);
    return fc.tuple(fc.constant(events), order);
  });
const anyFault = fc.option(fc.constantFrom<Fault>('conflict', 'lost', 'crash-before', 'crash-after'), {
  freq: 5,
  nil: undefined,
});

/** Until it is recorded, whatever befalls those who try. */
async function insist(shop: HandShop, table: FaultyTable, one: Event): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      await shop.enrol(one, { table });
      return;
    } catch (error) {
      if (attempt === 60) throw error;
      table.restart();
    }
  }
}

async function run(leg: HandLeg): Promise<void> {
  if (!leg.isPaused) await leg.run();
}

/** Everything that they have done, in some order, some of it at a time; passages go on meanwhile. */
async function live(events: readonly Event[], order: readonly number[], faults: readonly (Fault | undefined)[] = []) {
  const shop = await HandShop.open(journeys, given);
  let writes = 0;
  const table = new FaultyTable(shop.table, ({ write }) => {
    if (write === undefined) return undefined;
    writes += 1;
    return faults[writes];
  });
  const legs: HandLeg[] = [];
  for (let at = 0; at < order.length; at += 2) {
    const some = order.slice(at, at + 2).flatMap((i) => events[i] ?? []);
    const parts = faults.length > 0 ? some.map((one) => insist(shop, table, one)) : some.map((one) => shop.enrol(one));
    const going = legs.filter((_, i) => (i + at) % 3 === 0).map(run);
    await Promise.all([...parts, ...going, shop.send()]);
    legs.push(...shop.legs().slice(legs.length));
    shop.clock.pass(20_000);
  }
  return { shop, legs };
}

async function toTheEnd(shop: HandShop, legs: readonly HandLeg[]): Promise<void> {
  for (let i = 0; i < 6; i += 1) {
    shop.clock.pass(DAY);
    await shop.review();
    for (const leg of [...legs, ...shop.legs().slice(legs.length)]) {
      if (leg.isPaused && leg.timeOut()) await leg.advance({ timedOut: true });
      await run(leg);
    }
  }
}

/** What is known of them, without what tells of how it came to be known. */
function known({
  contact: _,
  rev: __,
  aka: ___,
  tags: ____,
  inside: _____,
  watching: ______,
  consents: _______,
  ...rest
}: Profile) {
  return rest;
}

/**
 * Whose word stands hangs on when it became known that they are one: between two who are not yet, a refusal stands. But a
 * yes never counts that is not the last word, nor a no that nobody said.
 */
function expectStricter({ consents }: Profile, events: readonly Event[]): void {
  const words = events.flatMap((one) => one.consents ?? []).toSorted((a, b) => (a.at < b.at ? -1 : 1));
  const last = words.filter(({ at }) => at === words.at(-1)?.at).map(({ state }) => state);
  const state = consents['email']?.['offers']?.state;
  const all = words.map((word) => word.state);
  if (state === 'granted') expect(last).not.toContain('denied');
  else expect(all.includes('denied') ? 'denied' : undefined).toBe(state);
}

async function listed(shop: HandShop): Promise<string[]> {
  const shards = Array.from({ length: 256 }, (_, i) =>
    shop.table.queryIndex({ index: 'directory', pk: dirShard(i), limit: 10 }),
  );
  return (await Promise.all(shards)).flat().map(({ pk }) => pk);
}

it('whatever one person does, in any order, twice and through faults, ends in one contact of whom the same is known', async () => {
  const met = { merged: 0, left: 0, mails: 0 };
  await fc.assert(
    fc.asyncProperty(anyStory, fc.array(anyFault, { maxLength: 30, size: 'max' }), async ([events, order], faults) => {
      const inTime = events.map((_, i) => i).sort((a, b) => ((events[a]?.at ?? '') < (events[b]?.at ?? '') ? -1 : 1));
      const { shop: orderly } = await live(events, inTime);
      const { shop, legs } = await live(events, order, faults);
      const one = await contactOf(shop, X);
      for (const name of NAMES) expect((await contactOf(shop, name)).contact).toBe(one.contact);
      expect(await listed(shop)).toEqual([`C#${one.contact}`]);
      expect(known(one)).toEqual(known(await contactOf(orderly, X)));
      expectStricter(one, events);

      await toTheEnd(shop, legs);
      const refs = shop.executions.started.map(({ input }) => legInputSchema.parse(input));
      // A passage may have had several legs.
      const byId = new Map((await loadEnrolments(shop.table, refs)).map((passage) => [passage.id, passage]));
      const passages = [...byId.values()];
      met.merged += shop.metrics.counts['ContactsMerged'] ?? 0;
      met.left += passages.filter(({ outcome }) => outcome === 'merged').length;
      expect(passages.filter(({ state }) => state === 'inside')).toEqual([]);
      const after = await contactOf(shop, X);
      expect(after.inside).toEqual({});
      const doors = await loadDoors(shop.table, partsOf(after), [
        { journey: 'cart', key: '' },
        { journey: 'buys', key: '' },
      ]);
      const mails = shop.mailer.mails.map(({ tags }) => tags['message']);
      expect(new Set(mails).size).toBe(mails.length);
      met.mails += mails.length;
      for (const [i, id] of ['cart', 'buys'].entries()) {
        const through = passages.filter((passage) => passage.journey === id);
        const counted = Object.fromEntries(Object.entries(doors[i]?.outcomes ?? {}).map(([name, { n }]) => [name, n]));
        const sums = Object.fromEntries(
          [...Map.groupBy(through, ({ outcome, state }) => outcome ?? state)].map(([name, all]) => [name, all.length]),
        );
        expect(counted).toEqual(sums);
        expect(doors[i]?.entries ?? 0).toBe(through.length);
      }
    }),
    { numRuns: RUNS, seed: 59, endOnFailure: true },
  );
  expect(met.merged).toBeGreaterThan(RUNS);
  expect(met.mails).toBeGreaterThan(RUNS / 4);
  expect(met.left).toBeGreaterThan(RUNS / 10);
}, 60_000);

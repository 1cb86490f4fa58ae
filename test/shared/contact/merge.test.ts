import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinConsents } from '#shared/contact/consents.ts';
import { fold } from '#shared/contact/fold.ts';
import { inOrderOfAge, merged } from '#shared/contact/merge.ts';
import type { Profile } from '#shared/contact/profile.ts';
import type { Event } from '#shared/event/event.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { consent, event } from '#test/build/event.ts';
import { consents, profile } from '#test/build/profile.ts';
import { settings } from '#test/build/settings.ts';

const given = settings({
  traits: {
    spent: { event: 'purchase', sum: 'total' },
    least: { event: 'purchase', min: 'total' },
    most: { event: 'purchase', max: 'total' },
    first: { event: 'purchase', first: 'total' },
    newest: { event: 'purchase', last: 'total' },
    orders: { event: 'purchase' },
  },
});
const START = '2026-03-02T09:00:00.000Z';

const anyEvent = fc
  .record({
    type: fc.constantFrom('purchase', 'page.viewed', 'cart.updated', 'registration'),
    minute: fc.integer({ min: 0, max: 50 }),
    total: fc.integer({ min: -9, max: 9 }),
    traits: fc.dictionary(fc.constantFrom('tier', 'name', 'loyalty.points'), fc.constantFrom('a', 'b', 3, null), {
      noNullPrototype: true,
    }),
    email: fc.constantFrom('a@shop.example', 'b@shop.example'),
    word: fc.option(fc.constantFrom('granted' as const, 'denied' as const, 'unknown' as const)),
    topic: fc.constantFrom('offers', 'marketing'),
  })
  .map(({ type, minute, total, traits, email, word, topic }) => {
    const at = plusMillis(START, minute * 60_000);
    const said = word ? { consents: [consent(topic, at, word)] } : {};
    return event(type, { at, traits, identities: { email }, data: { total }, ...said });
  });

const folded = (events: readonly Event[], contact: string): Profile | undefined =>
  events.reduce<Profile | undefined>((before, one) => fold(before, one, contact, given).profile, undefined);

describe('two profiles that become one', () => {
  it('say what one contact would know who had done all of it', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anyEvent, fc.boolean()), { minLength: 2, maxLength: 14 }), (all) => {
        const [a, b] = [true, false].map((side) => all.flatMap(([one, of]) => (of === side ? [one] : [])));
        const [one, other] = [folded(a ?? [], 'a'), folded(b ?? [], 'b')];
        if (!one || !other) return;
        const { into, from } = inOrderOfAge(one, other);
        const whole = folded(
          all.map(([one]) => one),
          into.contact,
        );
        const { consents: said, ...known } = merged(into, from, given, START).profile;
        const { consents: words = {}, ...rest } = whole ?? {};
        expect({ ...known, rev: 0, aka: [] }).toEqual({ ...rest, rev: 0 });
        for (const topic of ['offers', 'marketing']) {
          const states = [one, other].map(({ consents }) => consents['email']?.[topic]?.state);
          const stands = states.includes('denied') ? 'denied' : words['email']?.[topic]?.state;
          expect(said['email']?.[topic]?.state).toBe(stands);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('are called by the older, and count who either was', () => {
    const [older, younger] = [
      profile({ contact: 'o', aka: ['x'] }),
      profile({ contact: 'y', createdAt: START, aka: ['z'] }),
    ];
    expect(inOrderOfAge(younger, older)).toEqual({ into: older, from: younger });
    expect(merged(older, younger, given, START).profile.aka).toEqual(['x', 'y', 'z']);
    const twins = [profile({ contact: 'b' }), profile({ contact: 'a' })] as const;
    expect(inOrderOfAge(...twins).into.contact).toBe('a');
  });

  it.each([
    ['granted', 'denied', 'denied'],
    ['denied', 'granted', 'denied'],
    ['granted', 'granted', 'granted'],
  ] as const)('hold to the stricter of two consents of one moment: %s and %s', (a, b, stands) => {
    const said = (state: 'granted' | 'denied') => ({ consents: consents({ email: { offers: state } }) });
    const one = merged(profile(said(a)), profile({ contact: 'c2', ...said(b) }), given, START);
    expect(one.profile.consents['email']?.['offers']?.state).toBe(stands);
  });

  it.each([
    ['a no of one, and a later yes of the other', { state: 'denied', at: 1 }, { state: 'granted', at: 2 }],
    ['a yes of one, and an earlier no of the other', { state: 'granted', at: 2 }, { state: 'denied', at: 1 }],
  ] as const)('have refused: %s; a yes counts that comes after both', (_, a, b) => {
    const at = (minute: number) => plusMillis(START, minute * 60_000);
    const side = (contact: string, word: typeof a | typeof b) =>
      profile({ contact, consents: { email: { offers: { ...word, at: at(word.at), source: 'x', event: contact } } } });
    const one = merged(side('a', a), side('b', b), given, START).profile;
    expect(one.consents['email']?.['offers']).toMatchObject({ state: 'denied', at: at(1), holdsTo: at(2) });
    const next = (minute: number) =>
      fold(one, event('newsletter', { consents: [consent('offers', at(minute))] }), 'a', given).profile.consents;
    expect(next(2)['email']?.['offers']?.state).toBe('denied');
    expect(next(3)['email']?.['offers']).toEqual(expect.objectContaining({ state: 'granted', at: at(3) }));
  });

  it('have refused what any of three has refused, whichever two become one first', () => {
    const word = fc.record({
      state: fc.constantFrom('granted', 'denied', 'unknown'),
      at: fc.integer({ min: 0, max: 3 }),
    });
    fc.assert(
      fc.property(fc.tuple(word, word, word), (words) => {
        const [a, b, c] = words.map(({ state, at }, i) => ({
          email: { offers: { state, at: plusMillis(START, at * 60_000), source: 'x', event: `e${i}` } },
        }));
        if (!a || !b || !c) return;
        const join = (x: Profile['consents'], y: Profile['consents']) => joinConsents(x, y, []);
        const all = join(join(a, b), c);
        expect(all['email']?.['offers']?.state === 'denied').toBe(words.some(({ state }) => state === 'denied'));
        for (const other of [join(a, join(b, c)), join(join(c, a), b)]) expect(other).toEqual(all);
      }),
    );
  });

  it('name passages of the other with its contact, and those that it had from others with theirs', () => {
    const into = profile({ inside: { 'j#k#1': 1 } });
    const from = profile({ contact: 'f', inside: { 'j#k#1': 2, 'j##3@g': 3 }, tags: ['b'] });
    const { inside, tags } = merged({ ...into, tags: ['c'] }, from, given, START).profile;
    expect(inside).toEqual({ 'j#k#1': 1, 'j#k#1@f': 2, 'j##3@g': 3 });
    expect(tags).toEqual(['b', 'c']);
  });

  it('were in a segment as either was, where that was noted by one definition', () => {
    const note = (of: string, isIn: boolean) => ({ of, in: isIn });
    const into = profile({ segments: { a: note('1', false), b: note('1', true), c: note('1', true) } });
    const from = profile({ contact: 'f', segments: { a: note('1', true), b: note('2', true), d: note('1', false) } });
    expect(merged(into, from, given, START).profile.segments).toEqual({
      a: note('1', true),
      c: note('1', true),
      d: note('1', false),
    });
  });

  it('keep out what has no room, and stay what they were', () => {
    const long = 'x'.repeat(1100);
    const traits = Object.fromEntries(['a', 'b', 'c'].map((name) => [name, long]));
    const one = profile({ traits, traitsAt: { a: START, b: START, c: START } });
    const other = profile({ contact: 'f', traits: { d: long, e: 1 }, traitsAt: { d: START, e: START } });
    const { profile: whole, keptOut } = merged(one, other, given, START);
    expect(keptOut).toEqual(['d']);
    expect(whole.traits).toEqual({ ...traits, e: 1 });
  });
});

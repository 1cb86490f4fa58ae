import { describe, expect, it } from 'vitest';
import { merged } from '#shared/contact/merge.ts';
import { type Profile, WATCHING_LIMIT } from '#shared/contact/profile.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { consents, profile } from '#test/build/profile.ts';
import { settings } from '#test/build/settings.ts';

const START = '2026-03-02T09:00:00.000Z';
const at = (minute: number) => plusMillis(START, minute * 60_000);

/** A and B are one now; the same comes of it whichever of them was the older, as far as `same` can see. */
function both(a: Partial<Profile>, b: Partial<Profile>, shop = settings()) {
  return merged(profile({ contact: 'a', ...a }), profile({ contact: 'b', ...b }), shop, START);
}
function either<T>(a: Partial<Profile>, b: Partial<Profile>, seen: (one: Profile) => T): T {
  expect(seen(both(b, a).profile)).toEqual(seen(both(a, b).profile));
  return seen(both(a, b).profile);
}

describe('two contacts who become one', () => {
  const mail = (email: string, minute: number): Partial<Profile> => ({
    identities: { email },
    traitsAt: { '@email': at(minute) },
  });
  const address = ({ identities, traitsAt }: Profile) => [identities.email, traitsAt['@email']];

  it('are written to at the address that was said last; of two of one moment at the same in any order', () => {
    expect(either(mail('x@a.example', 1), mail('b@a.example', 2), address)).toEqual(['b@a.example', at(2)]);
    expect(either(mail('x@a.example', 1), mail('b@a.example', 1), address)).toEqual(['x@a.example', at(1)]);
    expect(either(mail('x@a.example', 1), { identities: {} }, address)).toEqual(['x@a.example', at(1)]);
    expect(both(mail('x@a.example', 1), mail('b@a.example', 2)).keptOut).toEqual([]);
  });

  it('have each kind of address that either had', () => {
    const phone = { identities: { phone: '+48123' }, traitsAt: { '@phone': at(0) } };
    const shop = { identities: { externalId: '4711' }, traitsAt: { '@externalId': at(5) } };
    expect(either(phone, shop, ({ identities }) => identities)).toEqual({ phone: '+48123', externalId: '4711' });
  });

  it('are looked at when the first of them was to be, and have spoken when the last of them has', () => {
    const seen = ({ look, spoken }: Profile) => [look, spoken];
    expect(either({ look: at(1), spoken: at(1) }, { look: at(2), spoken: at(2) }, seen)).toEqual([at(1), at(2)]);
    expect(either({ look: at(3) }, { spoken: at(4) }, seen)).toEqual([at(3), at(4)]);
    const neither = both({}, {}).profile;
    for (const name of ['look', 'spoken', 'ids', 'hours', 'segments', 'pending'])
      expect(neither).not.toHaveProperty(name);
  });

  it('have the rows of both, and the hours of both', () => {
    const seen = ({ ids, hours }: Profile) => [ids, hours];
    const [a, b] = [
      { ids: ['email#b', 'email#a'], hours: [3, 5] },
      { ids: ['email#a', 'phone#c'], hours: [4, 5] },
    ];
    expect(either(a, b, seen)).toEqual([
      ['email#a', 'email#b', 'phone#c'],
      [3, 4, 5],
    ]);
    expect(either(a, {}, seen)).toEqual([
      ['email#a', 'email#b'],
      [3, 5],
    ]);
  });

  it('watch for the goals of both, those to the end that count longest', () => {
    const of = (name: string, count: number, from: number) =>
      Object.fromEntries(
        Array.from({ length: count }, (_, i) => [`${name}${i}##1`, { version: 1, until: at(from + 2 * i) }]),
      );
    const few = both({ watching: of('j', 1, 0) }, { watching: of('j', 1, 1) }).profile.watching;
    expect(few).toEqual({ 'j0##1': { version: 1, until: at(0) }, 'j0##1@b': { version: 1, until: at(1) } });
    const many = both({ watching: of('a', 15, 0) }, { watching: of('b', 15, 1) }).profile.watching;
    const ends = Object.values(many).map(({ until }) => until);
    expect(ends.toSorted()).toEqual(Array.from({ length: WATCHING_LIMIT }, (_, i) => at(i + 10)));
  });

  it('keep the tags that there is room for, and say which found none', () => {
    const tags = Array.from({ length: 40 }, (_, i) => `${'t'.repeat(96)}${String(i).padStart(2, '0')}`);
    const { profile: one, keptOut } = both({ tags }, { tags: [...tags, 'x'.repeat(97), 'small'] });
    expect(keptOut).toEqual(['x'.repeat(97)]);
    expect(one.tags).toEqual(['small', ...tags].sort());
  });

  it('keep sixty consents, and say which found no place; a refusal of all always has one', () => {
    const topics = (name: string, count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, i) => [`${name}${i}`, 'granted' as const]));
    const { profile: one, keptOut } = both(
      { consents: consents({ email: topics('a', 59) }) },
      { consents: consents({ email: { ...topics('b', 2), a0: 'denied', marketing: 'denied' } }) },
    );
    expect(keptOut).toEqual(['email/b1']);
    expect(one.consents['email']).toMatchObject({ a0: { state: 'denied' }, marketing: { state: 'denied' }, b0: {} });
  });
});

describe('a trait of two contacts who become one', () => {
  const declared = settings({
    traits: {
      points: 'number',
      spent: { event: 'purchase', sum: 'total' },
      least: { event: 'purchase', min: 'total' },
      most: { event: 'purchase', max: 'total' },
      first: { event: 'purchase', first: 'total' },
      newest: { event: 'purchase', last: 'total' },
    },
  });
  const traits = (a: Profile['traits'], b: Profile['traits'], aAt = {}, bAt = {}) =>
    both({ traits: a, traitsAt: aAt }, { traits: b, traitsAt: bAt }, declared).profile.traits;

  it('that was said goes by time, whatever type it is declared to have', () => {
    expect(traits({ points: 1 }, { points: 2 }, { points: at(1) }, { points: at(2) })).toEqual({ points: 2 });
    expect(traits({ points: 1 }, { points: 2 }, { points: at(2) }, { points: at(1) })).toEqual({ points: 1 });
    expect(traits({ points: 1 }, {}, { points: at(1) }, { points: at(2) })).toEqual({});
  });

  it('that is reckoned is what both make together', () => {
    const a = { spent: 0.1, least: 3, most: 3 };
    expect(traits(a, { spent: 0.2, least: 2, most: 2 })).toEqual({ spent: 0.3, least: 2, most: 3 });
    expect(traits({ spent: 5 }, {})).toEqual({ spent: 5 });
    expect(traits({}, a)).toEqual(a);
    expect(traits({ spent: 9e125 }, { spent: 9e125 })).toEqual({ spent: 9e125 });
    // It was said as a text before the settings derived it.
    expect(traits({ spent: 'much' }, { spent: 5 })).toEqual({ spent: 'much' });
  });

  it('of purchases is what all purchases of both make, and is not kept out', () => {
    const bought = (days: number, total: number): Partial<Profile> => ({
      traits: {
        'purchases.count': 1,
        'purchases.total': total,
        'purchases.first': at(days),
        'purchases.last': at(days),
      },
      purchaseTimes: [at(days)],
    });
    const { profile: one, keptOut } = both(bought(1, 0.1), bought(2, 0.2));
    expect(one.traits).toMatchObject({ 'purchases.count': 2, 'purchases.total': 0.3, 'purchases.first': at(1) });
    expect(keptOut).toEqual([]);
  });

  it('that is a first or a last goes by the time of its event, of two at one moment the weightier', () => {
    const times = (first: number, newest = first) => ({ first: at(first), newest: at(newest) });
    const [one, two] = [
      { first: 1, newest: 1 },
      { first: 2, newest: 2 },
    ];
    expect(traits(one, two, times(1), times(2))).toEqual({ first: 1, newest: 2 });
    expect(traits(one, two, times(2), times(1))).toEqual({ first: 2, newest: 1 });
    expect(traits(one, two, times(1), times(1))).toEqual(two);
    expect(traits(two, one, times(1), times(1))).toEqual(two);
    expect(traits({}, one, {}, times(1))).toEqual(one);
  });

  it('that settings derived once, and do no more, is kept of either', () => {
    expect(traits({ old: 1 }, { old: 2, older: 3 })).toEqual({ old: 1, older: 3 });
  });
});

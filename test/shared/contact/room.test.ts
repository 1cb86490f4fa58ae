import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applied } from '#shared/contact/change.ts';
import { fold } from '#shared/contact/fold.ts';
import { INSIDE_LIMIT, LAST_LIMIT, type Profile, WATCHING_LIMIT } from '#shared/contact/profile.ts';
import { ROOM } from '#shared/contact/room.ts';
import { CHANNELS, type Event, eventSchema } from '#shared/event/event.ts';
import { rowSize, utf8Length } from '#shared/store/units.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { consent, event } from '#test/build/event.ts';
import { profile } from '#test/build/profile.ts';
import { settings } from '#test/build/settings.ts';

const AT = '2026-03-02T09:00:00.000Z';
const at = (seconds: number) => plusMillis(AT, seconds * 1000);

/** The profile after these events, one second after the other, and what was kept out of it. */
function folded(said: readonly Partial<Event>[], before?: Profile) {
  const keptOut: string[] = [];
  let now = before;
  for (const [i, given] of said.entries()) {
    const one = fold(now, event('registration', { at: at(i), ...given }), 'c1', settings());
    now = one.profile;
    keptOut.push(...one.keptOut);
  }
  if (!now) throw new Error('nothing was said');
  return { profile: now, keptOut };
}
const room = ({ traits, tags }: Profile): number => utf8Length(JSON.stringify(traits) + JSON.stringify(tags));
const named = (count: number, value: string | number) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`t${i}`, value]));

describe('a profile', () => {
  it('keeps out what it has no room for, keeps what it has, and says what was kept out', () => {
    const long = 'x'.repeat(290);
    const { profile: full, keptOut } = folded([{ traits: { name: 'Ann' } }, { traits: named(40, long) }]);
    expect(full.traits['name']).toBe('Ann');
    expect(room(full)).toBeLessThanOrEqual(ROOM);
    expect(keptOut.length).toBe(41 - Object.keys(full.traits).length);
    expect(keptOut.length).toBeGreaterThan(20);
    expect(folded([{ at: at(9), traits: { name: 'Eve' } }], full).profile.traits['name']).toBe('Eve');
  });

  it('is full to the byte, by traits as by tags', () => {
    const traits = Object.fromEntries(Array.from({ length: 13 }, (_, i) => [`t${i}`, 'x'.repeat(290)]));
    const { profile: most } = folded([{ traits }]);
    const left = ROOM - room(most);
    // `"a":"",` is what a further trait takes beside its text; a tag takes two quotes and a comma.
    const one = (length: number) => folded([{ at: at(9), traits: { a: 'y'.repeat(length) } }], most).keptOut;
    expect([one(left - 7), one(left - 6)]).toEqual([[], ['a']]);
    const tagged = (length: number) => folded([{ at: at(9), tags: ['y'.repeat(length)] }], most).keptOut;
    expect([tagged(left - 3), tagged(left - 2)]).toEqual([[], [`tag ${'y'.repeat(left - 2)}`]]);
  });

  it('has room again for what was removed, by size and by number', () => {
    const cases = [named(80, 1), named(13, 'x'.repeat(290))];
    for (const traits of cases) {
      const nothing = Object.fromEntries(Object.keys(traits).map((name) => [name, null]));
      const { profile: after, keptOut } = folded([
        { traits },
        { traits: nothing },
        { traits: { name: 'x'.repeat(290) } },
      ]);
      expect([keptOut, Object.keys(after.traits)]).toEqual([[], ['name']]);
    }
  });

  it('forgets of what was removed the longest ago first', () => {
    const { profile: after } = folded([
      { traits: named(80, 1) },
      { traits: { t7: null } },
      { traits: { t3: null } },
      { traits: { name: 'Ann' } },
    ]);
    expect(Object.hasOwn(after.traitsAt, 't7')).toBe(false);
    expect(Object.hasOwn(after.traitsAt, 't3')).toBe(true);
  });

  it.each<[string, string]>([
    ['longer than 100 letters, by its parts', `${'a'.repeat(60)}.${'b'.repeat(60)}`],
    ['longer than 100 bytes', '\u20ac'.repeat(34)],
    ['an address’s', '@email'],
  ])('takes no name that is %s', (_, name) => {
    const { profile: after, keptOut } = folded([{ traits: { [name]: 'x' } }]);
    expect([after.traits, keptOut]).toEqual([{}, [name]]);
  });

  it('larger than there is room, from earlier, stays as it is, may shrink, and does not grow', () => {
    const large = profile({ traits: named(50, 'x'.repeat(290)), traitsAt: {} });
    const { profile: after, keptOut } = folded([{ traits: { t0: 'short', t1: 'y'.repeat(291), t99: 'new' } }], large);
    expect(after.traits).toEqual({ ...large.traits, t0: 'short' });
    expect(keptOut).toEqual(['t1', 't99']);
  });

  it('whatever is said never takes more room', () => {
    const value = fc.oneof(
      fc.constant(null),
      fc.integer(),
      fc.string({ maxLength: 320, unit: 'grapheme' }),
      fc.array(fc.string({ maxLength: 300 }), { maxLength: 60 }),
    );
    const traits = fc.dictionary(fc.string({ minLength: 1, maxLength: 110 }), value, { maxKeys: 30 });
    fc.assert(
      fc.property(fc.array(traits, { maxLength: 8 }), (all) => {
        const { profile: after } = folded([{}, ...all.map((one) => ({ traits: one }))]);
        expect(room(after)).toBeLessThanOrEqual(ROOM);
        expect(Object.keys(after.traitsAt).filter((name) => !name.startsWith('@')).length).toBeLessThanOrEqual(80);
      }),
    );
  });

  it('keeps its sums when an amount is more than any number', () => {
    const { profile: after } = folded([
      { type: 'purchase', data: { total: 40 } },
      { type: 'purchase', data: { total: 9e125 } },
      { type: 'purchase', data: { total: 9e125 } },
    ]);
    expect(after.traits).toMatchObject({ 'purchases.count': 3, 'purchases.total': 9e125 });
  });

  it('holds sixty consents, and every refusal of all marketing', () => {
    const topics = Array.from({ length: 45 }, (_, i) => `t${i}`);
    const words = (channel: (typeof CHANNELS)[number], names: string[]) =>
      names.map((topic) => ({ ...consent(topic, AT, 'denied'), channel }));
    const { profile: after, keptOut } = folded([
      { consents: words('email', topics) },
      { consents: words('sms', topics) },
      { consents: words('push', ['marketing']) },
    ]);
    expect(keptOut).toHaveLength(30);
    expect(after.consents['push']?.['marketing']?.state).toBe('denied');
  });
});

describe('the changes of a passage', () => {
  const changed = (changes: Parameters<typeof applied>[1], before = profile()) =>
    applied(before, changes, settings(), AT);

  it('add to a list up to fifty, and what is on it stays', () => {
    const more = (from: number) =>
      ({ kind: 'append', path: 'seen', value: Array.from({ length: 30 }, (_, i) => from + i) }) as const;
    const { profile: after, keptOut } = changed([more(0), more(30), more(60)]);
    expect(after.traits['seen']).toEqual(Array.from({ length: 50 }, (_, i) => i));
    expect(keptOut).toBe(2);
  });

  it('find no room where there is none, for traits and tags', () => {
    const long = 'x'.repeat(290);
    const sets = Array.from({ length: 20 }, (_, i) => ({ kind: 'set', path: `t${i}`, value: long }) as const);
    const tags = Array.from({ length: 40 }, (_, i) => ({ kind: 'tag', tag: `tag-${i}` }) as const);
    const { profile: after, keptOut } = changed([{ kind: 'tag', tag: 'first' }, ...sets, ...tags]);
    expect(room(after)).toBeLessThanOrEqual(ROOM);
    expect(after.tags).toContain('first');
    expect(keptOut).toBe(61 - Object.keys(after.traits).length - after.tags.length);
  });

  it('make no number that no table holds', () => {
    const { profile: after, keptOut } = changed([
      { kind: 'set', path: 'n', value: 1e200 },
      { kind: 'set', path: 'm', value: 9e125 },
      { kind: 'add', path: 'm', by: 9e125 },
    ]);
    expect([after.traits, keptOut]).toEqual([{ m: 9e125 }, 2]);
  });
});

it('the largest profile that anybody could bring about is smaller than a third of a row', () => {
  const wide = (count: number) => '\u20ac'.repeat(count);
  const topics = Array.from({ length: 60 }, (_, i) => `${'t'.repeat(37)}${i}`);
  const consents = [
    ...CHANNELS.map((channel) => ({ channel, topic: 'marketing' })),
    ...topics.map((topic) => ({ channel: CHANNELS[0], topic })),
  ];
  const said = consents.map((one) => ({ ...consent('x', AT), ...one, source: wide(100) }));
  const many: Partial<Event>[] = [
    { traits: Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`${'n'.repeat(97)}${i}`, 1])) },
    { traits: Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`${'n'.repeat(97)}${i}`, null])) },
    { traits: Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`${'m'.repeat(20)}${i}`, wide(30)])) },
    { consents: said.slice(0, 33), id: `a${'i'.repeat(199)}` },
    { consents: said.slice(33), id: `b${'i'.repeat(199)}` },
    ...Array.from({ length: 50 }, (_, i) => ({ type: `t${'y'.repeat(57)}${i}` })),
    ...Array.from({ length: 20 }, (_, i) => ({ type: 'purchase', id: `p${i}` })),
    {
      type: 'page.viewed',
      identities: {
        externalId: wide(320),
        email: `${'a'.repeat(60)}@${'b'.repeat(60)}.example`,
        phone: '1'.repeat(30),
      },
    },
  ];
  for (const one of many) expect(eventSchema.safeParse(event('registration', one)).success).toBe(true);
  const { profile: after } = folded(many);
  const names = (count: number) =>
    Array.from({ length: count }, (_, i) => `${'j'.repeat(40)}#${wide(200)}#${1000 + i}`);
  const largest: Profile = {
    ...after,
    inside: Object.fromEntries(names(INSIDE_LIMIT).map((name) => [name, 1000])),
    watching: Object.fromEntries(names(WATCHING_LIMIT).map((name) => [name, { version: 1000, until: AT }])),
  };
  expect(Object.keys(after.last)).toHaveLength(LAST_LIMIT);
  const bytes = rowSize({ pk: '', sk: '', ...JSON.parse(JSON.stringify(largest)) });
  expect(bytes).toBeGreaterThan(64 * 1024);
  expect(bytes).toBeLessThan(128 * 1024);
});

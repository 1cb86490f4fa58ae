import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { consentOn } from '#shared/condition/consent.ts';
import { fold } from '#shared/contact/fold.ts';
import { merged } from '#shared/contact/merge.ts';
import { pendingOn, toBeAsked, unasked } from '#shared/contact/opt-in.ts';
import type { Profile } from '#shared/contact/profile.ts';
import type { Event } from '#shared/event/event.ts';
import { emailHash } from '#shared/store/profiles.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { consent, event } from '#test/build/event.ts';
import { settings } from '#test/build/settings.ts';

const double = settings({ topics: { news: { kind: 'marketing', optIn: 'double' }, offers: { kind: 'marketing' } } });
const START = '2026-03-02T09:00:00.000Z';
const at = (minute: number) => plusMillis(START, minute * 60_000);
const LATER = at(1000);

const said = (minute: number, topic = 'news', state: 'granted' | 'denied' | 'unknown' = 'granted'): Event =>
  event('form', { at: at(minute), consents: [consent(topic, at(minute), state)] });
const confirmed = (minute: number): Event =>
  event('preferences.changed', {
    at: at(minute + 1),
    consents: [{ ...consent('news', at(minute)), confirmed: at(minute + 1) }],
  });
const folded = (events: readonly Event[], contact = 'a', before?: Profile): Profile =>
  events.reduce<Profile | undefined>((so, one) => fold(so, one, contact, double).profile, before) ??
  fold(undefined, event('page.viewed', { at: START }), contact, double).profile;
const state = (profile: Profile) => consentOn(profile, double, 'email', 'news');
const waits = (profile: Profile) => pendingOn(profile, 'email', LATER).map(({ topic }) => topic);

describe('a topic with double opt-in', () => {
  it.each([
    ['a yes waits', [said(1)], 'unknown', ['news']],
    ['a second word makes it count', [said(1), confirmed(1)], 'granted', []],
    ['a further yes changes nothing of that', [said(1), confirmed(1), said(5)], 'granted', []],
    ['a no ends it', [said(1), said(2, 'news', 'denied')], 'denied', []],
    ['a no to all ends it', [said(1), said(2, 'marketing', 'denied')], 'denied', []],
    ['a no of the same moment ends it', [said(1), said(1, 'news', 'denied')], 'denied', []],
    ['a no to all of the same moment ends it', [said(1), said(1, 'marketing', 'denied')], 'denied', []],
    ['a yes after a no to all waits', [said(1, 'marketing', 'denied'), said(2)], 'denied', ['news']],
    ['who has taken a no back and says yes waits', [said(1, 'news', 'unknown'), said(2)], 'unknown', ['news']],
    ['a yes after a no waits', [said(1, 'news', 'denied'), said(2)], 'denied', ['news']],
    ['a no after both words stands', [said(1), confirmed(1), said(2, 'news', 'denied')], 'denied', []],
    ['a no between both words stands', [said(1), said(2, 'news', 'denied'), confirmed(1)], 'denied', []],
    ['a yes after that waits anew', [said(1), confirmed(1), said(4, 'news', 'denied'), said(5)], 'denied', ['news']],
  ] as const)('%s, in whatever order it arrives', (_, events, expected, open) => {
    for (const [i] of events.entries()) {
      const turned = [...events.slice(i), ...events.slice(0, i)];
      for (const order of [turned, turned.toReversed()]) {
        const profile = folded(order);
        expect([state(profile), waits(profile)]).toEqual([expected, open]);
      }
    }
  });

  const anything = fc.oneof(
    fc
      .tuple(
        fc.integer({ min: 0, max: 30 }),
        fc.constantFrom('news', 'marketing', 'offers'),
        fc.constantFrom('granted' as const, 'denied' as const, 'unknown' as const),
      )
      .map((what) => said(...what)),
    fc.integer({ min: 0, max: 30 }).map((minute) => event('purchase', { at: at(minute) })),
    fc
      .integer({ min: 0, max: 30 })
      .map((minute) => event('form', { at: at(minute), historic: true, consents: [consent('news', at(minute))] })),
  );

  it('is agreed to in no order of events, repeats and merges without a word by its own link', () => {
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 14 }), fc.array(anything, { maxLength: 8 }), (mine, others) => {
        const a = folded([...mine, ...mine]);
        const both = merged(a, folded(others, 'b'), double, LATER).profile;
        for (const one of [a, both, folded(others, 'a', both)]) expect(state(one)).not.toBe('granted');
      }),
      { numRuns: 500 },
    );
  });

  it('stands by what was said and confirmed, in whatever order and however often it is recorded', () => {
    const words = fc.array(fc.oneof(anything, fc.integer({ min: 0, max: 30 }).map(confirmed)), { maxLength: 8 });
    fc.assert(
      fc.property(words, fc.array(fc.nat({ max: 20 })), (events, by) => {
        const mixed = events
          .map((one, i) => ({ one, key: by[i] ?? 0 }))
          .toSorted((x, y) => x.key - y.key)
          .map(({ one }) => one);
        const [first, other] = [folded(events), folded([...mixed, ...mixed])];
        expect([state(other), waits(other)]).toEqual([state(first), waits(first)]);
      }),
      { numRuns: 500 },
    );
  });

  describe('that was confirmed for one address', () => {
    const OLD = 'ann@shop.example';
    const NEW = 'new@shop.example';
    const confirmedBy = (minute: number, address: string, pressed = minute + 1): Event => {
      const one = confirmed(minute);
      const bound = one.consents?.map((word) => ({ ...word, confirmed: at(pressed), address: emailHash(address) }));
      return { ...one, identities: {}, ...(bound && { consents: bound }) };
    };
    const goesTo = (minute: number, email: string): Event =>
      event('profile.updated', { at: at(minute), identities: { externalId: 'c-1', email } });
    const toldAt = (profile: Profile) => profile.pending?.['email']?.['news']?.told;

    it.each([
      ['counts for it', [confirmedBy(1, OLD)], 'granted', []],
      ['waits anew for another', [confirmedBy(1, OLD), goesTo(5, NEW)], 'unknown', ['news']],
      [
        'counts there once it is confirmed',
        [confirmedBy(1, OLD), goesTo(5, NEW), confirmedBy(1, NEW, 6)],
        'granted',
        [],
      ],
      ['counts for the first again', [confirmedBy(1, OLD), goesTo(5, NEW), goesTo(9, OLD)], 'granted', []],
      ['stays a no', [confirmedBy(1, OLD), said(3, 'news', 'denied'), goesTo(5, NEW)], 'denied', []],
    ] as const)('%s, whatever else the shop says of the address', (_, events, expected, open) => {
      const profile = folded([said(0), ...events]);
      expect([state(profile), waits(profile)]).toEqual([expected, open]);
    });

    it('counts for another where the topic asks for one word only', () => {
      const profile = folded([confirmedBy(1, OLD), goesTo(5, NEW)]);
      expect(consentOn(profile, settings({ topics: { news: { kind: 'marketing' } } }), 'email', 'news')).toBe(
        'granted',
      );
    });

    it('brings one mail to the other address, and no further in seven days, wherever the shop moves it to', () => {
      const events = [said(0), confirmedBy(0, OLD), goesTo(5, NEW), goesTo(6, OLD), goesTo(7, 'third@shop.example')];
      expect(toldAt(folded([...events, goesTo(8, NEW), said(9)]))).toBe(at(5));
      const week = 7 * 1440;
      const later = folded([...events, goesTo(8 + week, NEW)]);
      // That address has had its mail; a further one has not.
      expect(toldAt(later)).toBe(at(5));
      expect(toldAt(folded([goesTo(9 + week, 'third@shop.example')], 'a', later))).toBe(at(9 + week));
      expect(toldAt(folded([...events, goesTo(5 + week, 'third@shop.example')]))).toBe(at(5 + week));
    });

    it('counts for no other in whatever order, repeated, or merged with whomever', () => {
      const addresses = fc.constantFrom(OLD, NEW, 'third@shop.example');
      const minute = fc.integer({ min: 0, max: 30 });
      const thing = fc.oneof(
        anything,
        fc.tuple(minute, addresses).map((what) => confirmedBy(...what)),
        fc.tuple(minute, addresses).map((what) => goesTo(...what)),
      );
      const wordsFor = (events: readonly Event[]) =>
        new Set(events.flatMap(({ consents = [] }) => consents.flatMap(({ address }) => address ?? [])));
      fc.assert(
        fc.property(fc.array(thing, { maxLength: 12 }), fc.array(thing, { maxLength: 6 }), (mine, others) => {
          const [a, b] = [folded([...mine, ...mine]), folded(others, 'b')];
          const both = merged(a, b, double, LATER).profile;
          for (const one of [a, b, both, folded(others, 'a', both)]) {
            const email = one.identities.email ?? '';
            if (state(one) === 'granted') expect(wordsFor([...mine, ...others])).toContain(emailHash(email));
            expect(state(one) === 'granted' && waits(one).includes('news')).toBe(false);
          }
          const turned = folded(mine.toReversed());
          expect(state(turned)).toBe(state(folded(mine)));
        }),
        { numRuns: 500 },
      );
    });
  });

  it('waits after a merge while it waits for either, and as long as seven days', () => {
    const [open, agreed] = [folded([said(10)], 'a'), folded([said(1), confirmed(1)], 'b')];
    for (const [into, from] of [
      [open, agreed],
      [agreed, open],
    ] as const) {
      const now = merged(into, from, double, LATER).profile;
      expect([state(now), waits(now)]).toEqual(['unknown', ['news']]);
      expect(state(folded([confirmed(10)], 'a', now))).toBe('granted');
      expect(state(merged(into, from, double, plusMillis(LATER, 7 * 86_400_000)).profile)).toBe('granted');
    }
  });
});

describe('what waits', () => {
  const shop = settings({
    topics: {
      news: { kind: 'marketing', optIn: 'double' },
      tea: { kind: 'marketing', optIn: 'double' },
      offers: { kind: 'marketing' },
    },
  });
  const week = 7 * 1440;
  const yes = (minute: number, ...topics: string[]): Event =>
    event('form', { at: at(minute), consents: topics.map((topic) => consent(topic, at(minute))) });
  const holding = (...events: Event[]): Profile =>
    events.reduce<Profile | undefined>((so, one) => fold(so, one, 'a', shop).profile, undefined) ?? folded([]);
  const told = (profile: Profile) =>
    Object.fromEntries(Object.entries(profile.pending?.['email'] ?? {}).map(([topic, one]) => [topic, one.told]));

  it('is told in the order of names, for seven days', () => {
    const both = holding(yes(1, 'tea', 'news'));
    const names = (minute: number) => pendingOn(both, 'email', at(minute)).map(({ topic }) => topic);
    expect([names(week), names(week + 1)]).toEqual([['news', 'tea'], []]);
    expect(pendingOn(both, 'sms', at(2))).toEqual([]);
    expect(pendingOn(holding(yes(1, 'offers')), 'email', at(2))).toEqual([]);
  });

  it('is the newest yes, of two at one moment that of the smaller id, in whatever order they come', () => {
    const open = (...events: Event[]) =>
      pendingOn(holding(...events), 'email', at(9)).map((one) => [one.at, one.event]);
    const [one, two, same] = [yes(1, 'news'), yes(2, 'news'), { ...yes(2, 'news'), id: 'a' }];
    for (const all of [
      [one, two, same],
      [same, two, one],
      [two, one, same],
    ])
      expect(open(...all)).toEqual([[at(2), 'a']]);
  });

  it('is a yes to a topic also where all marketing was agreed to later', () => {
    const all = event('form', { at: at(2), consents: [{ ...consent('marketing', at(2)), confirmed: at(2) }] });
    expect(pendingOn(holding(all, yes(1, 'news')), 'email', at(3)).map(({ topic }) => topic)).toEqual(['news']);
  });

  it('is asked for with the first yes, and again with one that comes seven days later', () => {
    expect(told(holding(yes(1, 'news')))).toEqual({ news: at(1) });
    expect(told(holding(yes(1, 'news'), yes(week, 'news')))).toEqual({ news: at(1) });
    expect(told(holding(yes(1, 'news'), yes(week + 1, 'news')))).toEqual({ news: at(week + 1) });
    expect(told(holding(yes(1, 'news'), yes(2, 'tea')))).toEqual({ news: at(1), tea: at(2) });
  });

  it('is not asked for by history, by a yes of long ago, or of a topic that nobody knows', () => {
    expect(told(holding({ ...yes(1, 'news'), historic: true }))).toEqual({ news: undefined });
    const late = event('form', { at: at(week + 1), consents: [consent('news', at(1))] });
    expect(told(holding(late))).toEqual({ news: undefined });
    expect(holding(yes(1, 'made-up'))).not.toHaveProperty('pending');
  });

  it('tells which topics an event has made to be asked for', () => {
    const [none, one] = [holding(event('x')), holding(yes(1, 'news'))];
    const two = holding(yes(1, 'news'), yes(2, 'tea'));
    expect(toBeAsked(none, one)).toEqual([['email', ['news']]]);
    expect(toBeAsked(one, two)).toEqual([['email', ['tea']]]);
    expect(toBeAsked(two, two)).toEqual([]);
    expect(toBeAsked(none, none)).toEqual([]);
  });

  it('that is not to be asked for is as it was before, and goes on waiting', () => {
    const one = holding(yes(1, 'news'));
    const two = holding(yes(1, 'news'), yes(week + 1, 'news', 'tea'));
    expect(told(unasked(one, two, [['email', 'news']]))).toEqual({ news: at(1), tea: at(week + 1) });
    expect(told(unasked(one, two, [['email', 'tea']]))).toEqual({ news: at(week + 1), tea: undefined });
    expect(told(unasked(one, two, [['sms', 'news']]))).toEqual(told(two));
    expect(unasked(one, two, [])).toBe(two);
    expect(unasked({}, holding(event('x')), [['email', 'news']])).not.toHaveProperty('pending');
  });
});

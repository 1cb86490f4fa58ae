import { expect, it } from 'vitest';
import { laterFacts, watched } from '#shared/condition/later-facts.ts';
import { scopeWith } from '#shared/condition/scope.ts';
import { localInstant } from '#shared/time/local.ts';
import { happened, KnownFacts, message, scope } from './build.ts';

const at = (day: number): string => localInstant(`2026-11-${day}T10:00`, 'Europe/Warsaw');
const history = [10, 12, 14].map((day) => happened('purchase', `2026-11-${day}T10:00`));
const [first, second, third] = history;

it('a span that begins later is a part of the one that was asked for first, and reads nothing more', () => {
  const facts = new KnownFacts({ events: history });
  const later = laterFacts(facts);
  expect(later.events({ types: ['purchase'] })).toEqual([third, second, first]);
  expect(later.events({ types: ['purchase'], since: at(12) })).toEqual([third, second]);
  expect(later.events({ types: ['purchase'], since: at(13) })).toEqual([third]);
  expect(facts.asked).toHaveLength(1);
});

it('a span that begins earlier, of other types or of another length is read', () => {
  const facts = new KnownFacts({ events: history });
  const later = laterFacts(facts);
  expect(later.events({ types: ['purchase'], since: at(12) })).toEqual([third, second]);
  expect(later.events({ types: ['purchase'], since: at(10) })).toEqual([third, second, first]);
  expect(later.events({ types: ['purchase'], since: at(10), limit: 1 })).toEqual([third]);
  expect(later.events({ types: ['registration'], since: at(10) })).toEqual([]);
  expect(facts.asked).toHaveLength(4);
  expect(later.events({ types: ['purchase'], since: at(12) })).toEqual([third, second]);
  expect(facts.asked).toHaveLength(4);
});

it('all other facts are what they were, and what was seen of events is noted', () => {
  const facts = new KnownFacts({
    events: history,
    messages: [message()],
    calls: { c1: { state: 'done', ok: true } as never },
    held: { tea: { code: 'A', used: false } },
    free: { tea: { code: 'B' } },
    entries: { cap: [] },
    passages: [{ journey: 'cart', state: 'inside', entered: at(10) }],
  });
  const seen: typeof history = [];
  for (const one of [laterFacts(facts), watched(facts, seen)]) {
    expect(one.messages({})).toEqual(facts.messages({}));
    expect(one.passages(['cart'])).toEqual(facts.passages(['cart']));
    expect(one.counted()).toEqual(facts.counted());
    expect(one.entries('cart', 'cap')).toEqual([]);
    expect(one.heldCode('tea')).toEqual({ code: 'A', used: false });
    expect(one.freeCode('tea')).toEqual({ code: 'B' });
    expect(one.call('c1')).toEqual({ state: 'done', ok: true });
    one.events({ types: ['purchase'], since: at(13) });
  }
  expect(seen).toEqual([third]);
});

it('a scope with some members said anew has the others as they were', () => {
  const outer = scope({ entry: at(10), since: at(11), trigger: { a: 1 }, own: { s: message() }, steps: { code: {} } });
  const names = [
    ...(['now', 'settings', 'segments', 'profile', 'file', 'entry', 'since', 'trigger'] as const),
    ...(['cause', 'steps', 'data', 'heard', 'own', 'facts'] as const),
  ];
  const same = scopeWith(outer, {});
  for (const name of names) expect(same[name], name).toBe(outer[name]);
  const other = scope({
    ...{ now: at(12), file: 'other', entry: at(12), since: at(12), trigger: { b: 2 }, own: {}, steps: {} },
    ...{ cause: { type: 'x', at: at(12) }, data: { c: 3 }, heard: {} },
  });
  const anew = scopeWith(outer, other);
  for (const name of names) expect(anew[name], name).toBe(other[name]);
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as keys from '#shared/store/keys.ts';
import type { Key } from '#shared/store/table.ts';

/** Parts that shops and marketers choose: anything, and mostly what could be mistaken for a separator. */
const free = fc.oneof(
  fc.constantFrom('', '#', '##', '%', '%%', '%23', '%25', '%2523', '%23#', '#%23', 'a#b', 'a%23b'),
  fc.string({ unit: fc.constantFrom('#', '%', '2', '3', '5', 'a', 'ż'), maxLength: 5 }),
  fc.string(),
);
/** Few, so that keys that differ in their free parts only are common. */
const id = fc.oneof(fc.constantFrom('a', 'b', 'a-1'), fc.stringMatching(/^[a-z0-9-]{1,12}$/));
const at = fc.constantFrom('2026-03-02T09:00:00.000Z', '2026-03-02T09:00:00.001Z', '2025-12-31T23:59:59.999Z');
const small = fc.integer({ min: 1, max: 12 });

/** Each kind of key whose parts vary, made of them. */
const KINDS: readonly [string, fc.Arbitrary<{ parts: unknown; key: Key }>][] = [
  ['profile', fc.tuple(id).map((parts) => ({ parts, key: keys.profileKey(...parts) }))],
  ['door', fc.tuple(id, id, free).map((parts) => ({ parts, key: keys.doorKey(...parts) }))],
  [
    'enrolment',
    fc
      .record({ contact: id, journey: id, key: free, n: small })
      .map((parts) => ({ parts, key: keys.enrolmentKey(parts) })),
  ],
  ['message', fc.tuple(id, id).map((parts) => ({ parts, key: keys.messageKey(...parts) }))],
  ['event', fc.tuple(id, free, at, id).map((parts) => ({ parts, key: keys.eventKey(...parts) }))],
  ['receipt', fc.tuple(free).map((parts) => ({ parts, key: keys.receiptKey(...parts) }))],
  ['parked', fc.tuple(free, small, at, id).map((parts) => ({ parts, key: keys.parkedKey(...parts) }))],
  ['identity', fc.tuple(id, id).map((parts) => ({ parts, key: keys.identityKey(...parts) }))],
  ['version', fc.tuple(id, small).map((parts) => ({ parts, key: keys.versionKey(...parts) }))],
  ['counter', fc.tuple(id, small, id).map((parts) => ({ parts, key: keys.counterKey(...parts) }))],
  ['reception', fc.tuple(at, id).map((parts) => ({ parts, key: keys.receptionKey(...parts) }))],
  ['entries', fc.tuple(id, id, small).map((parts) => ({ parts, key: keys.entriesKey(...parts) }))],
];

describe('keys', () => {
  it.each(KINDS)('of the kind %s are different where any part is, and are known by their kind', (kind, made) => {
    fc.assert(
      fc.property(made, made, (a, b) => {
        expect(JSON.stringify(a.key) === JSON.stringify(b.key)).toBe(
          JSON.stringify(a.parts) === JSON.stringify(b.parts),
        );
        expect(keys.kindOf(a.key)).toBe(kind);
      }),
      { numRuns: 3000 },
    );
  });

  it('of different kinds are different, whatever they are made of', () => {
    const any = fc.oneof(...KINDS.map(([kind, made]) => made.map(({ key }) => ({ kind, key }))));
    fc.assert(
      fc.property(any, any, (a, b) => {
        if (a.kind !== b.kind) expect(a.key).not.toEqual(b.key);
      }),
      { numRuns: 2000 },
    );
  });

  it('of events lie in the stretch of their type from their time on, and in no other', () => {
    fc.assert(
      fc.property(free, free, at, at, (type, other, time, since) => {
        const { sk } = keys.eventKey('c', type, time, 'e');
        const inside = ({ from, to }: { from: string; to: string }) => sk >= from && sk <= to;
        expect(inside(keys.eventRange('c', type))).toBe(true);
        expect(inside(keys.eventRange('c'))).toBe(true);
        expect(inside(keys.eventRange('c', type, since))).toBe(time >= since);
        expect(inside(keys.eventRange('c', other))).toBe(type === other);
      }),
      { numRuns: 2000 },
    );
  });

  it('sort passages and versions by number', () => {
    const sorted = [1, 2, 9, 10, 99, 100].map((n) => keys.versionKey('j', n).sk);
    expect(sorted.toSorted()).toEqual(sorted);
    const passages = [1, 2, 9, 10, 99, 100].map(
      (n) => keys.enrolmentKey({ contact: 'c', journey: 'j', key: '', n }).sk,
    );
    expect(passages.toSorted()).toEqual(passages);
  });

  it.each<[Key, keys.RowKind]>([
    [keys.capsKey('c'), 'caps'],
    [keys.suppressionKey('email', 'h'), 'suppression'],
    [keys.catalogueKey, 'catalogue'],
    [keys.settingsKey, 'catalogue'],
    [keys.flowKey, 'rate'],
    [{ pk: 'C#c', sk: 'W#2026' }, 'trace'],
    [{ pk: 'C#c', sk: 'ELSE' }, 'other'],
    [{ pk: 'ELSE', sk: 'PROFILE' }, 'other'],
  ])('%j are known as %s', (key, kind) => {
    expect(keys.kindOf(key)).toBe(kind);
  });

  it('tell whose row it is', () => {
    expect(keys.contactOf(keys.messageKey('c-1', 'm'))).toBe('c-1');
    expect(keys.contactOf(keys.receiptKey('e'))).toBeUndefined();
  });
});

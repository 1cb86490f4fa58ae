import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json, Row } from '#shared/store/table.ts';
import { indexEntriesSize, readUnits, rowSize, utf8Length, writeUnits } from '#shared/store/units.ts';

const KEY = { pk: 'C#1', sk: 'S' };
const KEY_SIZE = 2 + 3 + 2 + 1;

const measured = (row: Omit<Row, 'pk' | 'sk'>, size?: number) => ({
  row: { ...KEY, ...row },
  size: size ?? rowSize({ ...KEY, ...row }),
});

describe('the size of a row', () => {
  it.each<[Json, number]>([
    ['', 0],
    ['abc', 3],
    ['ż', 2],
    ['\u007f', 1],
    ['\u0080', 2],
    ['\u07ff', 2],
    ['\u0800', 3],
    ['€', 3],
    ['😀', 4],
    [true, 1],
    [false, 1],
    [null, 1],
    [0, 1],
    [1, 2],
    [12, 2],
    [123, 3],
    [100, 2],
    [120, 2],
    [1234567, 5],
    [-1, 3],
    [-12, 3],
    [-100, 3],
    [0.1, 2],
    [0.05, 2],
    [-0.25, 3],
    [123.456, 4],
    [100.5, 3],
    [1e21, 2],
    [1.5e-7, 2],
    [[], 3],
    [{}, 3],
    [[0], 5],
    [[1], 6],
    [['ab', 'c'], 8],
    [{ a: 1 }, 7],
    [[[], {}], 11],
    [{ ab: 'c', d: [null] }, 14],
  ])('counts %j as %i bytes', (value, bytes) => {
    expect(rowSize({ ...KEY, v: value }) - KEY_SIZE - 1).toBe(bytes);
  });

  it('leaves out what is undefined', () => {
    expect(rowSize({ ...KEY, long: undefined })).toBe(KEY_SIZE);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 1e126, -1e130, 1e-131])('refuses %d', (n) => {
    expect(() => rowSize({ ...KEY, n })).toThrow(RangeError);
  });

  it('counts bytes of text as an encoder does', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(utf8Length(text)).toBe(Buffer.byteLength(text));
      }),
    );
  });
});

describe('read units', () => {
  it.each([
    [0, 1],
    [1, 1],
    [4096, 1],
    [4097, 2],
    [409_600, 100],
  ])('of %i bytes are %i, half for a stale read, double in a transaction', (size, units) => {
    expect(readUnits(size, { consistent: true })).toBe(units);
    expect(readUnits(size, { consistent: false })).toBe(units / 2);
    expect(readUnits(size, { consistent: true, transactional: true })).toBe(units * 2);
  });

  it('of an index count the keys of all entries', () => {
    const entries = [1, 2].map((n) => ({ pk: `C#${n}`, sk: 'J', sort: '09:00' }));
    const each = 2 + 3 + 2 + 1 + 'duePk'.length + 'due#1'.length + 'due'.length + 5;
    expect(indexEntriesSize({ index: 'due', pk: 'due#1', limit: 9 }, entries)).toBe(2 * each);
    const directory = 2 + 3 + 2 + 1 + 'dirPk'.length + 'dir#1'.length;
    const contacts = entries.map((entry) => ({ ...entry, sort: entry.pk }));
    expect(indexEntriesSize({ index: 'directory', pk: 'dir#1', limit: 9 }, contacts)).toBe(2 * directory);
  });
});

describe('write units', () => {
  const small = measured({});
  const due = (time: string, shard = 'due#1') => measured({ duePk: shard, due: time });
  const listed = measured({ dirPk: 'dir#1' });

  it.each([
    ['a new small row', undefined, small, 1],
    ['a row of exactly 1 KB', undefined, measured({}, 1024), 1],
    ['a row of one byte more', undefined, measured({}, 1025), 2],
    ['a row that shrinks', measured({}, 3000), small, 3],
    ['a row that goes', measured({}, 3000), undefined, 3],
    ['a delete of nothing', undefined, undefined, 1],
    ['a row that comes into an index', small, due('09:00'), 2],
    ['a row that stays where it is in an index', due('09:00'), due('09:00'), 1],
    ['a row that moves in an index', due('09:00'), due('10:00'), 3],
    ['a row that moves to another shard', due('09:00'), due('09:00', 'due#2'), 3],
    ['a row that leaves an index', due('09:00'), small, 2],
    ['an indexed row that goes', due('09:00'), undefined, 2],
    ['half of an index key', undefined, measured({ duePk: 'due#1' }), 1],
    ['a new row in the directory', undefined, listed, 2],
    ['a new row in both indexes', undefined, measured({ dirPk: 'dir#1', duePk: 'due#1', due: '09:00' }), 3],
    ['a row that stays in the directory', listed, listed, 1],
  ])('of %s', (_, before, after, units) => {
    expect(writeUnits(before, after, { transactional: false })).toBe(units);
  });

  it('double in a transaction, but for the indexes, which follow later', () => {
    expect(writeUnits(undefined, small, { transactional: true })).toBe(2);
    expect(writeUnits(undefined, measured({}, 1500), { transactional: true })).toBe(4);
    expect(writeUnits(due('09:00'), due('10:00'), { transactional: true })).toBe(4);
  });
});

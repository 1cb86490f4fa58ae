import type { Instant } from '#shared/time/instant.ts';
import { dueAt, setDue } from './due.ts';
import { lookKey } from './keys.ts';
import { rowOf } from './row.ts';
import type { Row, Write } from './table.ts';

/**
 * When review looks whether a contact has come into a segment, or out of one, and whether passages have come to what they
 * ask. `time`: the moment at which time alone may have done it, which also stands on the profile; its writers write or
 * check the profile, too. `soon`: something has happened, written by whoever did it, without reading.
 */
export const putLook = (contact: string, due: Instant | undefined): Write =>
  due === undefined
    ? { kind: 'delete', key: lookKey(contact, 'time') }
    : { kind: 'put', row: rowOf(lookKey(contact, 'time'), { v: 1, ...dueAt(contact, due) }) };

/**
 * Several of them are one look; `n` tells whether another has come since the row was read. `hops`: how many journeys stand
 * between what the last of them has seen and the first cause.
 */
export function lookSoon(contact: string, now: Instant, hops = 0): Write {
  return {
    kind: 'update',
    key: lookKey(contact, 'soon'),
    change: {
      set: [...setDue(contact, now), [['hops'], hops]],
      add: [[['n'], 1]],
    },
  };
}

/** How many have asked for a look; 0 when nobody has. */
export const askedFor = (row: Row | undefined): number => (typeof row?.['n'] === 'number' ? row['n'] : 0);

/** How far whoever asked for it is from the first cause. */
export const hopsOf = (row: Row | undefined): number => (typeof row?.['hops'] === 'number' ? row['hops'] : 0);

/** The look that was asked for has been taken, unless another was asked for meanwhile. */
export const dropLook = (contact: string, n: number): Write => ({
  kind: 'delete',
  key: lookKey(contact, 'soon'),
  if: { equals: { n } },
});

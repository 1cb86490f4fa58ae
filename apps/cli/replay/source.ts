import { createHash } from 'node:crypto';
import type { Fields, Input } from '#apps/cli/replay/rows.ts';
import type { Event } from '#shared/event/event.ts';
import type { Instant } from '#shared/time/instant.ts';

/** Whose row it is and when it happened: all that staging has to know of it. */
export type Subject = { readonly contact: string; readonly at: Instant };

export type Rejection = { readonly reject: string };

/** A row in its place: places are numbers, one a row, that grow in the order of reading. */
export type Placed<R> = R & { readonly place: number };

/**
 * What a source makes of rows: an event with the places of the rows that went into it, each row into one event only, or
 * rows that it cannot use. `at` of the event decides its order, then `place`. `before`: what must have gone before it,
 * the first time that the contact has such an event.
 */
export type Derived =
  | {
      readonly event: Event;
      readonly place: number;
      readonly uses: readonly number[];
      readonly before?: () => Event;
    }
  | { readonly reject: string; readonly rows: readonly number[] };

/** Turns rows of one kind of file into events. */
export type Source<R extends Subject> = {
  readonly name: string;
  readonly inputs: readonly Input[];
  /** Files that were read for what they know of products or contacts. */
  readonly lookups?: readonly string[];
  /** `none`: contacts get an address of `<name>.example`, and consent to every topic. */
  readonly addresses: 'none' | 'own';
  readonly consents: 'all' | 'none';
  /** Takes one row apart, or says in a word why it is of no use. `number` is the row's number in its file. */
  read(fields: Fields, input: Input, number: number): R | Rejection;
  /** What is known of a contact from elsewhere: traits, told with their first event. */
  about?(contact: string): Readonly<Record<string, string>> | undefined;
  /** The rows of one contact, in order of time and place, become events in order of time. */
  derive(rows: Iterable<Placed<R>>): Iterable<Derived>;
};

/** Text of a column, without blanks around it; empty where the row has none. */
export function text(fields: Fields, column: string): string {
  const value = fields[column];
  return typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : '';
}

/** A decimal number, or undefined for any other text. */
export const decimal = (written: string): number | undefined =>
  /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,2})?$/i.test(written) ? Number(written) : undefined;

const GROUPED = /^[+-]?\d{1,3}([. \u00a0\u202f]\d{3})+(,|$)/;

/** The same where a comma parts the decimals and a dot or a blank the thousands: `1.234,50`. */
export function decimalWithComma(written: string): number | undefined {
  const plain = GROUPED.test(written) ? written.replace(/[. \u00a0\u202f]/g, '') : written;
  return plain.includes('.') ? undefined : decimal(plain.replace(',', '.'));
}

/** Rounded to a millionth, so that sums of decimals read as a person would write them. */
export const rounded = (amount: number): number => Math.round(amount * 1e6) / 1e6;

/** An event's id: source and natural key, in printable ASCII and at most 200 characters. */
export function eventId(...parts: readonly string[]): string {
  const id = parts.map((part) => encodeURIComponent(part)).join(':');
  return id.length <= 200
    ? id
    : `${encodeURIComponent(parts[0] ?? '')}:${createHash('sha256').update(id).digest('hex')}`;
}

/**
 * An address for a contact without one: `<id>@<source>.example`. Ids that no address can hold, or that only differ in
 * the case of letters from another, stand there as a hash.
 */
export function addressFor(id: string, source: string): string {
  const local = /^[a-z0-9]+([._-][a-z0-9]+)*$/.test(id) && id.length <= 64 ? id : hashed(id);
  return `${local}@${source}.example`;
}

const hashed = (id: string) => `id-${createHash('sha256').update(id).digest('hex').slice(0, 16)}`;

/** Rows in a row with the same key, as lists. */
export function* runs<R>(rows: Iterable<R>, key: (row: R) => string): Generator<R[]> {
  let run: R[] = [];
  let current = '';
  for (const row of rows) {
    const next = key(row);
    if (run.length > 0 && next !== current) {
      yield run;
      run = [];
    }
    current = next;
    run.push(row);
  }
  if (run.length > 0) yield run;
}

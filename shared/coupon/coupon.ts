import { readPath } from '#shared/condition/lookup.ts';
import type { Event } from '#shared/event/event.ts';
import type { Settings } from '#shared/settings/settings.ts';
import type { Instant } from '#shared/time/instant.ts';

/** A code that nobody has been given. */
export type FreeCode = {
  readonly code: string;
  /** From then on it is worth nothing, to whomever it is given. */
  readonly until?: Instant | undefined;
  /** The upload that brought it. */
  readonly upload?: string;
};

/** The newest code that a contact has been given of a pool. */
export type HeldCode = {
  readonly code: string;
  readonly expiresAt?: Instant | undefined;
  /** A purchase has named it. */
  readonly used: boolean;
  /** Of a code given to a contact who was merged into this one: what this one's own row names, '' for nothing. */
  readonly inOwnRow?: string;
};

/** A code that a turn gives its contact, on condition that it is free and that the contact holds what it held. */
export type GivenCode = {
  readonly pool: string;
  readonly free: FreeCode;
  readonly expiresAt?: Instant | undefined;
  readonly before: HeldCode | undefined;
};

/** Longer codes nobody types. */
export const LONGEST_CODE = 64;

/** What codes are told apart by: a shop's till does not mind how they are written. */
export const plainCode = (code: string): string => code.trim().toLowerCase();

/** Whether it can still be used. */
export const isGood = ({ used, expiresAt }: HeldCode, now: Instant): boolean =>
  !used && (expiresAt === undefined || expiresAt > now);

/** Codes of one event that are looked up; it is one order. */
const MOST_NAMED = 10;

/** The codes that an event says were used, each once, in plain form. */
export function codesUsed({ type, data }: Event, { coupons }: Settings): readonly string[] {
  if (![coupons.event].flat().includes(type)) return [];
  const named = [coupons.code].flat().flatMap((path) => readPath(data, path) ?? []);
  const texts = named.flatMap((code) =>
    typeof code === 'string' && code.length <= LONGEST_CODE ? plainCode(code) : [],
  );
  return [...new Set(texts)].filter((code) => code !== '').slice(0, MOST_NAMED);
}

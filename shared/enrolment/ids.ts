import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/**
 * Derived ids: the same cause always gives the same id, so a repetition meets itself. Parts are joined by a byte that
 * none of them contains.
 */
export const derivedId = (...parts: readonly (string | number)[]): string =>
  bytesToHex(sha256(utf8ToBytes(parts.join('\u0000')))).slice(0, 32);

/** A contact first met by this event. */
export const contactId = (event: string): string => derivedId('contact', event);

export const enrolmentId = (contact: string, journey: string, key: string, event: string): string =>
  derivedId(contact, journey, key, event);

/** What one step of one passage says at one visit is one message, however often it is tried. */
export const messageId = (enrolment: string, step: string, visit: number): string => derivedId(enrolment, step, visit);

/** Name of a Step Functions execution: at most 80 characters, all of them allowed there. */
export const executionName = (journey: string, enrolment: string, leg: number): string =>
  `${journey.slice(0, 40)}-${enrolment}-${leg}`;

/** The hash that stands for an address in keys: it is found by who knows the address and tells it to nobody. */
export const identityHash = (kind: string, normalised: string): string => derivedId('identity', kind, normalised);

/** A number in [0, 100), fixed for these parts: the place of a contact in a split, a holdout or a sample. */
export function percentile(...parts: readonly string[]): number {
  const hash = sha256(utf8ToBytes(parts.join('\u0000')));
  const view = new DataView(hash.buffer, hash.byteOffset, 8);
  return (view.getUint32(0) * 100) / 2 ** 32;
}

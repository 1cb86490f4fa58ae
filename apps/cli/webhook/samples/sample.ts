import { createHash } from 'node:crypto';
import { type Instant, plusMillis, toMillis } from '#shared/time/instant.ts';

/** What is new about each sample. */
export type Fresh = {
  readonly now: Instant;
  /** A number that no sample has had, of orders, carts and deliveries. */
  readonly number: number;
  /** Whom it is about. The same address is the same customer. */
  readonly email: string;
};

/** What a source posts, by its own names of what it tells of. */
export type Samples = {
  /** Headers that say what it is; the signature is added. */
  readonly headers: (topic: string, fresh: Fresh) => Readonly<Record<string, string>>;
  readonly bodies: Readonly<Record<string, (fresh: Fresh) => object>>;
};

export const minutesBefore = (now: Instant, minutes: number): Instant => plusMillis(now, -minutes * 60_000);

export const secondsOf = (instant: Instant): number => Math.floor(toMillis(instant) / 1000);

/** The storefront's own number of a customer, which two customers do not share. */
export const customerNumber = (email: string): number =>
  Number.parseInt(createHash('sha256').update(email.toLowerCase()).digest('hex').slice(0, 12), 16);

export const TEA = { id: 7101, sku: 'TEA-1', title: 'Green tea', price: '12.50', category: 'tea' } as const;

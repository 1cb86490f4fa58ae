import type { Delivery } from '#shared/source/source.ts';
import type { Instant } from '#shared/time/instant.ts';
import type { StorefrontName } from './settings.ts';

/** A stretch of time: what changed in it is asked for, both ends inclusive. */
export type Window = { readonly from: Instant; readonly until: Instant };

export type Question = Window & {
  /** The page to ask for, as an earlier one has named it; undefined for the first. */
  readonly next?: string | undefined;
  /** Things on a page at most. */
  readonly size: number;
};

export type Page = {
  /** What a webhook would have brought of each thing on the page. */
  readonly deliveries: readonly Delivery[];
  /** How the page after it is asked for; undefined of the last. */
  readonly next?: string | undefined;
};

/** What a storefront's server says. Names of headers are in lower case. */
export type Answer = { readonly body: string; readonly headers: Readonly<Record<string, string>> };

/** One list of a storefront's interface that can be asked for what has changed. */
export type Feed = {
  /** In the key of its cursor. */
  readonly name: string;
  /** Sizes of a page, the one to begin with first: smaller ones are for shops that are too slow for it. */
  readonly sizes: readonly number[];
  /** Behind the shop's address. */
  readonly path: (question: Question) => string;
  readonly read: (answer: Answer, question: Question) => Page | { readonly error: string };
};

/** A shop that can be asked. */
export type Storefront = {
  readonly source: StorefrontName;
  /** Where it lies, without a slash at its end. */
  readonly url: string;
  /** Where the first sweep begins. */
  readonly since?: Instant | undefined;
  /** How it is shown who asks: the header that takes the token, or `basic` for a name and a password. */
  readonly shows: 'x-shopify-access-token' | 'basic';
  /** Where it gives a token for the id and the secret of an app, behind its address. */
  readonly exchange?: string;
  readonly feeds: readonly Feed[];
};

import { BadInput } from '#apps/cli/bad-input.ts';
import type { Webhook } from './plan.ts';

/** What a webhook is to be from now on; its address, and that it tells everything, go without saying. */
export type Change = { readonly topic: string; readonly address: string; readonly secret?: string | undefined };

/** A storefront, as far as its webhooks go. All throw BadInput when nothing can be done at all, and Refused for one webhook. */
export type Storefront = {
  readonly source: 'shopify' | 'woocommerce';
  /** As people call it. */
  readonly name: string;
  readonly topics: readonly string[];
  readonly isRead: (topic: string) => boolean;
  readonly list: () => Promise<readonly Webhook[]>;
  readonly create: (change: Change) => Promise<void>;
  /** Makes a webhook active, and whole. */
  readonly change: (id: string, change: Change) => Promise<void>;
  /** What is to be known of this storefront, which no command can look at. */
  readonly words: readonly string[];
};

/** A storefront does not take one webhook; the message says why, and what to do. */
export class Refused extends BadInput {
  override readonly name = 'Refused';
}

/** What others wrote, for a terminal: one line, without what would steer it. */
export const plainly = (text: string): string =>
  text
    .replaceAll(/<[^<>]*>/g, ' ')
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, 300);

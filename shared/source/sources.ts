import { ownOf } from '#shared/own-of.ts';
import { generic } from './generic.ts';
import { segment } from './segment.ts';
import { shopify } from './shopify.ts';
import type { Source } from './source.ts';
import { stripe } from './stripe.ts';
import { woocommerce } from './woocommerce.ts';

/** Everything that may post to `/webhooks/<name>`. */
const SOURCES = { generic, segment, shopify, stripe, woocommerce } as const satisfies Readonly<Record<string, Source>>;

export type SourceName = keyof typeof SOURCES;

/** The source of that name; undefined when there is none. */
export const sourceNamed = (name: string): Source | undefined => ownOf(SOURCES, name);

export const SOURCE_NAMES: readonly string[] = Object.keys(SOURCES);

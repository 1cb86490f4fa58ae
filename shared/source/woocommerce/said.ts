import type { Consent } from '#shared/event/event.ts';
import { known } from '#shared/source/known.ts';
import type { Instant } from '#shared/time/instant.ts';
import { type Address, type Meta, metaOf } from './schema.ts';

/** Where a ticked box stands: as docs/woocommerce.md has it set, and as an additional field of the checkout keeps it. */
const BOX = ['_tropa_marketing', '_wc_other/tropa/marketing'];
const NOT_TICKED = new Set(['0', 'no', 'false', 'off']);
const TICKED = new Set(['1', 'yes', 'true', 'on']);
const LONGEST_WORDING = 1000;

/** The value is the wording that was agreed to, or just a yes. A box that is not ticked takes nothing back. */
export function consentsIn(meta: Meta, at: Instant): Consent[] {
  const value = metaOf(meta, ...BOX);
  if (value === undefined || NOT_TICKED.has(value.toLowerCase())) return [];
  const wording = TICKED.has(value.toLowerCase()) ? 'WooCommerce: the box was ticked' : value.slice(0, LONGEST_WORDING);
  return [{ channel: 'email', topic: 'marketing', state: 'granted', at, source: 'woocommerce', wording }];
}

type Name = { readonly first: string | undefined; readonly last: string | undefined };

export const traitsOf = ({ first, last }: Name, address: Address) =>
  known({
    'name.first': first,
    'name.last': last,
    'location.country': address?.country,
    'location.city': address?.city,
  });

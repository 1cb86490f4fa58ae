import type { Identities } from '#shared/event/event.ts';
import type { Fact } from '#shared/source/fact.ts';
import { factId } from '#shared/source/fact-id.ts';
import { known } from '#shared/source/known.ts';
import { itemsOf } from './items.ts';
import type { Fulfillment } from './schema.ts';

export type Parcel = {
  readonly identities: Identities;
  readonly orderId: string;
  /** The order's, where the parcel does not say it. */
  readonly number?: string | undefined;
};

/** A parcel is called like its order, with a number behind it: `#1001.1`. */
const orderName = (name: string | undefined): string | undefined => name?.replace(/\.\d+$/, '');

/**
 * What became of a parcel: that it left, and that it arrived where the carrier has said so. Nothing of one that failed or
 * was cancelled. Shopify has no time of arrival; it is that of the change which tells of it. Nor does a parcel say that it
 * belongs to a test.
 */
export function fulfillmentFacts(parcel: Fulfillment, { orderId, number, identities }: Parcel, shop: string): Fact[] {
  if (parcel.status !== 'success' || parcel.created_at === undefined) return [];
  const data = {
    orderId,
    ...known({
      number: orderName(parcel.name) ?? number,
      trackingNumber: parcel.tracking_number,
      trackingUrl: parcel.tracking_url,
      carrier: parcel.tracking_company,
    }),
    items: itemsOf(parcel.line_items),
  };
  const told = (what: 'fulfilled' | 'delivered', at: string): Fact => ({
    id: factId('shopify', shop, 'fulfillment', parcel.id, what),
    type: `order.${what}`,
    at,
    identities,
    data,
  });
  const arrived = parcel.shipment_status === 'delivered' ? parcel.updated_at : undefined;
  return [told('fulfilled', parcel.created_at), ...(arrived === undefined ? [] : [told('delivered', arrived)])];
}

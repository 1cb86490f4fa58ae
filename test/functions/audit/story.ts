import { type AuditDeps, audit } from '#functions/audit/audit.ts';
import { noteFact } from '#shared/store/messages.ts';
import type { Change, Row } from '#shared/store/table.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { consent, event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, send, tag, waitFor } from '#test/build/journey.ts';
import { settings } from '#test/build/settings.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

const cart = journey({
  steps: [
    { type: 'call', id: 'tell', endpoint: 'crm', body: { cart: { trigger: 'cartId' } } },
    send('hello'),
    waitFor('paid', { event: 'purchase' }, { upTo: 'P30D', then: [tag('bought')] }),
  ],
});
const quiet = journey({ id: 'quiet', trigger: { type: 'event', event: 'page.viewed', quietFor: 'P5D' } });

/** Ann has been told hello and waits; she has also looked at a page, and nobody has judged that yet. */
export async function story(): Promise<HandShop> {
  const shop = await HandShop.open(
    [cart, quiet],
    settings({ endpoints: { crm: { https: 'https://crm.example/hook', secret: 'crm' } } }),
  );
  const consents = [consent('offers', '2026-03-01T00:00:00.000Z')];
  await shop.enrol(event('cart.updated', { consents, data: { cartId: 'c9' } }));
  await shop.leg().run();
  await shop.call();
  await shop.send();
  const { contact, id } = await shop.message('hello');
  await shop.table.write(noteFact(contact, id, { fact: 'sent', at: shop.clock.now() }));
  await shop.enrol(event('page.viewed', { at: shop.clock.now() }));
  return shop;
}

export const auditOnce = (shop: HandShop, deps: Partial<AuditDeps> = {}) =>
  audit(plusMillis(shop.clock.now(), MINUTE), { ...shop.given('audit'), ...deps });

/** Begins a round, lets its day pass and ends it. What was found by then, and mended. */
export async function auditDay(shop: HandShop) {
  await auditOnce(shop);
  shop.clock.pass(DAY);
  const { found, mended } = await auditOnce(shop);
  return { found, mended };
}

/** The row whose sort key begins so. */
export async function rowOf(shop: HandShop, prefix: string): Promise<Row> {
  const row = shop.scan().find(({ pk, sk }) => pk.startsWith('C#') && sk.startsWith(prefix));
  if (!row) throw new Error(`there is no ${prefix}`);
  return row;
}

/** Changes a row as nobody should. */
export async function damage(shop: HandShop, prefix: string, change: Change): Promise<void> {
  const { pk, sk } = await rowOf(shop, prefix);
  await shop.table.write({ kind: 'update', key: { pk, sk }, change });
}

import { timeReader } from '#apps/cli/replay/moment.ts';
import { commaSeparated, type Fields } from '#apps/cli/replay/rows.ts';
import { type Product, SessionCarts, totalOf } from '#apps/cli/replay/session-carts.ts';
import {
  type Derived,
  decimal,
  eventId,
  type Placed,
  type Rejection,
  runs,
  type Source,
  type Subject,
  text,
} from '#apps/cli/replay/source.ts';
import type { Event } from '#shared/event/event.ts';

/**
 * REES46 click streams: one row a click, of the kind view, cart, remove_from_cart or purchase. A cart row names one
 * product; the cart that an event shows is what the session has put in so far and not bought. Rows alike in user,
 * session, second, kind and product are one click that was logged twice.
 */

const NAME = 'rees46';
const COLUMNS = [
  'event_time',
  'event_type',
  'product_id',
  'category_id',
  'category_code',
  'brand',
  'price',
  'user_id',
  'user_session',
];
const KINDS = ['view', 'cart', 'remove_from_cart', 'purchase'] as const;
type Kind = (typeof KINDS)[number];

type Click = Subject & {
  readonly kind: Kind;
  readonly session: string;
  readonly product: Product;
  readonly price: number;
};

export function rees46(files: readonly string[], zone = 'UTC'): Source<Click> {
  const time = timeReader(zone, 'iso');
  return {
    name: NAME,
    addresses: 'none',
    consents: 'all',
    inputs: files.map((file) => commaSeparated(file, COLUMNS)),
    read: (fields) => readClick(fields, time),
    derive,
  };
}

function readClick(fields: Fields, time: (written: string) => string | undefined): Click | Rejection {
  const contact = text(fields, 'user_id');
  if (contact === '') return { reject: 'no-user' };
  const at = time(text(fields, 'event_time'));
  if (at === undefined) return { reject: 'bad-time' };
  const kind = KINDS.find((known) => known === text(fields, 'event_type'));
  if (kind === undefined) return { reject: 'unknown-type' };
  const product = productOf(fields);
  if (product.productId === '') return { reject: 'no-product' };
  // Zero is what the file has for goods whose price the shop did not show.
  const price = decimal(text(fields, 'price') || '0');
  if (price === undefined || price < 0) return { reject: 'bad-price' };
  return { contact, at, kind, session: text(fields, 'user_session') || 'none', product, price };
}

function productOf(fields: Fields): Product {
  const productId = text(fields, 'product_id');
  const brand = text(fields, 'brand');
  const code = text(fields, 'category_code');
  const kind = code.split('.').at(-1)?.replaceAll('_', ' ') ?? '';
  const name = `${brand} ${kind}`.trim() || `Product ${productId}`;
  return { productId, name, category: code || text(fields, 'category_id'), ...(brand === '' ? {} : { brand }) };
}

function* derive(rows: Iterable<Placed<Click>>): Generator<Derived> {
  const carts = new SessionCarts();
  for (const second of runs(rows, (row) => row.at)) {
    const seen = new Set<string>();
    const purchases = new Map<string, Placed<Click>[]>();
    for (const click of second) {
      const id = idOf(click);
      if (seen.has(id)) yield { reject: 'duplicate-row', rows: [click.place] };
      else if (click.kind === 'purchase')
        purchases.set(click.session, [...(purchases.get(click.session) ?? []), click]);
      else yield { event: clicked(click, id, carts), place: click.place, uses: [click.place] };
      seen.add(id);
    }
    for (const bought of purchases.values()) yield* purchased(bought, carts);
  }
}

const secondOf = (at: string) => at.slice(0, 19).replaceAll(/[-:]/g, '');
const idOf = (click: Click) =>
  eventId(NAME, click.contact, click.session, secondOf(click.at), click.kind, click.product.productId);

const base = (click: Click) => ({ at: click.at, source: NAME, identities: { externalId: click.contact } });

function clicked(click: Click, id: string, carts: SessionCarts): Event {
  const { kind, product, price, session } = click;
  if (kind === 'view')
    return { ...base(click), id, type: 'product.viewed', data: { ...product, price, sessionId: session } };
  const items = carts.change(session, { ...product, price, quantity: kind === 'cart' ? 1 : -1 });
  return { ...base(click), id, type: 'cart.updated', data: { cartId: session, total: totalOf(items), items } };
}

/** All that a session buys in one second is one order. What was bought lies in the cart no longer. */
function* purchased(clicks: readonly Placed<Click>[], carts: SessionCarts): Generator<Derived> {
  const [first] = clicks;
  if (!first) return;
  const { contact, session, at, place } = first;
  for (const { product } of clicks) carts.drop(session, product.productId);
  const items = clicks.map(({ product, price }) => ({ ...product, quantity: 1, price }));
  const orderId = `${session}-${secondOf(at)}`;
  const id = eventId(NAME, contact, session, secondOf(at), 'purchase');
  const data = { orderId, total: totalOf(items), items };
  yield { event: { ...base(first), id, type: 'purchase', data }, place, uses: clicks.map((click) => click.place) };
}

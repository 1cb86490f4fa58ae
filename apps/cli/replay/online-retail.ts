import { countryCode } from '#apps/cli/replay/countries.ts';
import { timeReader } from '#apps/cli/replay/moment.ts';
import { ordersOf, withRegistration } from '#apps/cli/replay/orders.ts';
import { commaSeparated, type Fields } from '#apps/cli/replay/rows.ts';
import {
  type Derived,
  decimal,
  eventId,
  type Placed,
  type Rejection,
  rounded,
  type Source,
  type Subject,
  text,
} from '#apps/cli/replay/source.ts';
import type { Event } from '#shared/event/event.ts';

/**
 * UCI "Online Retail": one row a line of an invoice. Numbers that begin with C are cancellations; they do not say which
 * invoice they cancel, so `orderId` of `order.cancelled` is the cancellation's own number.
 */

const NAME = 'online-retail';
const COLUMNS = [
  'InvoiceNo',
  'StockCode',
  'Description',
  'Quantity',
  'InvoiceDate',
  'UnitPrice',
  'CustomerID',
  'Country',
];

type Line = Subject & {
  readonly invoice: string;
  readonly country: string | undefined;
  readonly item: {
    readonly productId: string;
    readonly name: string;
    readonly quantity: number;
    readonly price: number;
  };
};

export function onlineRetail(files: readonly string[], zone = 'Europe/London'): Source<Line> {
  const iso = timeReader(zone, 'iso');
  // The same table went round as a spreadsheet's CSV too, with dates as 12/1/2010 8:26.
  const american = timeReader(zone, 'month/day/year');
  return {
    name: NAME,
    addresses: 'none',
    consents: 'all',
    inputs: files.map((file) => commaSeparated(file, COLUMNS)),
    read: (fields) => readLine(fields, (written) => (written.includes('/') ? american(written) : iso(written))),
    derive,
  };
}

const isCancellation = (invoice: string) => /^c/i.test(invoice);

function readLine(fields: Fields, time: (written: string) => string | undefined): Line | Rejection {
  // Spreadsheets have made 17850.0 of 17850.
  const contact = text(fields, 'CustomerID').replace(/\.0+$/, '');
  if (contact === '') return { reject: 'no-customer' };
  const invoice = text(fields, 'InvoiceNo');
  if (invoice === '') return { reject: 'no-invoice' };
  const at = time(text(fields, 'InvoiceDate'));
  if (at === undefined) return { reject: 'bad-time' };
  const quantity = decimal(text(fields, 'Quantity'));
  if (quantity === undefined) return { reject: 'bad-quantity' };
  const price = decimal(text(fields, 'UnitPrice'));
  if (price === undefined || price < 0) return { reject: 'bad-price' };
  // Returns belong on cancellations and goods on orders; a line of the other kind would turn the total round.
  if (isCancellation(invoice) ? quantity >= 0 : quantity <= 0) return { reject: 'wrong-sign-of-quantity' };
  const item = {
    productId: text(fields, 'StockCode'),
    name: text(fields, 'Description'),
    quantity: Math.abs(quantity),
    price,
  };
  return { contact, at, invoice, country: countryCode(text(fields, 'Country')), item };
}

function* derive(rows: Iterable<Placed<Line>>): Generator<Derived> {
  yield* withRegistration(invoices(rows), 'purchase');
}

function* invoices(rows: Iterable<Placed<Line>>): Generator<Derived> {
  for (const { lines, closing } of ordersOf(rows, (row) => row.invoice)) {
    const { at, place, invoice, contact, country } = closing;
    const type = isCancellation(invoice) ? 'order.cancelled' : 'purchase';
    const base = { id: eventId(NAME, invoice), at, source: NAME, identities: { externalId: contact } };
    const event = { ...base, type, ...located(country), data: orderData(invoice, lines) };
    yield { event, place, uses: lines.map((line) => line.place) };
  }
}

const located = (country: string | undefined) =>
  country === undefined ? {} : { traits: { 'location.country': country } };

function orderData(orderId: string, lines: readonly Line[]): Event['data'] {
  const items = lines.map((line) => line.item);
  return { orderId, total: rounded(items.reduce((sum, item) => sum + item.quantity * item.price, 0)), items };
}

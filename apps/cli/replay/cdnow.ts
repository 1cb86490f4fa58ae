import { timeReader } from '#apps/cli/replay/moment.ts';
import { withRegistration } from '#apps/cli/replay/orders.ts';
import type { Fields } from '#apps/cli/replay/rows.ts';
import {
  type Derived,
  decimal,
  eventId,
  type Placed,
  type Rejection,
  rounded,
  runs,
  type Source,
  type Subject,
  text,
} from '#apps/cli/replay/source.ts';

/**
 * CDNOW's purchases: customer, day, number of CDs, dollars. A customer may buy several times a day, and for the same
 * amount; nothing tells such rows apart but their order, so a running number in the day makes the key whole.
 */

const NAME = 'cdnow';
const COLUMNS = ['customer', 'date', 'units', 'dollars'];

type Purchase = Subject & { readonly day: string; readonly units: number; readonly dollars: number };

export function cdnow(files: readonly string[], zone = 'America/New_York'): Source<Purchase> {
  const time = timeReader(zone, 'iso');
  return {
    name: NAME,
    addresses: 'none',
    consents: 'all',
    inputs: files.map((file) => ({ file, format: { kind: 'columns' }, columns: COLUMNS })),
    read: (fields) => readPurchase(fields, time),
    derive: (rows) => withRegistration(purchases(rows), 'purchase'),
  };
}

function readPurchase(fields: Fields, time: (written: string) => string | undefined): Purchase | Rejection {
  const day = text(fields, 'date');
  const at = time(day);
  if (at === undefined) return { reject: 'bad-time' };
  const units = decimal(text(fields, 'units'));
  if (units === undefined || units <= 0) return { reject: 'bad-quantity' };
  const dollars = decimal(text(fields, 'dollars'));
  if (dollars === undefined || dollars < 0) return { reject: 'bad-price' };
  return { contact: text(fields, 'customer'), at, day, units, dollars };
}

function* purchases(rows: Iterable<Placed<Purchase>>): Generator<Derived> {
  for (const day of runs(rows, (row) => row.day)) {
    for (const [i, { contact, at, place, units, dollars, day: date }] of day.entries()) {
      const orderId = `${contact}-${date}-${i + 1}`;
      const items = [
        { productId: 'cd', name: 'CD', category: 'music', quantity: units, price: rounded(dollars / units) },
      ];
      const base = {
        id: eventId(NAME, contact, date, String(i + 1)),
        at,
        source: NAME,
        identities: { externalId: contact },
      };
      yield { event: { ...base, type: 'purchase', data: { orderId, total: dollars, items } }, place, uses: [place] };
    }
  }
}

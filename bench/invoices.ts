import { writeFileSync } from 'node:fs';
import { fromMillis, toMillis } from '#shared/time/instant.ts';

const CUSTOMERS = 1500;
const INVOICES = 9000;
const LINES_AT_MOST = 40;
const YEAR = 365 * 86_400_000;
const START = toMillis('2025-01-01T08:00:00.000Z');

/**
 * A year of a made-up wholesaler as the CSV file of "Online Retail": some customers come once and some weekly, the lists
 * are long, one invoice in ten is a cancellation. Always the same. Returns the file's name.
 */
export function writeInvoices(file: string): string {
  const dice = seeded();
  const lines = ['InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country'];
  for (let invoice = 0; invoice < INVOICES; invoice += 1) {
    const at = fromMillis(START + (invoice / INVOICES) * YEAR).slice(0, 19);
    // The square lets few customers have most of the invoices.
    const customer = 10_000 + Math.floor(dice() ** 2 * CUSTOMERS);
    const cancels = dice() < 0.1;
    const number = `${cancels ? 'C' : ''}${500_000 + invoice}`;
    const count = 1 + Math.floor(dice() * LINES_AT_MOST);
    for (let line = 0; line < count; line += 1) {
      const product = Math.floor(dice() * 3000);
      const quantity = (1 + Math.floor(dice() * 24)) * (cancels ? -1 : 1);
      const price = (0.4 + dice() * 12).toFixed(2);
      lines.push(`${number},${product},THING OF KIND ${product},${quantity},${at},${price},${customer},Poland`);
    }
  }
  writeFileSync(file, lines.join('\n'));
  return file;
}

/** Numbers from 0 to less than 1, the same in each run (Park and Miller's minimal standard). */
export function seeded(): () => number {
  let state = 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

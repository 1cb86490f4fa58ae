import { closeSync, openSync, writeSync } from 'node:fs';
import type { Head } from '#apps/cli/backtest/prepared.ts';
import type { Consent } from '#shared/event/event.ts';
import { fromMillis, type Instant, toMillis } from '#shared/time/instant.ts';
import { seeded } from './invoices.ts';

const START = toMillis('2025-01-01T08:00:00.000Z');
const DAY = 86_400_000;
const YEAR = 365 * DAY;
/** Of a contact, with the registration; few have many. */
const MOST_EVENTS = 60;
const BUFFERED = 1024 * 1024;

/**
 * A year of a made-up shop as a prepared event file of so many events, about 20 a contact: a registration, visits, and one
 * purchase in five events. Always the same. Nothing is held but one contact.
 */
export function writeLongPast(file: string, events: number, topics: readonly string[]): Head {
  const contacts = contactsOf(events);
  const head: Head = {
    ...{ tropa: 'events by contact', version: 1, source: 'made up' },
    ...{ contacts: contacts.length, events, topics: [...topics] },
    first: fromMillis(START),
    last: fromMillis(START + YEAR),
    rows: { read: events, used: events, rejected: {} },
  };
  const descriptor = openSync(file, 'w');
  let buffer = `${JSON.stringify(head)}\n`;
  const dice = seeded();
  contacts.forEach((count, contact) => {
    for (const event of storyOf(contact, count, topics, dice)) buffer += `${JSON.stringify(event)}\n`;
    if (buffer.length < BUFFERED) return;
    writeSync(descriptor, buffer);
    buffer = '';
  });
  writeSync(descriptor, buffer);
  closeSync(descriptor);
  return head;
}

/** How many events each contact has, so many in all. */
function contactsOf(events: number): Uint8Array {
  const dice = seeded();
  const counts: number[] = [];
  for (let left = events; left > 0; left -= counts.at(-1) ?? 1)
    counts.push(Math.min(left, 1 + Math.floor(dice() ** 2 * MOST_EVENTS)));
  return Uint8Array.from(counts);
}

function* storyOf(contact: number, count: number, topics: readonly string[], dice: () => number): Generator<object> {
  const days = Array.from({ length: count }, () => dice() * (YEAR - DAY)).sort((a, b) => a - b);
  const whole = {
    contact: `c${contact}`,
    identities: { externalId: `c${contact}`, email: `c${contact}@past.example` },
  };
  for (const [i, day] of days.entries()) {
    const at = fromMillis(START + Math.floor(day));
    const common = { id: `e${contact}-${i}`, at, source: 'bench', ...whole };
    yield i === 0
      ? { ...common, type: 'registration', data: {}, consents: topics.map((topic) => granted(topic, at)) }
      : { ...common, ...happening(contact, i, dice) };
  }
}

const granted = (topic: string, at: Instant): Consent => ({
  ...{ channel: 'email', topic, state: 'granted', at },
  ...{ source: 'form', wording: 'Yes, please' },
});

function happening(contact: number, i: number, dice: () => number): object {
  if (dice() < 0.8) return { type: 'product.viewed', data: { productId: `p${Math.floor(dice() * 3000)}` } };
  const total = Math.round(dice() * 20_000) / 100;
  const items = Array.from({ length: 1 + Math.floor(dice() * 4) }, () => ({
    ...{ productId: `p${Math.floor(dice() * 3000)}`, quantity: 1 + Math.floor(dice() * 3), category: 'coffee' },
  }));
  return { type: 'purchase', data: { orderId: `o${contact}-${i}`, total, items } };
}

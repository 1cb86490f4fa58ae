import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Journey, Step } from '#shared/journey/journey.ts';

const TEMPLATE = `---
{ "subject": "Order {{ trigger.orderId | default: 'of yours' }}", "topic": "orders" }
---
<mjml><mj-body><mj-section><mj-column><mj-text>Hello {{ contact.name | default: 'there' }}, thank you.</mj-text></mj-column></mj-section></mj-body></mjml>
`;

const SETTINGS = {
  shop: { name: 'Bench', timeZone: 'UTC', locale: 'en', currency: 'EUR' },
  topics: { orders: { kind: 'transactional' } },
  senders: { default: { email: 'Bench <hello@bench.example>' } },
};

/** What every bench's shop has besides its journeys. */
export const shopFiles = () => [
  { key: 'settings.json', body: JSON.stringify(SETTINGS) },
  { key: 'templates/plain/email.mjml', body: TEMPLATE },
];

/** Writes a folder with one journey of these steps, started by a registration, whose mails need no consent. */
export function writeShop(folder: string, id: string, steps: readonly Step[], more: Partial<Journey> = {}): void {
  const trigger = { type: 'event', event: 'registration' };
  const journey = { id, name: id, status: 'live', topic: 'orders', trigger, ...more, steps };
  mkdirSync(join(folder, 'journeys'), { recursive: true });
  mkdirSync(join(folder, 'templates/plain'), { recursive: true });
  const files = [...shopFiles(), { key: `journeys/${id}.json`, body: JSON.stringify(journey) }];
  for (const { key, body } of files) writeFileSync(join(folder, key), body);
}

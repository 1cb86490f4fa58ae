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

/** Writes a folder with one journey of these steps, started by a registration, whose mails need no consent. */
export function writeShop(folder: string, id: string, steps: readonly Step[], more: Partial<Journey> = {}): void {
  const trigger = { type: 'event', event: 'registration' };
  const journey = { id, name: id, status: 'live', topic: 'orders', trigger, ...more, steps };
  mkdirSync(join(folder, 'journeys'), { recursive: true });
  mkdirSync(join(folder, 'templates/plain'), { recursive: true });
  writeFileSync(join(folder, 'settings.json'), JSON.stringify(SETTINGS));
  writeFileSync(join(folder, 'templates/plain/email.mjml'), TEMPLATE);
  writeFileSync(join(folder, `journeys/${id}.json`), JSON.stringify(journey));
}

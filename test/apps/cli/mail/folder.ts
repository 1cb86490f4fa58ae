import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Writable } from 'node:stream';
import { onTestFinished } from 'vitest';

const mail = (hello: string) => `---
{ "subject": "${hello} {{ contact.name.first }}", "preheader": "{{ trigger.total }}", "topic": "offers",
  "sample": { "contact": { "name": { "first": "Ann" } }, "trigger": { "total": 5 } } }
---
<mjml><mj-body><mj-section><mj-column><mj-text>${hello}, {{ contact.name.first }}: {{ contact.colour }}{{ contact.size | default: "any" }}
<a name="shop" href="https://shop.example/">Shop</a> <a href="{{ message.unsubscribe_url }}">Out</a> {{ shop.address }}</mj-text></mj-column></mj-section></mj-body></mjml>`;

/** A shop's folder with a mail in two languages and one about an order, and a file of a contact. */
export function folder(contact: unknown = { name: { first: 'Жанна' } }) {
  const dir = mkdtempSync(join(tmpdir(), 'tropa-look-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const shop = { name: 'Shop', timeZone: 'Europe/Warsaw', locale: 'en', currency: 'EUR', address: 'Long Lane 1' };
  const topics = { offers: { kind: 'marketing' }, orders: { kind: 'transactional' } };
  const senders = { default: { email: 'Żółty Sklep <hello@shop.example>' } };
  const files = {
    'shop/settings.json': JSON.stringify({ shop, topics, senders }),
    'shop/templates/hello/email.mjml': mail('Hello'),
    'shop/templates/hello/email.pl.mjml': mail('Cześć'),
    'shop/templates/order/email.mjml':
      '---\n{ "subject": "Thanks", "topic": "orders" }\n---\n<mjml><mj-body><mj-section><mj-column><mj-text>Thanks</mj-text></mj-column></mj-section></mj-body></mjml>',
    'contact.json': typeof contact === 'string' ? contact : JSON.stringify(contact),
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
  return { dir, shop: join(dir, 'shop'), contact: join(dir, 'contact.json') };
}

export class Paper extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

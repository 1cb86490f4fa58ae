import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openRuntime } from '#apps/local/runtime.ts';
import { type Served, serve } from '#apps/local/server.ts';
import { signStandardWebhook } from '#shared/webhook/standard-webhooks.ts';

/** A folder like the bucket: somebody registers and gets a greeting, somebody buys and gets a receipt. */
const FILES: Readonly<Record<string, unknown>> = {
  'settings.json': {
    shop: { name: 'Corner Shop', timeZone: 'Europe/Warsaw', locale: 'en', currency: 'EUR', address: 'Long Lane 1' },
    topics: {
      news: { kind: 'marketing', name: { en: 'News', pl: 'Nowości', ru: 'Новости' } },
      orders: { kind: 'transactional' },
    },
    caps: [{ count: 1, per: 'P7D', if: { trait: 'frequency', is: 'weekly' } }],
    traits: { frequency: 'text' },
    senders: { default: { email: 'Corner Shop <hello@corner.example>', replyTo: 'help@corner.example' } },
  },
  'journeys/welcome.json': {
    id: 'welcome',
    name: 'Welcome',
    status: 'live',
    topic: 'news',
    trigger: { type: 'event', event: 'registration' },
    entry: { if: { consent: 'news' } },
    steps: [{ type: 'send', id: 'hello', template: 'hello' }],
  },
  'journeys/receipt.json': {
    id: 'receipt',
    name: 'Receipt',
    status: 'live',
    topic: 'orders',
    trigger: { type: 'event', event: 'purchase' },
    entry: { again: { after: 'PT1M' } },
    steps: [{ type: 'send', id: 'thanks', template: 'thanks' }],
  },
  'templates/hello/email.mjml': `---
{ "subject": "Hello {{ contact.name.first | default: 'there' }}", "topic": "news" }
---
<mjml><mj-body><mj-section><mj-column>
<mj-text font-size="24px">Good to see you</mj-text>
<mj-text>This is what we do. <a href="https://corner.example/tea">Look at the tea</a>.</mj-text>
<mj-button href="https://corner.example/">To the shop</mj-button>
<mj-text>{{ shop.address }}. <a href="{{ message.unsubscribe_url }}">Unsubscribe</a>,
<a href="{{ message.preferences_url }}">preferences</a>, <a href="{{ message.view_url }}">in the browser</a></mj-text>
</mj-column></mj-section></mj-body></mjml>`,
  'templates/thanks/email.mjml': `---
{ "subject": "Your order", "topic": "orders" }
---
<mjml><mj-body><mj-section><mj-column><mj-text>Thank you. {{ shop.address }}</mj-text></mj-column></mj-section></mj-body></mjml>`,
};

/** The same shop where news ask for double opt-in: a mail asks to confirm, in three languages. */
export const DOUBLE: Readonly<Record<string, unknown>> = {
  'settings.json': {
    shop: { name: 'Corner Shop', timeZone: 'Europe/Warsaw', locale: 'en', currency: 'EUR', address: 'Long Lane 1' },
    topics: {
      news: { kind: 'marketing', optIn: 'double', name: { en: 'News', pl: 'Nowości', ru: 'Новости' } },
      orders: { kind: 'transactional' },
    },
    senders: { default: { email: 'Corner Shop <hello@corner.example>' } },
  },
  'journeys/confirm.json': {
    id: 'confirm',
    name: 'Confirm',
    status: 'live',
    topic: 'orders',
    trigger: { type: 'event', event: 'consent.pending' },
    steps: [{ type: 'send', id: 'ask', template: 'ask' }],
  },
  'journeys/letter.json': {
    id: 'letter',
    name: 'Letter',
    status: 'live',
    topic: 'news',
    trigger: { type: 'event', event: 'product.viewed' },
    entry: { again: { after: 'PT1M' } },
    steps: [{ type: 'send', id: 'letter', template: 'hello' }],
  },
  'templates/ask/email.mjml': `---
{ "subject": "One more step", "topic": "orders" }
---
<mjml><mj-body><mj-section><mj-column><mj-text>Please <a href="{{ message.confirm_url }}">confirm</a>. {{ shop.address }}</mj-text></mj-column></mj-section></mj-body></mjml>`,
};

export const START = '2026-03-02T10:00:00.000Z';

function writeShop(folder: string, files: typeof FILES): void {
  for (const [path, content] of Object.entries({ ...FILES, ...files })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), typeof content === 'string' ? content : JSON.stringify(content));
  }
}

/** A served shop whose files are live, with these beside them. Its clock stands at START and moves when it is driven or released. */
export async function openShop(files: typeof FILES = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'tropa-shop-'));
  writeShop(folder, files);
  const logged: string[] = [];
  const runtime = openRuntime({
    start: '2026-03-02T09:59:00.000Z',
    eventDays: 400,
    mailsPerSecond: 10,
    publicUrl: 'http://shop.localhost',
    log: {
      info: () => {},
      warn: (message) => void logged.push(message),
      error: (message) => void logged.push(message),
    },
  });
  runtime.upload(folder);
  await runtime.drive(START);
  const summary = async () => ({ contacts: 3, events: { recorded: 1234 }, journeys: { welcome: { entries: 7 } } });
  const served: Served = await serve(runtime, { port: 0, summary });
  const [secret = ''] = await runtime.deps.secrets.get(runtime.webhookSecretId);
  let posted = 0;
  let hold = (): void => {};
  return {
    runtime,
    /** From now on the clock passes by itself. */
    release(): void {
      hold = runtime.clock.release();
    },
    /** Every warning and error so far. */
    logged,
    url: served.url,
    /** Posts to the webhook as a storefront does, signed unless headers are given. */
    async post(body: object, headers?: Record<string, string>, path = '/webhooks/generic'): Promise<Response> {
      const text = JSON.stringify(body);
      posted += 1;
      return fetch(served.url + path, {
        method: 'POST',
        headers: headers ?? signStandardWebhook(`m${posted}`, new Date().toISOString(), text, secret),
        body: text,
      });
    },
    async close(): Promise<void> {
      await served.close();
      hold();
      runtime.close();
      rmSync(folder, { recursive: true });
    },
  };
}
export type Shop = Awaited<ReturnType<typeof openShop>>;

/** The path of a link in the first mail with one that somebody got: `u`, `p`, `v` or `c`. */
export function mailLink({ runtime }: Shop, name: string, kind: 'u' | 'p' | 'v' | 'c'): string {
  for (let n = 1; ; n += 1) {
    const found = runtime.inbox.mails.find(`local-${String(n).padStart(9, '0')}`);
    if (!found) throw new Error(`${name} has got no mail`);
    const path = new RegExp(`/${kind}/[\\w.-]+`).exec(found.mail?.html ?? '')?.[0];
    if (found.entry.to === `${name}@mail.example` && path) return path;
  }
}

const consent = { channel: 'email', topic: 'news', state: 'granted', at: START, source: 'form', wording: 'Yes please' };

/** Somebody who wants news registers. */
export const registration = (name: string) => ({
  id: `registration-${name}`,
  type: 'registration',
  at: START,
  identities: { email: `${name}@mail.example` },
  traits: { 'name.first': name },
  consents: [consent],
});

export const purchase = (name: string) => ({
  id: `purchase-${name}`,
  type: 'purchase',
  at: START,
  identities: { email: `${name}@mail.example` },
  data: { total: 12 },
});

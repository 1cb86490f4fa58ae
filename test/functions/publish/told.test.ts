import { beforeEach, expect, it } from 'vitest';
import { type PublishDeps, publish } from '#functions/publish/publish.ts';
import { print } from '#shared/publish/print.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, send } from '#test/build/journey.ts';
import { CollectingQueue } from '#test/build/ports.ts';
import { settings } from '#test/build/settings.ts';

/** What the one who saved a file is told. */
let shop: HandShop;
let deps: PublishDeps;
let uploads: number;
let later: string[];

beforeEach(() => {
  shop = new HandShop();
  const compiler = { compile: async (body: string) => ({ html: body, text: body, problems: [] }) };
  later = [];
  deps = {
    ...shop.deps,
    bucket: shop.bucket,
    again: new CollectingQueue(),
    tell: new CollectingQueue(),
    compiler,
    wentLive: (report) => void later.push(firstLine(print(report))),
  };
  uploads = 0;
});

const firstLine = (text: string): string => text.split('\n')[0] ?? '';

async function save(key: string, content: unknown): Promise<string> {
  const notice = noticeOf(key, content);
  return tell(notice);
}

function noticeOf(key: string, content: unknown): object {
  uploads += 1;
  const version = shop.bucket.store(key, typeof content === 'string' ? content : JSON.stringify(content));
  return { detail: { object: { key, sequencer: `00${uploads}`, 'version-id': version } } };
}

async function tell(notice: object): Promise<string> {
  const report = await publish(notice, deps);
  return report ? firstLine(print(report)) : '';
}

const cart = (more: object = {}) => ({
  ...journey({ steps: [send('first')], entry: { if: { consent: 'offers' } }, goal: { if: { event: 'purchase' } } }),
  ...more,
});
const template =
  '---\n{ "subject": "Hi", "preheader": "For you", "topic": "offers" }\n---\n{{ message.unsubscribe_url }} {{ shop.address }}';
const shopFile = settings({ shop: { address: 'Lane 1' }, senders: { default: { email: 'a@shop.example' } } });

const ready = async () => {
  await save('settings.json', shopFile);
  await save('templates/hello/email.mjml', template);
};

it('that a journey is live now that had waited for its template', async () => {
  await save('settings.json', shopFile);
  expect(await save('journeys/cart.json', cart())).toContain('NOT PUBLISHED');
  expect(later).toEqual([]);
  expect(await save('templates/hello/email.mjml', template)).toBe('templates/hello/email.mjml   PUBLISHED.');
  expect(later).toEqual(['journeys/cart.json   PUBLISHED as version 1.']);
});

it('that nothing has changed when only a comment has, and what was done when the notice comes again', async () => {
  await ready();
  const first = noticeOf('journeys/cart.json', cart());
  expect(await tell(first)).toBe('journeys/cart.json   PUBLISHED as version 1.');
  expect(await tell(first)).toBe('journeys/cart.json   PUBLISHED as version 1.');
  const commented = `// A comment.\n${JSON.stringify(cart())}`;
  expect(await save('journeys/cart.json', commented)).toBe('journeys/cart.json   UNCHANGED. Version 1 stays live.');
});

it('what closing means, and that a journey is open again', async () => {
  await ready();
  await save('journeys/cart.json', cart());
  expect(await save('journeys/cart.json', cart({ status: 'closing' }))).toBe(
    'journeys/cart.json   CLOSING. Nobody enters any more; who is inside goes on.',
  );
  expect(await save('journeys/cart.json', cart())).toBe('journeys/cart.json   PUBLISHED as version 1.');
});

it.each([
  ['settings.json', () => JSON.stringify(shopFile).replace('Lane 1', 'Lan\uFFFD 1')],
  ['templates/hello/email.mjml', () => template.replace('Hi', 'H\uFFFD')],
  ['journeys/cart.json', () => JSON.stringify(cart({ name: 'C\uFFFDrt' }))],
])('that %s is not in UTF-8, and what was live stays', async (key, text) => {
  await ready();
  await save('journeys/cart.json', cart());
  expect(await save(key, text())).toMatch(/NOT PUBLISHED: 1 error. (What was live|Version 1) stays live\.$/);
});

it('that a journey which had waited is live, also when publish is cut off before it could say so', async () => {
  await save('settings.json', shopFile);
  expect(await save('journeys/cart.json', cart())).toContain('NOT PUBLISHED');
  const notice = noticeOf('templates/hello/email.mjml', template);
  const put = shop.bucket.put.bind(shop.bucket);
  const report = async () => (await shop.bucket.get('reports/journeys.cart.json.txt'))?.body;
  shop.bucket.put = async (key, ...rest) => {
    if (key.startsWith('reports/journeys')) throw new Error('cut off');
    return put(key, ...rest);
  };
  await expect(tell(notice)).rejects.toThrow('cut off');
  expect(await report()).toContain('NOT PUBLISHED');
  shop.bucket.put = put;
  await tell(notice);
  expect(await report()).toContain('PUBLISHED as');
  expect(later).toEqual([expect.stringContaining('PUBLISHED as')]);
});

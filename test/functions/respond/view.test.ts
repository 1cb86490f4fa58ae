import { expect, it } from 'vitest';
import { putShelf } from '#shared/store/journeys.ts';
import { compiledKey, variantName } from '#shared/template/library.ts';
import { templateVersion } from '#shared/template/template.ts';
import { event } from '#test/build/event.ts';
import { CONTENT } from '#test/build/published.ts';
import { visitor } from './visitor.ts';

const content = {
  html: '<html><body><p>For {{ contact.name }}: {{ trigger.total }}.</p><a ses:tags="link:shop;" name="shop" href="https://a.example/">Shop</a> <a ses:no-track href="{{ message.unsubscribe_url }}">Out</a> <a href="{{ message.preferences_url }}">Choose</a>{% if message.view_url %}<a href="{{ message.view_url }}">View</a>{% endif %}</body></html>',
  variables: ['contact.name', 'message.unsubscribe_url', 'trigger.total'],
};
const open = (topic?: string) =>
  visitor({ content, event: { traits: { name: 'Ann <b>' }, data: { total: 12 } }, ...(topic && { topic }) });

it('is linked to from marketing mail, and shows what the mail says', async () => {
  const { shop, ask } = await open();
  const token = /\/v\/([\w.-]+)/.exec(shop.mailer.mails[0]?.html ?? '')?.[1] ?? '';
  const { statusCode, body, headers } = await ask('GET', token);
  expect(statusCode).toBe(200);
  expect(body).toContain('<p>For Ann &lt;b&gt;: 12.</p><a name="shop" href="https://a.example/">');
  // What SES is told stands in no page, and a page does not lead to itself.
  expect(body).not.toMatch(/ses:|\/v\//);
  expect(headers).toMatchObject({ 'x-robots-tag': 'noindex', 'cache-control': 'no-store' });
  expect(headers?.['content-security-policy']).toMatch(/^sandbox .*default-src 'none'.*form-action 'none'/);
});

it.each(['GET', 'HEAD', 'POST'])('changes nothing by %s, and is nobody’s reading', async (method) => {
  const { shop, ask, tokens } = await open();
  const before = shop.scan();
  expect((await ask(method, tokens.view, 'List-Unsubscribe=One-Click')).statusCode).toBe(200);
  expect(shop.scan()).toEqual(before);
  expect(shop.bus.entries).toEqual([]);
});

it('has links that work: the way out asks first, so that whoever was forwarded a mail unsubscribes nobody by following it', async () => {
  const { ask, arrive, tokens, states } = await open();
  const { body = '' } = await ask('GET', tokens.view);
  const out = /href="\.\.\/u\/([^"]+)"/.exec(body)?.[1] ?? '';
  expect((await ask('GET', out)).body).toContain('<form method="post">');
  await arrive();
  expect(await states()).toEqual({ offers: 'granted' });
  await ask('POST', out);
  await arrive();
  expect(await states()).toEqual({ offers: 'denied' });
  expect((await ask('GET', /href="\.\.\/p\/([^"]+)"/.exec(body)?.[1] ?? '')).statusCode).toBe(200);
});

it('shows the template as it was when the mail went, though another is live', async () => {
  const { shop, ask, tokens } = await open();
  const now = { ...CONTENT, html: '<p>Something else</p>' };
  const hash = templateVersion(now);
  await shop.bucket.put(compiledKey(hash), JSON.stringify({ ...now, version: hash }));
  const live = { hash, sequencer: '1', hasUnsubscribe: true, variables: [] };
  await shop.table.write(putShelf({ rev: 1, templates: { [variantName('hello', 'email', '')]: live } }));
  shop.deps.published.refresh();
  expect((await ask('GET', tokens.view)).body).toContain('For Ann');
});

it.each([
  ['is about an order', 'orders', async () => {}],
  [
    'is of a passage that is forgotten',
    'offers',
    async ({ shop }) => {
      const { contact } = await shop.contact();
      for (const { sk } of await shop.table.query({ pk: `C#${contact}`, prefix: 'J#' }))
        await shop.table.write({ kind: 'delete', key: { pk: `C#${contact}`, sk: String(sk) } });
    },
  ],
  [
    'prints an event that is kept no longer',
    'offers',
    async ({ shop }) => {
      const { contact } = await shop.contact();
      for (const { sk } of await shop.table.query({ pk: `C#${contact}`, prefix: 'E#' }))
        await shop.table.write({ kind: 'delete', key: { pk: `C#${contact}`, sk: String(sk) } });
    },
  ],
] satisfies [string, string, (open: Awaited<ReturnType<typeof visitor>>) => Promise<void>][])(
  'says that it cannot be shown where the mail %s',
  async (_, topic, change) => {
    const opened = await open(topic);
    await change(opened);
    const { statusCode, body } = await opened.ask('GET', opened.tokens.view);
    expect(statusCode).toBe(404);
    expect(body).toContain('This mail cannot be shown any more');
    expect(body).not.toContain('Ann');
  },
);

it('says to who was erased that nothing is known of them', async () => {
  const { shop, ask, tokens } = await open();
  const { contact } = await shop.contact();
  for (const { sk } of await shop.table.query({ pk: `C#${contact}` }))
    await shop.table.write({ kind: 'delete', key: { pk: `C#${contact}`, sk: String(sk) } });
  const { statusCode, body } = await ask('GET', tokens.view, undefined, { 'accept-language': 'pl' });
  expect(statusCode).toBe(200);
  expect(body).toContain('Nie mamy już Twojego adresu.');
});

it('links to no view from mail about an order', async () => {
  const { shop } = await open('orders');
  expect(shop.mailer.mails[0]?.html).not.toContain('/v/');
});

it('tells whoever has a mailbox that its contact has left nothing of what is known of them now', async () => {
  const { shop, ask, tokens } = await visitor({
    content,
    event: { identities: { externalId: '7', email: 'ann@shop.example' }, traits: { name: 'Ann' }, data: { total: 12 } },
  });
  const moved = { identities: { externalId: '7', email: 'new@shop.example' }, traits: { name: 'Ann Newname' } };
  expect((await ask('GET', tokens.view)).body).toContain('For Ann:');
  shop.clock.pass(1000);
  await shop.enrol(event('profile.updated', { at: shop.clock.now(), ...moved }));
  const { statusCode, body } = await ask('GET', tokens.view);
  expect(statusCode).toBe(404);
  expect(body).not.toContain('Newname');
});

it('is shown to a guest, whose mails go to the address of their order, whatever the account says by now', async () => {
  const { shop, ask, tokens } = await open();
  shop.clock.pass(1000);
  await shop.enrol(
    event('profile.updated', { at: shop.clock.now(), identities: { externalId: '7', email: 'ann@shop.example' } }),
  );
  shop.clock.pass(1000);
  await shop.enrol(
    event('profile.updated', { at: shop.clock.now(), identities: { externalId: '7', email: 'new@shop.example' } }),
  );
  expect((await ask('GET', tokens.view)).statusCode).toBe(200);
});

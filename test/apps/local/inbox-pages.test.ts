import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Mail } from '#shared/ports.ts';
import { openShop, purchase, registration, type Shop } from './shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
  const people = Array.from({ length: 60 }, (_, i) => registration(`r${i + 1}`));
  await shop.post({ events: [...people, purchase('ann')] });
  await shop.runtime.drive('2026-03-02T10:05:00.000Z');
  shop.release();
});
afterAll(() => shop.close());

const get = async (path: string): Promise<string> => (await fetch(shop.url + path)).text();
const idsOn = (page: string): string[] => [...page.matchAll(/href="\/mails\/([^"?]+)"/g)].map(([, id = '']) => id);
const linkOn = (page: string, name: string): string | undefined =>
  new RegExp(`href="([^"]*)">${name}<`).exec(page)?.[1]?.replaceAll('&amp;', '&');
const receipt = (): string => shop.runtime.inbox.mails.page({ journey: 'receipt' }, 1).entries[0]?.id ?? '';
const greeting = (n: number): string =>
  shop.runtime.inbox.mails.page({ to: `r${n}@mail.example` }, 1).entries[0]?.id ?? '';
const answer = (id: string, kind: string) =>
  fetch(`${shop.url}/mails/${id}/answer`, { method: 'POST', body: new URLSearchParams({ kind, view: 'text' }) });

describe('the list', () => {
  it('shows every mail once, newest first, over its pages and back', async () => {
    const first = await get('/');
    const second = await get(linkOn(first, 'Older') ?? '');
    const all = [...idsOn(first), ...idsOn(second)];
    expect(idsOn(first)).toHaveLength(50);
    expect(all).toHaveLength(61);
    expect(all).toEqual([...new Set(all)].sort().reverse());
    expect(linkOn(first, 'Newer')).toBeUndefined();
    expect(linkOn(second, 'Older')).toBeUndefined();
    expect(idsOn(await get(linkOn(second, 'Newer') ?? ''))).toEqual(idsOn(first));
  });

  it('shows those of a journey, and those to an address', async () => {
    expect(idsOn(await get('/?journey=receipt'))).toEqual([receipt()]);
    expect(idsOn(await get('/?to=R60%40MAIL'))).toEqual([greeting(60)]);
    expect(await get('/?journey=receipt&to=r60')).toContain('No mail is like that');
  });

  it('keeps the filter on the next page', async () => {
    const second = await get(linkOn(await get('/?journey=welcome&to=mail'), 'Older') ?? '');
    expect(idsOn(second)).toHaveLength(10);
    expect(second).toContain('<option value="welcome" selected>');
    expect(second).toContain('value="mail"');
  });

  it('takes an address for letters, not for a pattern', async () => {
    expect(idsOn(await get('/?to=%25'))).toEqual([]);
    expect(idsOn(await get('/?to=r_0'))).toEqual([]);
  });

  it('says who, what and when, and counts what the summary counts', async () => {
    const page = await get(`/?to=r7%40`);
    expect(page).toContain('<bdi>Hello r7</bdi>');
    expect(page).toContain('<bdi>r7@mail.example</bdi>');
    expect(page).toContain('welcome / hello');
    // Warsaw is an hour ahead of UTC, and the head of the page names it.
    const shown = /<time datetime="2026-03-02T10:00:(\d\d)\.\d{3}Z" title="Europe\/Warsaw">2026-03-02 11:00:\1<\/time>/;
    expect(page).toMatch(shown);
    expect(page).toMatch(/In the shop it is <time[^>]*>2026-03-02 11:0\d:\d\d<\/time>, Europe\/Warsaw/);
    expect(page).toContain('<dt>contacts</dt><dd>3</dd>');
    expect(page).toContain('<dt>events</dt><dd>1,234</dd>');
    expect(page).toContain('<dt>mails</dt><dd>61</dd>');
    const words = [...page.matchAll(/<th scope="col">(\w+)<\/th>/g)].map(([, word]) => word);
    expect(words).toEqual(['Journey', 'Entered', 'Inside', 'Held', 'Converted', 'Finished', 'Left']);
  });
});

describe('an answer', () => {
  it.each([
    ['Open', 'opened'],
    ['Click', 'clicked'],
    ['Bounce', 'bounced'],
    ['Complaint', 'complained'],
    ['Unsubscribe', 'unsubscribed'],
  ])('%s is noted as %s, and leads back to the view it came from', async (kind, fact) => {
    const id = greeting(['Open', 'Click', 'Bounce', 'Complaint', 'Unsubscribe'].indexOf(kind) + 1);
    expect(await get(`/mails/${id}`)).not.toContain(`<th scope="row">${fact}</th>`);
    const answered = await answer(id, kind);
    expect(answered.redirected && new URL(answered.url).search).toBe(`?view=text&done=${kind}`);
    const page = await answered.text();
    expect(page).toContain(`Noted: ${fact}.`);
    expect(page).toContain(`<th scope="row">${fact}</th>`);
    expect(await get('/?to=mail.example&after=0')).toContain(`>${fact}</span>`);
  });

  it.each([
    ['of an unknown kind', () => answer(receipt(), 'Applaud'), 400],
    ['without a kind', () => fetch(`${shop.url}/mails/${receipt()}/answer`, { method: 'POST' }), 400],
    ['to no mail', () => answer('local-999999999', 'Open'), 404],
    ['that unsubscribes from a transactional mail', () => answer(receipt(), 'Unsubscribe'), 400],
  ])('%s is refused', async (_, send, status) => {
    expect((await send()).status).toBe(status);
  });

  it('cannot be to unsubscribe where the mail offers none', async () => {
    expect(await get(`/mails/${receipt()}`)).toContain('value="Unsubscribe" disabled>');
    expect(await get(`/mails/${greeting(9)}`)).toContain('value="Unsubscribe">');
  });
});

describe('a mail', () => {
  it('is shown with its headers and tags', async () => {
    const page = await get(`/mails/${greeting(9)}?view=headers`);
    for (const [name, value] of [
      ['From', 'Corner Shop &lt;hello@corner.example&gt;'],
      ['To', 'r9@mail.example'],
      ['Reply-To', 'help@corner.example'],
      ['Subject', 'Hello r9'],
      ['List-Unsubscribe-Post', 'List-Unsubscribe=One-Click'],
      ['journey', 'welcome'],
      ['ses:configuration-set', 'tropa'],
    ])
      expect(page).toContain(`<th scope="row">${name}</th><td><bdi>${value}</bdi></td>`);
    expect(page).toContain('&lt;http://shop.localhost/u/');
  });

  it('of which only the entry is left says so, and can be read no more', async () => {
    const id = greeting(10);
    shop.runtime.db.prepare('UPDATE mails SET mail = NULL WHERE id = ?').run(id);
    const page = await get(`/mails/${id}`);
    expect(page).toContain('no longer kept');
    expect(page).toContain('<th scope="row">sent</th>');
    expect((await fetch(`${shop.url}/mails/${id}/html`)).status).toBe(404);
    expect((await answer(id, 'Unsubscribe')).status).toBe(400);
  });

  describe('of an enemy', () => {
    const evil = `"'><script>alert(1)</script><img src=x onerror=alert(1)>`;
    const mail: Mail = {
      from: evil,
      to: evil,
      replyTo: evil,
      subject: evil,
      html: `<p>${evil}</p><form action="/"></form>`,
      text: `</pre>${evil}`,
      headers: [{ name: evil, value: evil }],
      tags: { contact: evil, message: evil, journey: evil, step: evil },
    };

    it.each(['', '?view=text', '?view=headers'])('is escaped on its page%s and on the list', async (view) => {
      const { id } = await shop.runtime.inbox.send(mail);
      for (const page of [await get(`/mails/${id}${view}`), await get('/')]) {
        expect(page).toContain('&quot;&#39;&gt;&lt;script&gt;');
        expect(page).not.toMatch(/<script|<img/);
      }
    });

    it('runs nothing in its frame, whoever opens it, and is framed by nobody else', async () => {
      const { id } = await shop.runtime.inbox.send(mail);
      const frame = await fetch(`${shop.url}/mails/${id}/html`);
      const policy = (frame.headers.get('content-security-policy') ?? '').split('; ');
      expect(policy).toEqual(expect.arrayContaining(["default-src 'none'", "form-action 'none'", "base-uri 'none'"]));
      expect(policy).toContain("frame-ancestors 'self'");
      expect(policy).toContain('sandbox allow-popups allow-popups-to-escape-sandbox');
      expect(policy.join()).not.toContain('script');
      expect(await get(`/mails/${id}`)).toContain('sandbox="allow-popups allow-popups-to-escape-sandbox"');
    });
  });
});

it.each(['/', '/mails/local-000000001', '/mails/unknown'])('has no scripts on %s and lets none in', async (path) => {
  const answered = await fetch(shop.url + path, { headers: { accept: 'text/html' } });
  const policy = answered.headers.get('content-security-policy') ?? '';
  expect(policy).toMatch(/^default-src 'none';/);
  expect(policy).not.toContain('script-src');
  expect(await answered.text()).not.toContain('<script');
});

import { afterAll, beforeAll, expect, it } from 'vitest';
import { sesEntry } from '#apps/local/ses-events.ts';
import { mailLink, openShop, registration, type Shop } from './shop.ts';

const send = (template: string) => ({ type: 'send', id: template, template });
const on = (link: string, template: string) => ({
  if: { message: 'choice', is: 'clicked', link },
  steps: [send(template)],
});
const mail = (subject: string, links: string) => `---
{ "subject": "${subject}", "topic": "news" }
---
<mjml><mj-body><mj-section><mj-column><mj-text>${links} {{ shop.address }} <a href="{{ message.unsubscribe_url }}">Out</a>
<a href="{{ message.view_url }}">In the browser</a></mj-text></mj-column></mj-section></mj-body></mjml>`;
const tea = '<a name="tea" href="https://corner.example/tea">Tea</a>';
const coffee = '<a name="coffee" href="https://corner.example/coffee">Coffee</a>';

const files = {
  'journeys/taste.json': {
    id: 'taste',
    name: 'Taste',
    status: 'live',
    topic: 'news',
    trigger: { type: 'event', event: 'registration' },
    entry: { if: { consent: 'news' } },
    steps: [
      send('choice'),
      { type: 'waitFor', id: 'chosen', for: { message: 'choice', is: 'clicked' }, upTo: 'PT1H' },
      {
        type: 'branch',
        id: 'which',
        cases: [on('tea', 'for-tea'), on('coffee', 'for-coffee')],
        otherwise: [send('neither')],
      },
    ],
  },
  'templates/choice/email.mjml': mail('Tea or coffee?', `${tea} ${coffee}`),
  ...Object.fromEntries(
    ['for-tea', 'for-coffee', 'neither'].map((id) => [`templates/${id}/email.mjml`, mail(id, tea)]),
  ),
};

let shop: Shop;
beforeAll(async () => {
  shop = await openShop(files);
  await shop.post({ events: ['ann', 'bob', 'cyd', 'dan'].map(registration) });
  await shop.runtime.drive('2026-03-02T10:10:00.000Z');
});
afterAll(() => shop.close());

const mailsOf = (name: string) => shop.runtime.inbox.mails.page({ to: `${name}@`, journey: 'taste' }, 50).entries;
const firstOf = (name: string) => {
  const first = mailsOf(name).find(({ step }) => step === 'choice');
  if (!first) throw new Error(`${name} has got no mail`);
  return first;
};
const subjectsOf = (name: string) => mailsOf(name).map(({ subject }) => subject);

/** A person's click, as the inbox page posts it. */
async function click(name: string, link: string): Promise<void> {
  const body = new URLSearchParams({ kind: 'Click', view: 'html', link });
  const answer = fetch(`${shop.url}/mails/${firstOf(name).id}/answer`, { method: 'POST', body, redirect: 'manual' });
  await shop.runtime.drive('2026-03-02T10:12:00.000Z');
  expect((await answer).status).toBe(303);
}

/** A gateway's, of which SES says the agent. */
async function scan(name: string, links: readonly string[]): Promise<void> {
  const entry = (link: string) =>
    sesEntry(firstOf(name), 'Click', shop.runtime.clock.now(), {
      link: { href: `https://corner.example/${link}`, name: link },
    });
  for (const link of links) {
    const { detail, ...rest } = entry(link);
    const seen = { userAgent: 'Mozilla/5.0 (compatible; Barracuda Sentinel)', ipAddress: '209.222.80.7' };
    const click = 'click' in detail && typeof detail.click === 'object' ? { ...detail.click, ...seen } : seen;
    await shop.runtime.defaultBus.put([{ ...rest, detail: { ...detail, click } }]);
  }
  await shop.runtime.drive('2026-03-02T10:11:00.000Z');
}

it('a named link leads the one who clicks on it the way of its name, and who has seen the mail in the browser alone no way', async () => {
  // All links of a mail by a program, then what the person wants.
  await scan('bob', ['tea', 'coffee']);
  await scan('cyd', ['tea', 'coffee']);
  const view = await fetch(shop.url + mailLink(shop, 'dan', 'v'));
  expect([view.status, await view.text()]).toEqual([200, expect.stringContaining('https://corner.example/')]);
  expect(['ann', 'bob', 'cyd', 'dan'].map((name) => subjectsOf(name))).toEqual(Array(4).fill(['Tea or coffee?']));
  await click('ann', 'tea');
  await click('bob', 'coffee');
  await shop.runtime.drive('2026-03-02T12:00:00.000Z');
  expect(subjectsOf('ann')).toEqual(['for-tea', 'Tea or coffee?']);
  expect(subjectsOf('bob')).toEqual(['for-coffee', 'Tea or coffee?']);
  expect(subjectsOf('cyd')).toEqual(['neither', 'Tea or coffee?']);
  expect(subjectsOf('dan')).toEqual(['neither', 'Tea or coffee?']);
  expect(shop.logged).toEqual([]);
});

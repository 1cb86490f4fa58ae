import { respond } from '#functions/respond/respond.ts';
import type { Event } from '#shared/event/event.ts';
import { linkPath } from '#shared/link/token.ts';
import type { Settings } from '#shared/settings/settings.ts';
import { consent, event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, send, wait } from '#test/build/journey.ts';
import { CONTENT } from '#test/build/published.ts';
import { settings } from '#test/build/settings.ts';

const NAMED: Settings = settings({
  topics: {
    offers: { kind: 'marketing', name: { en: 'Offers & more', pl: 'Okazje', ru: 'Скидки' } },
    news: { kind: 'marketing', name: { en: 'News', pl: 'Nowości', ru: 'Новости' } },
    orders: { kind: 'transactional' },
  },
  caps: [{ count: 1, per: 'P7D', if: { trait: 'frequency', is: 'weekly' } }],
});

const offer = journey({ steps: [send('hello'), wait('think'), send('again')] });

/** Ann, who has agreed to offers and has got a mail, with both links of it. */
export async function visitor(
  given: { settings?: Settings; event?: Partial<Event>; topic?: string; content?: Partial<typeof CONTENT> } = {},
) {
  const { topic = 'offers' } = given;
  const shop = await HandShop.open([{ ...offer, topic }], given.settings ?? NAMED, {
    ...CONTENT,
    ...given.content,
  });
  const consents = [consent('offers', '2026-03-01T00:00:00.000Z')];
  await shop.enrol(event('cart.updated', { consents, ...given.event }));
  await shop.leg().run();
  await shop.send();
  const message = (await shop.message('hello')).id;
  const { contact } = await shop.contact();
  const tokenOf = (act: 'unsubscribe' | 'preferences' | 'view') =>
    linkPath({ contact, message, topic, act }, 'secret').slice(3);
  const ask = (method: string, token: string, body?: string, headers: Record<string, string> = {}) =>
    respond(
      { headers, pathParameters: { token }, requestContext: { http: { method } }, isBase64Encoded: false, body },
      shop.given('respond'),
    );
  return {
    shop,
    tokens: { unsubscribe: tokenOf('unsubscribe'), preferences: tokenOf('preferences'), view: tokenOf('view') },
    ask,
    get: async (headers?: Record<string, string>) =>
      (await ask('GET', tokenOf('preferences'), undefined, headers)).body,
    save: (fields: readonly [string, string][]) =>
      ask('POST', tokenOf('preferences'), new URLSearchParams([...fields]).toString()),
    /** What lies on the bus is recorded. */
    arrive: async () => {
      for (const { detail } of shop.bus.entries.splice(0)) await shop.enrol(detail);
    },
    states: async () =>
      Object.fromEntries(
        Object.entries((await shop.contact()).consents['email'] ?? {}).map(([name, { state }]) => [name, state]),
      ),
  };
}

/** What the form of a page would post as it was opened. */
export function fieldsOf(html: string): [string, string][] {
  const [form = ''] = /<form.*?<\/form>/s.exec(html) ?? [];
  const inputs = [...form.matchAll(/<input type="(\w+)" name="(\w+)" value="([^"]*)"( checked)?>/g)];
  const locale = /<option value="([^"]*)"[^>]* selected>/.exec(form)?.[1];
  return [
    ['act', 'save'],
    ...inputs.flatMap(([, type, name = '', value = '', checked]): [string, string][] =>
      type === 'hidden' || checked ? [[name, value]] : [],
    ),
    ...(locale === undefined ? [] : [['locale', locale] satisfies [string, string]]),
  ];
}

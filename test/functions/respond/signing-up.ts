import { respond } from '#functions/respond/respond.ts';
import type { Event } from '#shared/event/event.ts';
import { type LinkPayload, linkPath } from '#shared/link/token.ts';
import { consent, event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, send } from '#test/build/journey.ts';
import { settings } from '#test/build/settings.ts';

/** Of news it wants a second word. */
export const SHOP = settings({
  optIn: 'single',
  topics: {
    news: { kind: 'marketing', optIn: 'double', name: { en: 'News & more', pl: 'Nowości', ru: 'Новости' } },
    offers: { kind: 'marketing' },
    account: { kind: 'transactional' },
  },
});
const ask = journey({
  id: 'confirm',
  topic: 'account',
  trigger: { type: 'event', event: 'consent.pending' },
  entry: { again: { after: 'PT10M' } },
  steps: [send('ask')],
});
const letter = journey({
  topic: 'news',
  entry: { again: { after: 'PT1M' } },
  steps: [send('letter')],
});

/** A shop where news ask for double opt-in. Whoever signs up gets the mail, whatever the bus carries is recorded. */
export async function open(given = SHOP) {
  const shop = await HandShop.open([ask, letter], given);
  let ran = 0;
  const settle = async (): Promise<void> => {
    for (let said = shop.bus.entries.splice(0); said.length > 0; said = shop.bus.entries.splice(0))
      for (const { detail } of said) await shop.enrol(detail);
    for (const leg of shop.legs().slice(ran)) await leg.run();
    ran = shop.legs().length;
    await shop.send();
    shop.bus.entries.splice(0);
  };
  const signUp = async (given: Partial<Event> = {}, topic = 'news') => {
    const at = shop.clock.now();
    await shop.enrol(event('newsletter.joined', { at, consents: [consent(topic, at)], ...given }));
    await settle();
  };
  const follow = (link: LinkPayload, method: string, body?: string, headers = {}) => {
    const token = linkPath(link, 'secret').slice(3);
    const request = { headers, pathParameters: { token }, requestContext: { http: { method } } };
    return respond({ ...request, isBase64Encoded: false, body }, shop.given('respond'));
  };
  const press = async (method: string, body?: string, email?: string, headers = {}) => {
    const { contact } = await shop.contact(email);
    return follow({ contact, message: 'm', topic: 'account', act: 'confirm' }, method, body, headers);
  };
  /** A cart comes, and with it the letter, if it may. */
  const letters = async (email = 'ann@shop.example') => {
    shop.clock.pass(120_000);
    await shop.enrol(event('cart.updated', { at: shop.clock.now(), identities: { email } }));
    await settle();
    return shop.mailer.mails.filter(({ tags, to }) => tags['step'] === 'letter' && to === email).length;
  };
  const asked = () => shop.mailer.mails.filter(({ tags }) => tags['step'] === 'ask').length;
  const state = async (topic = 'news') => (await shop.contact()).consents['email']?.[topic];
  return { shop, settle, signUp, follow, press, letters, asked, state };
}
/** What the page of the link posts. */
export const YES = 'act=confirm&topic=news';

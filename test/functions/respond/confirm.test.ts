import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { respond } from '#functions/respond/respond.ts';
import type { Event } from '#shared/event/event.ts';
import { linkPath } from '#shared/link/token.ts';
import { consent, event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, send } from '#test/build/journey.ts';
import { settings } from '#test/build/settings.ts';

const DAY = 86_400_000;
const SHOP = settings({
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
async function open(given = SHOP) {
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
  const press = async (method: string, body?: string, email?: string, headers = {}) => {
    const { contact } = await shop.contact(email);
    const link = { contact, message: 'm', topic: 'account', act: 'confirm' } as const;
    const token = linkPath(link, 'secret').slice(3);
    const request = { headers, pathParameters: { token }, requestContext: { http: { method } } };
    return respond({ ...request, isBase64Encoded: false, body }, shop.deps);
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
  return { shop, settle, signUp, press, letters, asked, state };
}
const YES = 'act=confirm&topic=news';

describe('a yes to a topic with double opt-in', () => {
  it('waits with time and source, lets no marketing leave, and brings one mail to confirm', async () => {
    const { shop, signUp, letters, asked, state } = await open();
    await signUp();
    expect(await state()).toBeUndefined();
    expect((await shop.contact()).pending?.['email']?.['news']).toMatchObject({ source: 'form' });
    expect((await shop.events()).at(-1)?.['consents']).toBeDefined();
    expect(asked()).toBe(1);
    expect(await letters()).toBe(0);
  });

  it('counts once it is confirmed, from when it was said, and the next mail leaves before that is recorded', async () => {
    const { shop, signUp, press, letters, state, settle } = await open();
    const at = shop.clock.now();
    await signUp();
    shop.clock.pass(60_000);
    expect((await press('POST', YES)).body).toContain('role="status"');
    expect(await letters()).toBe(1);
    await settle();
    const confirmed = expect.stringMatching(/^2/);
    expect(await state()).toMatchObject({ state: 'granted', at, source: 'confirmation link', confirmed });
    expect((await shop.contact()).pending).toBeUndefined();
  });

  it.each(['GET', 'HEAD'])('is shown by %s, which changes nothing', async (method) => {
    const { shop, signUp, press, letters } = await open();
    await signUp();
    const { statusCode, body } = await press(method);
    expect(statusCode).toBe(200);
    expect(body).toContain('<li>News &#38; more</li>');
    expect(body).not.toContain('ann@');
    expect(shop.bus.entries).toEqual([]);
    expect(await letters()).toBe(0);
  });

  it.each([
    ['en', 'Yes, write to me'],
    ['pl', 'Tak, piszcie do mnie'],
    ['ru', 'Да, пишите мне'],
  ])('is asked for in %s', async (locale, button) => {
    const { signUp, press } = await open();
    await signUp({ traits: { locale } });
    const { body } = await press('GET');
    expect(body).toContain(`<html lang="${locale}">`);
    expect(body).toContain(button);
  });

  it.each([
    ['what no page posts', 'List-Unsubscribe=One-Click', 400],
    ['nothing', '', 400],
    ['too much', `act=confirm&x=${'x'.repeat(20_000)}`, 413],
    ['no topic', 'act=confirm', 200],
    ['another topic', 'act=confirm&topic=offers&topic=__proto__', 200],
  ])('is not confirmed by %s', async (_, body, status) => {
    const { signUp, press, letters } = await open();
    await signUp();
    expect(await press('POST', body)).toMatchObject({ statusCode: status });
    expect(await letters()).toBe(0);
  });

  it('is confirmed once, however often the button is pressed', async () => {
    const { shop, signUp, press } = await open();
    await signUp();
    const first = await press('POST', YES);
    shop.clock.pass(1000);
    expect(await press('POST', YES)).toEqual(first);
    expect(shop.bus.entries).toHaveLength(1);
  });

  it('is asked for once in seven days, however often somebody signs up or the shop takes it back', async () => {
    const { shop, signUp, asked } = await open();
    for (let times = 0; times < 6; times += 1) {
      await signUp();
      shop.clock.pass(DAY);
      const at = shop.clock.now();
      if (times % 2) await signUp({ consents: [consent('news', at, 'denied')] });
    }
    expect(asked()).toBe(1);
    shop.clock.pass(2 * DAY);
    await signUp();
    expect(asked()).toBe(2);
  });

  it('is asked for by no mail where the shop has no such topic, and fills no profile, whatever a form is made to name', async () => {
    const { shop, settle, asked } = await open({ ...SHOP, optIn: 'double' });
    for (let form = 0; form < 3; form += 1) {
      shop.clock.pass(11 * 60_000);
      const at = shop.clock.now();
      const consents = Array.from({ length: 50 }, (_, n) => consent(`made-up-${form}-${n}`, at));
      await shop.enrol(event('newsletter.joined', { at, consents }));
      await settle();
    }
    expect(asked()).toBe(0);
    expect((await shop.contact()).pending).toBeUndefined();
  });

  it('is forgotten after seven days, and the page says so', async () => {
    const { shop, signUp, press, letters } = await open();
    await signUp();
    shop.clock.pass(7 * DAY);
    expect((await press('POST', YES)).body).toContain('Nothing to confirm');
    expect(await letters()).toBe(0);
  });

  it('that is confirmed is not asked for again, and not confirmed again once it was withdrawn', async () => {
    const { shop, signUp, press, letters, asked, settle } = await open();
    await signUp();
    await press('POST', YES);
    await settle();
    shop.clock.pass(8 * DAY);
    await signUp();
    expect(asked()).toBe(1);
    expect(await letters()).toBe(1);
    await signUp({ consents: [consent('news', shop.clock.now(), 'denied')] });
    expect((await press('POST', YES)).body).toContain('Nothing to confirm');
    expect(await letters()).toBe(1);
  });

  it.each(['news', 'marketing'])('ends by a no to %s, also one that arrives after the second word', async (topic) => {
    const { shop, signUp, press, letters, settle } = await open();
    await signUp();
    shop.clock.pass(1000);
    const no = event('account.saved', { at: shop.clock.now(), consents: [consent(topic, shop.clock.now(), 'denied')] });
    shop.clock.pass(1000);
    await press('POST', YES);
    await settle();
    await shop.enrol(no);
    expect(await letters()).toBe(0);
  });

  it('of who had wanted no advertising takes that back, and nothing more', async () => {
    const { shop, signUp, press, letters, settle, state } = await open();
    await signUp({}, 'offers');
    await signUp({ consents: [consent('marketing', shop.clock.now(), 'denied')] });
    shop.clock.pass(1000);
    await signUp();
    await press('POST', YES);
    await settle();
    expect(await letters()).toBe(1);
    expect((await state('offers'))?.state).toBe('denied');
  });

  it.each([
    ['confirm', YES],
    ['preferences', 'act=save&topic=news'],
    ['unsubscribe', 'act=undo'],
  ] as const)(
    'is not confirmed for another address, whatever the link of the mail to the former one does: %s',
    async (act, body) => {
      const { shop, signUp, settle, letters } = await open();
      await signUp({ identities: { externalId: '7', email: 'mine@shop.example' } });
      const [asking] = shop.mailer.mails;
      shop.clock.pass(1000);
      await signUp({ identities: { externalId: '7', email: 'ann@shop.example' }, consents: [] });
      const { contact } = await shop.contact();
      const topic = act === 'unsubscribe' ? 'news' : 'account';
      const token = linkPath({ contact, message: asking?.tags['message'] ?? '', topic, act }, 'secret').slice(3);
      const request = { headers: {}, pathParameters: { token }, requestContext: { http: { method: 'POST' } } };
      await respond({ ...request, isBase64Encoded: false, body }, shop.deps);
      await settle();
      expect(await letters()).toBe(0);
    },
  );

  it('is confirmed by nobody’s link but their own, whoever presses what in whatever order', async () => {
    const people = ['ann@shop.example', 'bob@shop.example'];
    const step = fc.record({
      who: fc.constantFrom(...people),
      does: fc.constantFrom('signUp', 'GET', 'HEAD', 'POST', 'one-click', 'no'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 10 }), async (steps) => {
        const { shop, signUp, press, letters, settle } = await open();
        for (const email of people) await signUp({ identities: { email }, consents: [] });
        const pressed = new Set<string>();
        for (const { who, does } of steps) {
          shop.clock.pass(1000);
          const identities = { email: who };
          if (does === 'signUp') await signUp({ identities });
          else if (does === 'no') {
            await signUp({ identities, consents: [consent('news', shop.clock.now(), 'denied')] });
            pressed.delete(who);
          } else if (does === 'POST') {
            if ((await press('POST', YES, who)).body.includes('role="status"')) pressed.add(who);
          } else await press(does === 'one-click' ? 'POST' : does, 'List-Unsubscribe=One-Click', who);
        }
        await settle();
        for (const email of people) expect(await letters(email)).toBe(pressed.has(email) ? 1 : 0);
      }),
      { numRuns: 20 },
    );
  });

  it('is one of the address that the mail went to: another is asked once, and by its own mail', async () => {
    const { shop, signUp, letters, asked } = await open();
    const ids = { externalId: 'c-1' };
    const follow = async (mail: number) => {
      const sent = shop.mailer.mails.filter(({ tags }) => tags['step'] === 'ask')[mail];
      const { contact = '', message = '' } = sent?.tags ?? {};
      const token = linkPath({ contact, message, topic: 'account', act: 'confirm' }, 'secret').slice(3);
      const request = { headers: {}, pathParameters: { token }, requestContext: { http: { method: 'POST' } } };
      await respond({ ...request, isBase64Encoded: false, body: YES }, shop.deps);
      for (const { detail } of shop.bus.entries.splice(0)) await shop.enrol(detail);
    };
    await signUp({ identities: { ...ids, email: 'ann@shop.example' } });
    await follow(0);
    expect(await letters('ann@shop.example')).toBe(1);
    shop.clock.pass(DAY);
    await signUp({ identities: { ...ids, email: 'eve@shop.example' }, consents: [] });
    expect(asked()).toBe(2);
    expect(await letters('eve@shop.example')).toBe(0);
    // The link that went to the old address confirms nothing for the new one.
    await follow(0);
    expect(await letters('eve@shop.example')).toBe(0);
    await follow(1);
    expect(await letters('eve@shop.example')).toBe(1);
    expect(asked()).toBe(2);
  });

  it('comes with an import as confirmed, and from outside never', async () => {
    const { shop, signUp, letters } = await open();
    const at = shop.clock.now();
    await signUp({ historic: true });
    expect(await letters()).toBe(0);
    await signUp({ source: 'import', historic: true, consents: [{ ...consent('news', at), confirmed: at }] });
    expect(await letters()).toBe(1);
  });
});

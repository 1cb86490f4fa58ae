import { describe, expect, it } from 'vitest';
import { consent, event } from '#test/build/event.ts';
import { open, SHOP, YES } from './signing-up.ts';

const DAY = 86_400_000;

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

  it('comes with an import as confirmed, and from outside never', async () => {
    const { shop, signUp, letters } = await open();
    const at = shop.clock.now();
    await signUp({ historic: true });
    expect(await letters()).toBe(0);
    await signUp({ source: 'import', historic: true, consents: [{ ...consent('news', at), confirmed: at }] });
    expect(await letters()).toBe(1);
  });
});

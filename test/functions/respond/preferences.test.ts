import { describe, expect, it } from 'vitest';
import { plusMillis } from '#shared/time/instant.ts';
import { consent, event } from '#test/build/event.ts';
import { settings } from '#test/build/settings.ts';
import { fieldsOf, visitor } from './visitor.ts';

const MONTH = 30 * 86_400_000;
const without = (fields: [string, string][], name: string, value: string) =>
  fields.filter(([n, v]) => n !== name || v !== value);
const checked = (html: string) => [...html.matchAll(/value="([^"]*)" checked/g)].map(([, value]) => value);

describe('the page of preferences', () => {
  it.each(['GET', 'HEAD'])('shows what holds by %s and changes nothing', async (method) => {
    const { shop, ask, tokens } = await visitor();
    const before = shop.bus.entries.length;
    const answer = await ask(method, tokens.preferences);
    expect(answer.statusCode).toBe(200);
    expect(answer.body).toMatch(/value="offers" checked>Offers &#38; more/);
    expect(answer.body).toMatch(/value="news">News/);
    expect(answer.body).not.toContain('orders"');
    expect(answer.body).not.toContain('ann@');
    expect(shop.bus.entries).toHaveLength(before);
  });

  it.each([
    ['the contact’s locale', { traits: { locale: 'pl-PL' } }, { 'accept-language': 'ru' }, 'pl', 'Okazje'],
    ['the browser’s', {}, { 'accept-language': 'de;q=0.9, ru-RU;q=0.8, en;q=0.1' }, 'ru', 'Скидки'],
    ['the shop’s', {}, {}, 'en', 'Offers &#38; more'],
    ['English where no page speaks any', { traits: { locale: 'de' } }, { 'accept-language': 'fr' }, 'en', 'Offers'],
  ])('speaks the language of %s', async (_, given, headers, language, topic) => {
    const { get } = await visitor({ event: given });
    const body = await get(headers);
    expect(body).toContain(`<html lang="${language}">`);
    expect(body).toContain(topic);
  });

  it('offers how often, each once, and keeps a word of the shop’s own beside them', async () => {
    const frequencies = async (frequency?: string) => {
      const { get } = await visitor(frequency === undefined ? {} : { event: { traits: { frequency } } });
      return [...(await get()).matchAll(/name="frequency" value="([^"]*)"( checked)?/g)].map(([, v, on]) => [v, !!on]);
    };
    const none = await frequencies();
    expect(none[0]).toEqual(['', true]);
    const weekly = await frequencies('weekly');
    expect(weekly).toHaveLength(none.length);
    expect(weekly.filter(([, on]) => on)).toEqual([['weekly', true]]);
    expect(await frequencies('rarely')).toEqual([...none.map(([value]) => [value, false]), ['rarely', true]]);
  });

  it('saves by a button like any other, and pauses by a quiet one', async () => {
    const { get } = await visitor();
    expect(await get()).toMatch(/<button type="submit" name="act" value="save">/);
    expect(await get()).toMatch(/<button type="submit" name="act" value="pause" class="quiet">/);
  });

  it('saves what was ticked and unticked, with the wording that was shown', async () => {
    const { get, save, arrive, states, shop } = await visitor();
    const fields = without(fieldsOf(await get()), 'topic', 'offers');
    const answer = await save([...fields, ['topic', 'news']]);
    expect(answer.body).toContain('role="status">Saved');
    expect(checked(answer.body)).toContain('news');
    expect(shop.bus.entries.at(-1)?.detail).toMatchObject({
      consents: [
        { topic: 'offers', state: 'denied', wording: 'What would you like to get mails about? Offers & more' },
        { topic: 'news', state: 'granted', source: 'preferences page', channel: 'email' },
      ],
    });
    await arrive();
    expect(await states()).toEqual({ offers: 'denied', news: 'granted' });
  });

  it('shows what was saved also before it is recorded, and after', async () => {
    const { get, save, arrive } = await visitor();
    await save([...without(fieldsOf(await get()), 'topic', 'offers'), ['topic', 'news']]);
    expect(checked(await get())).toEqual(['news', '']);
    await arrive();
    expect(checked(await get())).toEqual(['news', '']);
  });

  it('comes to what was chosen last, though all of it is recorded later', async () => {
    const { get, save, arrive, states, shop } = await visitor();
    await save([...fieldsOf(await get()), ['topic', 'news']]);
    shop.clock.pass(1000);
    await save(without(fieldsOf(await get()), 'topic', 'news'));
    shop.bus.entries.reverse();
    await arrive();
    expect(await states()).toEqual({ offers: 'granted', news: 'denied' });
  });

  it('comes to the same when the same is posted again', async () => {
    const { get, save, arrive, states, shop } = await visitor();
    const fields: [string, string][] = [...without(fieldsOf(await get()), 'topic', 'offers'), ['topic', 'news']];
    const first = await save(fields);
    shop.clock.pass(5000);
    expect(await save(fields)).toEqual(first);
    await arrive();
    expect(await states()).toEqual({ offers: 'denied', news: 'granted' });
  });

  it('says nothing of what was not touched', async () => {
    const { get, save, shop } = await visitor();
    const before = shop.bus.entries.length;
    await save(fieldsOf(await get()));
    expect(shop.bus.entries).toHaveLength(before);
  });

  it('that lay open while somebody unsubscribed elsewhere gives no consent back', async () => {
    const { get, save, ask, tokens, arrive, states, shop } = await visitor();
    const old = fieldsOf(await get());
    await ask('POST', tokens.unsubscribe);
    shop.clock.pass(1000);
    await save([...without(old, 'locale', 'en'), ['locale', 'pl']]);
    await arrive();
    expect(await states()).toEqual({ offers: 'denied' });
    expect((await shop.contact()).traits['locale']).toBe('pl');
  });

  it('gives one topic to who wanted nothing and ticks one, and none that was agreed to before', async () => {
    const { get, save, arrive, states, shop } = await visitor();
    await save([['act', 'off']]);
    await arrive();
    expect(await states()).toEqual({ offers: 'granted', marketing: 'denied' });
    expect(checked(await get())).toEqual(['']);
    shop.clock.pass(1000);
    const answer = await save([...fieldsOf(await get()), ['topic', 'news']]);
    expect(checked(answer.body)).toEqual(['news', '']);
    await arrive();
    expect(await states()).toEqual({ offers: 'denied', marketing: 'unknown', news: 'granted' });
  });

  it('pauses advertising for 30 days from the first press, and ends the pause', async () => {
    const { get, save, arrive, shop } = await visitor();
    const until = plusMillis(shop.clock.now(), MONTH);
    await save([['act', 'pause']]);
    shop.clock.pass(60_000);
    const answer = await save([['act', 'pause']]);
    expect(answer.body).toContain('Advertising is paused until');
    await arrive();
    expect((await shop.contact()).traits['pausedUntil']).toBe(until);
    expect(await get()).toContain('End the pause');
    await save([['act', 'resume']]);
    expect(await get()).toContain('Pause for 30 days');
    await arrive();
    expect((await shop.contact()).traits).not.toHaveProperty('pausedUntil');
  });

  it('offers how often only where a cap asks for it', async () => {
    const { get } = await visitor({ settings: settings() });
    expect(await get()).not.toContain('name="frequency"');
    const { save, arrive, shop, get: here } = await visitor();
    await save([...without(fieldsOf(await here()), 'frequency', ''), ['frequency', 'weekly']]);
    await arrive();
    expect((await shop.contact()).traits['frequency']).toBe('weekly');
  });

  it('speaks a language at once that was just chosen', async () => {
    const { get, save } = await visitor();
    const answer = await save([...without(fieldsOf(await get()), 'locale', 'en'), ['locale', 'ru']]);
    expect(answer.body).toContain('<html lang="ru">');
  });

  it('takes neither topics nor words that it does not offer', async () => {
    const { get, save, arrive, states, shop } = await visitor();
    const fields = fieldsOf(await get()).filter(([name]) => name !== 'locale' && name !== 'frequency');
    await save([...fields, ['topic', 'orders'], ['topic', '__proto__'], ['locale', 'tlh'], ['frequency', 'never']]);
    await arrive();
    expect(await states()).toEqual({ offers: 'granted' });
    expect((await shop.contact()).traits).not.toHaveProperty('locale');
  });

  it.each([
    ['what no page posts', 'List-Unsubscribe=One-Click', 400],
    ['nothing', '', 400],
    ['too much', `act=save&x=${'x'.repeat(20_000)}`, 413],
  ])('changes nothing by %s', async (_, body, status) => {
    const { shop, ask, tokens } = await visitor();
    const before = shop.bus.entries.length;
    expect(await ask('POST', tokens.preferences, body)).toMatchObject({ statusCode: status });
    expect(shop.bus.entries).toHaveLength(before);
  });

  it('is an error while nobody takes what it says, and not a promise', async () => {
    const { shop, save, get } = await visitor();
    shop.bus.put = () => Promise.reject(new Error('no route'));
    shop.overflow.send = () => Promise.reject(new Error('no route'));
    await expect(save([['act', 'off']])).rejects.toThrow('no route');
    expect(checked(await get())).toContain('offers');
  });
});

describe('the page after unsubscribing', () => {
  it('names the topic in the reader’s language, and leads to the preferences', async () => {
    const { ask, tokens } = await visitor({ event: { traits: { locale: 'pl' } } });
    const { body } = await ask('GET', tokens.unsubscribe);
    expect(body).toContain('nie chcesz już otrzymywać wiadomości „Okazje”?');
    const [, token = ''] = /href="\.\.\/p\/([^"]+)"/.exec(body) ?? [];
    expect((await ask('GET', token)).body).toContain('Twoje wiadomości');
  });

  it('takes it back for who has pressed it by mistake', async () => {
    const { ask, tokens, arrive, states, shop } = await visitor();
    const done = await ask('POST', tokens.unsubscribe, 'List-Unsubscribe=One-Click');
    expect(done.body).toContain('value="undo"');
    shop.clock.pass(1000);
    expect((await ask('POST', tokens.unsubscribe, 'act=undo')).body).toContain('subscribed again');
    await arrive();
    expect(await states()).toEqual({ offers: 'granted' });
  });

  it('of an order mail gives back what held before and nothing more', async () => {
    const { ask, tokens, arrive, states, shop } = await visitor({ topic: 'orders' });
    await ask('POST', tokens.unsubscribe);
    shop.clock.pass(1000);
    await ask('POST', tokens.unsubscribe, 'act=undo');
    await arrive();
    expect(await states()).toEqual({ offers: 'granted', marketing: 'unknown' });
  });

  it.each([
    ['orders', {}],
    ['marketing', { marketing: 'granted' }],
  ])('of a mail on %s takes back no refusal of everything that was said elsewhere', async (topic, more) => {
    const consents = ['offers', ...Object.keys(more)].map((one) => consent(one, '2026-03-01T00:00:00.000Z'));
    const { ask, tokens, save, arrive, states, shop } = await visitor({ topic, event: { consents } });
    await save([['act', 'off']]);
    for (let times = 0; times < 2; times += 1) {
      shop.clock.pass(1000);
      expect((await ask('POST', tokens.unsubscribe)).body).not.toContain('value="undo"');
    }
    shop.clock.pass(1000);
    expect(await ask('POST', tokens.unsubscribe, 'act=undo')).toMatchObject({ statusCode: 409 });
    await arrive();
    expect(await states()).toEqual({ offers: 'granted', marketing: 'denied' });
  });

  it('is what one contact’s link does for them alone', async () => {
    const { shop, ask, tokens, arrive } = await visitor();
    const consents = [consent('offers', '2026-03-01T00:00:00.000Z')];
    await shop.enrol(event('cart.updated', { identities: { email: 'bob@shop.example' }, consents }));
    await ask('POST', tokens.unsubscribe);
    await arrive();
    expect((await shop.contact('bob@shop.example')).consents['email']?.['offers']?.state).toBe('granted');
  });
});

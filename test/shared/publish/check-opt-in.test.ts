import { describe, expect, it } from 'vitest';
import { checkJourney } from '#shared/publish/check.ts';
import { checkSettings } from '#shared/publish/check-settings.ts';
import { context, facts, journeyText, send, template } from '#test/build/checked.ts';

const shop = { name: 'Shop', timeZone: 'Europe/Warsaw', locale: 'en', currency: 'EUR' };
const senders = { default: { email: 'Shop <hello@shop.example>' } };
const asking = { confirm: facts({ events: ['consent.pending'] }) };

function saidOf(changes: object, journeys = asking): readonly string[] {
  const text = JSON.stringify({ shop, senders, ...changes });
  return checkSettings(text, { context: context({ journeys }) }).remarks.map((r) => `${r.code} ${r.message}`);
}
const news = (optIn: unknown) => ({ topics: { news: { kind: 'marketing', optIn } } });

describe('double opt-in in settings', () => {
  it.each([
    ['for all', { optIn: 'double' }],
    ['for one topic', news('double')],
    ['for mails', news({ email: 'double', sms: 'single' })],
    ['for none', { optIn: 'single', ...news('single') }],
  ])('can be asked for: %s', (_, changes) => {
    expect(saidOf(changes)).toEqual([]);
  });

  it.each([
    [
      'E49 "orders" is transactional and needs no yes. Leave "optIn" out of it.',
      { topics: { orders: { kind: 'transactional', optIn: 'single' } } },
    ],
    ['E50 A double opt-in on sms is not available yet. Say "single".', news({ sms: 'double' })],
    ['E50 A double opt-in on push is not available yet. Say "single".', { optIn: { push: 'double' } }],
    [expect.stringMatching(/^E\d\d .*"singel"/), news('singel')],
    [expect.stringMatching(/^E\d\d .*"e-mail"/), news({ 'e-mail': 'double' })],
  ])('is told: %s', (expected, changes) => {
    expect(saidOf(changes)).toEqual([expected]);
  });

  it.each([
    ['marketing', { optIn: 'double' }],
    ['news', news('double')],
  ])('that no live journey asks for is told of, where mails are sent on it: %s', (topic, changes) => {
    expect(saidOf(changes, { confirm: facts({ topics: ['care'] }) })).toEqual([]);
    expect(saidOf(changes, { confirm: facts({ events: ['registration'], topics: [topic] }) })).toEqual([
      `W66 A yes to "${topic}" waits for its confirmation, and no live journey asks for it. Start one with the event "consent.pending": tropa new confirm.`,
    ]);
  });
});

describe('a mail that prints the link to confirm', () => {
  const journeyOf = (changes: object) =>
    checkJourney(
      'journeys/j.json',
      journeyText({ goal: undefined, ...changes, steps: [send('ask', { template: 'ask' })] }),
      context({ templates: { ask: template({ variables: ['message.confirm_url'] }) } }),
    ).remarks.flatMap(({ code, message }) => (['E57', 'W65'].includes(code) ? [`${code} ${message}`] : []));
  const trigger = { type: 'event', event: 'consent.pending' };

  it('goes where somebody has still to confirm', () => {
    expect(journeyOf({ topic: 'orders', entry: undefined, trigger })).toEqual([]);
    expect(journeyOf({ topic: 'orders', entry: undefined, trigger: { type: 'manual' } })).toEqual([]);
  });

  it('is no marketing, and has something to ask', () => {
    expect(journeyOf({ topic: 'offers', trigger })).toEqual([
      'E57 "ask" prints message.confirm_url and goes out as "offers", which is marketing: it never reaches who has still to confirm. Give it a transactional topic.',
    ]);
    expect(journeyOf({ topic: 'orders', entry: undefined })).toEqual([
      'W65 "ask" prints message.confirm_url, and nothing waits for that here. Start the journey with the event "consent.pending".',
    ]);
  });
});

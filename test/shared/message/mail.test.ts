import { describe, expect, it } from 'vitest';
import { mailOf } from '#shared/message/mail.ts';
import { stepsThen } from '#shared/message/message.ts';
import { settings } from '#test/build/settings.ts';

const made = {
  rendered: { subject: 'Tea', html: '<p>Tea</p>', text: 'Tea' },
  to: 'ann@shop.example',
  sender: undefined,
  settings: settings({
    senders: {
      default: { email: 'Shop <hello@shop.example>', replyTo: 'care@shop.example' },
      tea: { email: 'Tea <tea@shop.example>' },
    },
  }),
  otherwise: 'stage@shop.example',
  wayOut: undefined,
  tags: { message: 'm1', journey: 'cart', step: 'hello' },
};

describe('a mail comes', () => {
  it('from the default sender, whose answers go where the settings say', () => {
    const { headers, ...mail } = mailOf(made);
    expect(mail).toEqual({
      ...made.rendered,
      from: 'Shop <hello@shop.example>',
      replyTo: 'care@shop.example',
      to: 'ann@shop.example',
      tags: made.tags,
    });
    expect(headers).toEqual([]);
  });

  it('from the sender that step or template name, without answers elsewhere where it says none', () => {
    const mail = mailOf({ ...made, sender: 'tea' });
    expect(mail.from).toBe('Tea <tea@shop.example>');
    expect(mail).not.toHaveProperty('replyTo');
  });

  it('from the sender of the stage where the settings name nobody', () => {
    expect(mailOf({ ...made, settings: settings() }).from).toBe('stage@shop.example');
    expect(mailOf({ ...made, sender: 'gone' }).from).toBe('stage@shop.example');
  });

  it('with a button of the mailbox to unsubscribe, as RFC 8058 says, where there is a way out', () => {
    expect(mailOf({ ...made, wayOut: 'https://t.shop.example/u/abc' }).headers).toEqual([
      { name: 'List-Unsubscribe', value: '<https://t.shop.example/u/abc>' },
      { name: 'List-Unsubscribe-Post', value: 'List-Unsubscribe=One-Click' },
    ]);
  });
});

describe('what steps have left, for a message', () => {
  it('is as it was in the pass that it was said in', () => {
    const left = { again: { pass: 3, of: 5 }, code: { value: 'TEA10' } };
    expect(stepsThen({ passes: { again: 1 } }, left)).toEqual({ again: { pass: 1, of: 5 }, code: { value: 'TEA10' } });
    expect(stepsThen({ passes: { other: 2 } }, left)).toEqual({ ...left, other: { pass: 2 } });
  });

  it('is what it is outside of repeats', () => {
    expect(stepsThen({}, { code: { value: 'TEA10' } })).toEqual({ code: { value: 'TEA10' } });
  });
});

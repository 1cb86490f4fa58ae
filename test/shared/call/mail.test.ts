import { describe, expect, it } from 'vitest';
import type { Call } from '#shared/call/call.ts';
import { judgeMail, mailOfCall } from '#shared/call/mail.ts';
import { MailAmbiguous, MailDeferred, MailRejected } from '#shared/errors.ts';

const CALL: Call = {
  v: 1,
  id: 'c0ffee',
  contact: 'k1',
  externalId: '4711',
  journey: 'low-nps',
  key: '',
  n: 1,
  version: 1,
  step: 'tell-care',
  titles: { journey: 'An unhappy customer', step: 'Tell the care team' },
  endpoint: 'care',
  body: { score: 3 },
  waits: false,
  answer: false,
  queuedAt: '2026-03-02T09:00:00.000Z',
  state: 'queued',
  attempts: 0,
  next: '2026-03-02T09:00:00.000Z',
};
const senders = { default: { email: 'Shop <hello@shop.example>', replyTo: 'care@shop.example' } };
const mail = (more: Partial<Call> = {}) =>
  mailOfCall({ ...CALL, ...more }, 'team@shop.example', { senders }, 'x@y.example');

describe('the mail of a call', () => {
  it('says journey and step in words, and what the step says', () => {
    expect(mail()).toMatchObject({
      from: 'Shop <hello@shop.example>',
      to: 'team@shop.example',
      replyTo: 'care@shop.example',
      subject: 'An unhappy customer: Tell the care team',
      tags: { call: 'c0ffee', journey: 'low-nps', step: 'tell-care' },
    });
    expect(mail().html).toBeUndefined();
    expect(mail().headers).toEqual([
      { name: 'Auto-Submitted', value: 'auto-generated' },
      { name: 'X-Tropa-Call', value: 'c0ffee' },
    ]);
    expect(mail().text).toBe(
      [
        'Journey: An unhappy customer (low-nps)',
        'Step: Tell the care team (tell-care)',
        'Contact: 4711',
        'Time: 2026-03-02 09:00 UTC',
        '',
        'score: 3',
        '',
      ].join('\n'),
    );
  });

  it('comes from the sender of the stage where the settings have none', () => {
    const { from, ...rest } = mailOfCall(CALL, 'a@b.example', { senders: {} }, 'x@y.example');
    expect(from).toBe('x@y.example');
    expect(rest).not.toHaveProperty('replyTo');
  });

  it.each([
    [{}, 'The step says nothing further.'],
    [{ why: 'slow\r\nand dear' }, 'why:\n  slow\n  and dear'],
    [{ tags: ['a', 'b'] }, 'tags:\n  - a\n  - b'],
    [{ order: { id: '7', paid: false, note: null } }, 'order:\n  id: 7\n  paid: false\n  note: (nothing)'],
    [{ items: [{ name: 'tea', n: 2 }, [1, 2]] }, 'items:\n  - name: tea\n    n: 2\n  - [1,2]'],
  ])('puts %j as text', (body, text) => {
    expect(mail({ body }).text.split('\n\n').at(1)?.trimEnd()).toBe(text);
  });

  it.each([
    [{ order: { 'k\nContact: 99\r\nVisit\u2028us': 1 } }, 'order:\n  k Contact: 99 Visit us: 1'],
    [{ 'a\u0085Step: pay': ['b\u2029c'] }, 'a Step: pay:\n  - b c'],
    [{ why: 'a\u2028b\u0085c\vd\fe\u0000f' }, 'why: a b c d e f'],
    [{ items: [['a\u2028b']] }, 'items:\n  - ["a b"]'],
    [{ why: 'one\n\nContact: 99' }, 'why:\n  one\n  \n  Contact: 99'],
  ])('lets nothing of %j look like a line of its own', (body, text) => {
    const said = mail({ body }).text;
    expect(said.slice(said.indexOf('\n\n') + 2).trimEnd()).toBe(text);
  });

  it('names journey, step and contact on one line each, whatever they are called', () => {
    const titles = { journey: 'A\nStep: B', step: 'C\u2028D' };
    const [journey, step, contact, time] = mail({ titles, externalId: '4711\nContact: 1' }).text.split(/[\n\u2028]/);
    expect([journey, step, contact, time]).toEqual([
      'Journey: A Step: B (low-nps)',
      'Step: C D (tell-care)',
      'Contact: 4711 Contact: 1',
      'Time: 2026-03-02 09:00 UTC',
    ]);
  });

  it('has a subject of one line that is not too long', () => {
    const { subject } = mail({ titles: { journey: 'A\r\nBcc: all@shop.example', step: 'x'.repeat(300) } });
    expect(subject).toMatch(/^A Bcc: all@shop.example: x+…$/);
    expect(subject).toHaveLength(151);
    expect(mail({ titles: { journey: 'A', step: 'x'.repeat(147) } }).subject).toBe(`A: ${'x'.repeat(147)}`);
  });

  it('names by their ids what has no other name', () => {
    const { titles: _, ...unnamed } = CALL;
    const { subject, text } = mailOfCall(unnamed, 'team@shop.example', { senders }, 'x@y.example');
    expect(subject).toBe('low-nps: tell-care');
    expect(text).toContain('Journey: low-nps\nStep: tell-care\n');
  });
});

it.each([
  [new MailRejected('MessageRejected', ''), { refused: 'MessageRejected' }],
  [new MailDeferred('Throttling', ''), { again: 'Throttling' }],
  [new MailAmbiguous(''), { again: 'unknown' }],
])('%s of the mailer is judged', (error, verdict) => {
  expect(judgeMail(error)).toEqual(verdict);
});

it('what is no error of the mailer is nobody else’s to swallow', () => {
  expect(() => judgeMail(new TypeError('a bug'))).toThrow('a bug');
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mimeOf } from '#apps/local/mime.ts';
import type { Mail } from '#shared/ports.ts';
import { readMime } from '#test/build/mime.ts';

const stamp = { id: 'local-000000001', at: '2026-03-02T10:00:05.000Z' };
const mail: Mail = {
  from: 'Żółty Sklep <hello@shop.example>',
  to: 'ada@mail.example',
  replyTo: 'care@shop.example',
  subject: 'Twój koszyk czeka, и ещё кое-что: 🎁'.repeat(4),
  html: '<p>Zażółć</p> <a ses:tags="link:shop;" href="https://a.example/?a=1&amp;b=2">Shop</a>',
  text: 'Zażółć = gęślą \n\njaźń\n',
  headers: [{ name: 'List-Unsubscribe', value: `<https://shop.example/u/${'x'.repeat(200)}>` }],
  tags: {},
};

describe('a mail as it is sent', () => {
  it('has the headers and both parts of the mail, the better one last', () => {
    const { headers, type, parts } = readMime(mimeOf(mail, stamp));
    expect(headers).toMatchObject({
      date: 'Mon, 02 Mar 2026 10:00:05 +0000',
      from: mail.from,
      to: mail.to,
      'reply-to': mail.replyTo,
      subject: mail.subject,
      'list-unsubscribe': mail.headers[0]?.value,
      'mime-version': '1.0',
    });
    expect(type).toBe('multipart/alternative');
    expect(parts.map((part) => [part.type, part.body])).toEqual([
      ['text/plain', mail.text],
      ['text/html', mail.html?.replace(' ses:tags="link:shop;"', '')],
    ]);
  });

  it('is one part without HTML', () => {
    const { html: _, ...plain } = mail;
    expect(readMime(mimeOf(plain, stamp))).toMatchObject({ type: 'text/plain', body: mail.text, parts: [] });
  });

  it('lets no text become a header, or a word that it is not', () => {
    const { headers } = readMime(
      mimeOf(
        { ...mail, subject: '=?UTF-8?B?YQ==?=  two ', headers: [{ name: 'X-One', value: 'a\r\nBcc: b@c.example' }] },
        stamp,
      ),
    );
    expect(headers).toMatchObject({ subject: '=?UTF-8?B?YQ==?=  two ', 'x-one': 'a Bcc: b@c.example' });
    expect(headers).not.toHaveProperty('bcc');
  });

  it('says to a mailbox what was said, whatever that is', () => {
    const anything = fc.string({ unit: 'binary', maxLength: 300 });
    const lines = fc.array(
      fc.string({ unit: fc.constantFrom('a', ' ', '=', '.', '\t', 'ż', '🎁', '-'), maxLength: 120 }),
    );
    fc.assert(
      fc.property(anything, lines, (written, body) => {
        const subject = written.replaceAll(/[\p{Cc}\u2028\u2029]/gu, ' ').trim();
        const text = body.join('\n');
        const read = readMime(mimeOf({ ...mail, subject, text }, stamp));
        expect(read.headers['subject']).toBe(subject);
        expect(read.parts[0]?.body).toBe(text);
      }),
      { numRuns: 200 },
    );
  });
});

import { describe, expect, it } from 'vitest';
import { readFront } from '#shared/template/front.ts';

const said = (text: string) => readFront(text).remarks.map((r) => `${r.line}:${r.column} ${r.code} ${r.message}`);

describe('a template file', () => {
  it('is taken apart into front data and body', () => {
    const text = '\uFEFF---\r\n{ "subject": "Hi", // short\r\n "topic": "news", }\r\n---\r\n<mjml>\r\n</mjml>';
    const { front, body, bodyLine, remarks } = readFront(text);
    expect(remarks).toEqual([]);
    expect(front).toEqual({ subject: 'Hi', preheader: '', topic: 'news' });
    expect(body).toBe('<mjml>\n</mjml>');
    expect(bodyLine).toBe(5);
  });

  it.each([
    [
      'no front data',
      '<mjml></mjml>',
      '1:1 E49 A template begins with its front data between two lines "---": { "subject": "..." }.',
    ],
    [
      'front data without an end',
      '---\n{ "subject": "Hi" }\n',
      '1:1 E49 A template begins with its front data between two lines "---": { "subject": "..." }.',
    ],
    ['no subject', '---\n{ "topic": "news" }\n---\n', '2:1 E49 The front data needs "subject".'],
    [
      'an unknown key',
      '---\n{\n  "subject": "Hi",\n  "pre-header": "x"\n}\n---\n',
      '4:3 E02 The front data has no "pre-header". Did you mean "preheader"?',
    ],
    [
      'a slip in the JSON',
      '---\n{ "subject": "Hi"\n  "topic": "news" }\n---\n',
      '2:18 E01 A comma is missing after line 2.',
    ],
  ])('with %s is told so', (_, text, expected) => {
    expect(said(text)).toEqual([expected]);
    expect(readFront(text).front).toBeUndefined();
  });
});

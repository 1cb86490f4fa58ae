import { describe, expect, it } from 'vitest';
import { placeholders, templateStub } from '#shared/import/templates.ts';
import { readFront } from '#shared/template/front.ts';

describe('words of another tool', () => {
  it.each([
    ['Your cart', 'Your cart', false],
    ["{{ first_name|default:'there' }}, hello", "{{ contact.name.first | default: 'there' }}, hello", false],
    ['Hi {{ person.properties.first_name }}', 'Hi {{ contact.name.first }}', false],
    ['Free, {{ event.extra.name }}', 'Free, [[event.extra.name]]', true],
    ['{% if x %}a{% endif %}', '[[if x]]a[[endif]]', true],
    ['Hello {contactfield=firstname}', 'Hello {contactfield=firstname}', true],
    ['Half {{ of', 'Half  of', true],
  ])('%s is %s', (given, text, foreign) => {
    expect(placeholders(given)).toEqual({ text, foreign });
  });
});

describe('the stub of a template', () => {
  it('says what to paste, and has the way out', () => {
    const { path, text } = templateStub('hello', 'email', {
      name: 'Hello',
      origin: 'the Pinpoint template "a<b"',
      subject: 'Good day',
    });
    expect(path).toBe('templates/hello/email.mjml');
    const { front, body, remarks } = readFront(text);
    expect(remarks).toEqual([]);
    expect(front).toMatchObject({ subject: 'Good day', note: 'From the Pinpoint template "a<b".' });
    expect(body).toContain('TODO: paste the Pinpoint template "a&lt;b" here.');
    expect(body).toContain('{{ message.unsubscribe_url }}');
  });

  it('of a text message is its text', () => {
    const { path, text } = templateStub('short', 'sms', { name: 'Short', origin: 'x', text: 'Three days left' });
    expect(path).toBe('templates/short/sms.liquid');
    expect(readFront(text).body).toBe('Three days left\n');
  });
});

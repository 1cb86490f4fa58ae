import { describe, expect, it } from 'vitest';
import { templateFacts } from '#shared/publish/facts.ts';
import { guardedIn } from '#shared/template/variables.ts';

describe('what a template does without', () => {
  it.each([
    ["{{ steps.a.code | default: 'x' }}", ['steps.a.code']],
    ['{{ steps.a.code }}', []],
    ["{{ steps.a.code | upcase | default: 'x' }} and {{ steps.a.code }}", []],
    ['{% if steps.a.code %}Your code: {{ steps.a.code }}{% endif %}', ['steps.a.code']],
    ['{%- unless contact.name -%}x{%- endunless -%}\n\n{{ contact.tier }}', ['contact.name']],
    ['{% for item in trigger.items %}{{ item.name }}{% endfor %}', []],
  ])('%s', (text, expected) => {
    expect(guardedIn(text)).toEqual(expected);
  });

  it('is what each of its variants does without', () => {
    const variant = (guarded: string[]) => ({ hasUnsubscribe: true, variables: ['a.b', 'c.d'], guarded });
    const facts = templateFacts({ 'hello/email': variant(['a.b', 'c.d']), 'hello/email.pl': variant(['a.b']) });
    expect(facts['hello']).toMatchObject({ guarded: ['a.b'], locales: ['', 'pl'], channels: ['email'] });
  });
});

import { describe, expect, it } from 'vitest';
import { mjmlCompiler } from '#shared/adapters/mjml/compiler.ts';
import { linksOf, withLinkTags, withoutLinkTags } from '#shared/template/link-names.ts';

describe('a link with a name', () => {
  it.each([
    [
      '<a name="checkout" href="https://a.example">',
      '<a ses:tags="link:checkout;" name="checkout" href="https://a.example">',
    ],
    ['<a href="{{ url }}" name="b_2">', '<a ses:tags="link:b_2;" href="{{ url }}" name="b_2">'],
  ])('carries it for SES: %s', (written, tagged) => {
    expect(withLinkTags(written)).toBe(tagged);
    expect(withLinkTags(tagged)).toBe(tagged);
  });

  it.each(['<a href="https://a.example">', '<a name="anchor">', '<abbr name="x" href="y">', '<a name="a b" href="c">'])(
    'is none: %s',
    (written) => expect(withLinkTags(written)).toBe(written),
  );

  it('is not told of where it leads to the pages of the mail itself, unless the template names it', async () => {
    const mjml = `<mjml><mj-body><mj-section><mj-column><mj-text>
      <a href="{{ message.unsubscribe_url }}">Out</a> <a class="x" href="{{message.view_url}}">View</a>
      <a name="settings" href="{{ message.preferences_url }}">Choose</a> <a href="{{ data.url }}">Tea</a>
    </mj-text></mj-column></mj-section></mj-body></mjml>`;
    const { html } = await mjmlCompiler.compile(mjml, { preheader: '' });
    expect(html.match(/<a [^>]*>/g)).toEqual([
      '<a ses:no-track href="{{ message.unsubscribe_url }}">',
      '<a ses:no-track class="x" href="{{message.view_url}}">',
      '<a ses:tags="link:settings;" name="settings" href="{{ message.preferences_url }}">',
      '<a href="{{ data.url }}">',
    ]);
    expect(withoutLinkTags(html)).not.toContain('ses:');
  });

  it('comes from a button and from a text', async () => {
    const mjml = `<mjml><mj-body><mj-section><mj-column>
      <mj-button name="checkout" href="https://a.example/pay?c={{ contact.id }}&amp;x=1">Pay</mj-button>
      <mj-text>See <a name="help" href="https://a.example/help">help</a>, <a href="https://a.example/">us</a></mj-text>
    </mj-column></mj-section></mj-body></mjml>`;
    const { html, problems } = await mjmlCompiler.compile(mjml, { preheader: '' });
    expect(problems).toEqual([]);
    expect(linksOf(html)).toEqual([
      { href: 'https://a.example/pay?c={{ contact.id }}&x=1', name: 'checkout' },
      { href: 'https://a.example/help', name: 'help' },
      { href: 'https://a.example/' },
    ]);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { html } from '#apps/local/pages/markup.ts';

describe('html', () => {
  it.each([
    ['text', html`<p>${'<b> & "c" \'d\''}</p>`, '<p>&lt;b&gt; &amp; &quot;c&quot; &#39;d&#39;</p>'],
    ['what is markup already', html`<p>${html`<b>${'<'}</b>`}</p>`, '<p><b>&lt;</b></p>'],
    ['a list', html`<p>${['<', html`<br>`, 1, ['&']]}</p>`, '<p>&lt;<br>1&amp;</p>'],
    ['nothing', html`<p>${undefined}${[]}${''}</p>`, '<p></p>'],
    ['a zero', html`<p>${0}</p>`, '<p>0</p>'],
  ])('puts in %s', (_, markup, expected) => {
    expect(markup.text).toBe(expected);
  });

  it('lets no text out of the place where it was put', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('<', '>', '"', "'", '&', ';', '/', 'a', '#', '\u0000') }),
        (text) => {
          expect(html`${text}`.text).not.toMatch(/[<>"']/);
        },
      ),
    );
  });
});

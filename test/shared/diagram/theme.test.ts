import { describe, expect, it } from 'vitest';
import { PAINTS, styleSheet, TEXTS } from '#shared/diagram/theme.ts';

function luminance(colour: string): number {
  const parts = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255);
  const [r = 0, g = 0, b = 0] = parts.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** As WCAG 2 reckons it. */
function contrast(a: string, b: string): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].toSorted((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

describe.each(['light', 'dark'] as const)('the colours of pictures, %s', (scheme) => {
  const fills = Object.entries(PAINTS).map(([kind, { fill }]) => [kind, fill[scheme]] as const);

  it.each(fills)('text on %s is readable', (_, fill) => {
    for (const text of Object.values(TEXTS)) expect(contrast(text[scheme], fill)).toBeGreaterThanOrEqual(4.5);
  });

  it.each(Object.entries(PAINTS))('the edge and the icon of %s stand out from its fill', (_, { edge, fill }) => {
    expect(contrast(edge[scheme], fill[scheme])).toBeGreaterThanOrEqual(3);
  });
});

describe('the style sheet', () => {
  it('touches nothing outside the picture and loads nothing', () => {
    const css = styleSheet();
    expect(css).not.toMatch(/url\(|@import|@font-face/);
    const selectors = css.replace(/@media[^{]*\{/, '').matchAll(/([^{}]+)\{[^}]*\}/g);
    for (const [, selector = ''] of selectors)
      for (const one of selector.split(',')) expect(one.trim()).toMatch(/^\.tropa-journey /);
  });
});

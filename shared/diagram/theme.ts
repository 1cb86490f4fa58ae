import type { Box, Style } from './drawing.ts';

/** The colours of pictures, by day and by night. Text on any of the fills has a contrast of 4.5 and more. */

type Scheme = 'light' | 'dark';
type Colour = { readonly [S in Scheme]: string };
/** What boxes are filled with, and what their edges and icons are drawn with. */
type Paint = { readonly fill: Colour; readonly edge: Colour };

const PAGE: Colour = { light: '#ffffff', dark: '#14171c' };
const INK: Colour = { light: '#1b1f24', dark: '#e8eaed' };
const MUTED: Colour = { light: '#4f5863', dark: '#aab2bd' };
const CONDITION: Colour = { light: '#7a3e00', dark: '#f2bd73' };
const WAY: Colour = { light: '#66707c', dark: '#8b95a1' };

const QUIET: Paint = { fill: { light: '#eef1f4', dark: '#232930' }, edge: { light: '#57606a', dark: '#9aa4b0' } };
const MAIL: Paint = { fill: { light: '#e6f0ff', dark: '#172a4a' }, edge: { light: '#1f5fd0', dark: '#78a9ff' } };
const TIME: Paint = { fill: { light: '#fff4d6', dark: '#35290c' }, edge: { light: '#8f5b00', dark: '#e6b643' } };
const WAYS: Paint = { fill: { light: '#f2ebff', dark: '#2b2144' }, edge: { light: '#6d3fc4', dark: '#bb9bff' } };
const GIFT: Paint = { fill: { light: '#e3f5e9', dark: '#12311f' }, edge: { light: '#1a6f3c', dark: '#62cc8d' } };
const STOP: Paint = { fill: { light: '#fdeaea', dark: '#3b1a1a' }, edge: { light: '#ad1f1f', dark: '#ff938d' } };
const CARD: Paint = { fill: { light: '#f6f8fa', dark: '#1b2027' }, edge: { light: '#66707c', dark: '#8b95a1' } };
const PLAIN: Paint = { fill: PAGE, edge: MUTED };

export const PAINTS: { readonly [K in Box['kind']]: Paint } = {
  ...{ header: CARD, arm: PLAIN, send: MAIL, wait: TIME, waitFor: TIME, branch: WAYS, split: WAYS, repeat: WAYS },
  ...{ coupon: GIFT, update: QUIET, call: QUIET, emit: QUIET, enrol: QUIET, leave: QUIET, skip: PLAIN },
  ...{ end: STOP, finish: STOP },
};

export const TEXTS: { readonly [S in Style]: Colour } = {
  ...{
    heading: INK,
    row: MUTED,
    label: INK,
    title: INK,
    plain: INK,
    if: CONDITION,
    note: MUTED,
    id: MUTED,
    count: INK,
  },
};

/** How each style of text is set, its colour aside. */
const FONTS: { readonly [S in Style]: string } = {
  heading: '600 18px',
  row: '600 11.5px',
  label: '600 12.5px',
  title: '600 13.5px',
  plain: '400 12.5px',
  if: '400 12.5px',
  note: 'italic 400 12px',
  id: '400 11px',
  count: '600 11px',
};
const FAMILY = "-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif";
const MONO = "ui-monospace,Menlo,Consolas,'Liberation Mono',monospace";

/** What depends on day and night. `ROOT` keeps it from pages that a picture is put into. */
const ROOT = '.tropa-journey';
const colours = (scheme: Scheme): string[] => [
  `.page,.chip{fill:${PAGE[scheme]}}.chip{stroke:${MUTED[scheme]}}`,
  `.way{stroke:${WAY[scheme]}}.tip{fill:${WAY[scheme]}}`,
  ...Object.entries(PAINTS).map(
    ([kind, { fill, edge }]) =>
      `.${kind} .shape{fill:${fill[scheme]};stroke:${edge[scheme]}}.${kind} .icon{stroke:${edge[scheme]}}`,
  ),
  ...Object.entries(TEXTS).map(([style, colour]) => `text.${style}{fill:${colour[scheme]}}`),
];

const scoped = (rules: readonly string[]): string =>
  rules.join('').replace(/([^{},]+)(?=[,{])/g, (selector) => `${ROOT} ${selector}`);

const STATIC = [
  '.way{fill:none;stroke-width:1.5}',
  '.way.skip{stroke-dasharray:5 4}',
  '.shape{stroke-width:1.25}',
  '.finish .shape,.end .shape{stroke-width:2}',
  '.skip .shape{stroke-dasharray:5 4}',
  '.arm .shape{stroke-width:0.75}',
  '.icon{fill:none;stroke-width:1.5;stroke-linecap:round;stroke-linejoin:round}',
  '.chip{stroke-width:0.75}',
  ...Object.entries(FONTS).map(([style, font]) => `text.${style}{font:${font} FAMILY-${style}}`),
];

const withFamilies = (css: string): string => css.replaceAll('FAMILY-id', MONO).replace(/FAMILY-[a-z]+/g, FAMILY);

export const styleSheet = (): string =>
  withFamilies(scoped([...STATIC, ...colours('light')])) +
  `@media (prefers-color-scheme:dark){${scoped(colours('dark'))}}`;

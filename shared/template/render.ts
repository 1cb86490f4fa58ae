import type { Liquid } from 'liquidjs';
import type { Json } from '#shared/store/table.ts';
import { htmlEngine, textEngine } from './liquid.ts';
import { printerOf } from './printer.ts';
import type { CompiledTemplate } from './template.ts';
import { writable } from './writable.ts';

/** What a template can print, by the names of the language. `scopeOf` makes one. */
export type RenderScope = {
  readonly contact: Readonly<Record<string, Json>>;
  readonly trigger: Readonly<Record<string, Json>>;
  readonly steps: Readonly<Record<string, Readonly<Record<string, Json>>>>;
  readonly data: Readonly<Record<string, Json>>;
  readonly shop: Readonly<Record<string, Json>>;
  readonly message: Readonly<Record<string, Json>>;
};

export type Rendered = { readonly subject: string; readonly html: string; readonly text: string };

type Printers = Readonly<Record<keyof Rendered, (scope: object) => string>>;

/** As long as a template is in use, so is what prints it: about ten times its length in memory. */
const known = new WeakMap<CompiledTemplate, Printers>();

function printersOf(template: CompiledTemplate): Printers {
  const found = known.get(template);
  if (found) return found;
  const printer = (text: string, engine: Liquid) => printerOf(engine.parse(text), engine);
  const printers = {
    subject: printer(template.subject, textEngine),
    html: printer(template.html, htmlEngine),
    text: printer(template.text, textEngine),
  };
  known.set(template, printers);
  return printers;
}

/** A line break in a subject would begin a header of somebody else's choice. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it is about
const BREAKS = /[\u0000-\u001f\u007f\u0085\u2028\u2029]+/g;

/**
 * The mail for one contact. HTML is escaped where something is printed, subject and text are not; the subject is one
 * line. A missing value prints nothing. Throws a LiquidError over a limit or for a value that a filter cannot take.
 */
export function render(template: CompiledTemplate, scope: RenderScope): Rendered {
  const { subject, html, text } = printersOf(template);
  const printed = writable(scope);
  return {
    subject: subject(printed).replace(BREAKS, ' ').trim(),
    html: html(printed),
    text: tidy(text(printed)),
  };
}

/** Loops and conditions leave their own lines behind. */
const tidy = (text: string): string =>
  `${text
    .replace(/(?<![ \t])[ \t]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim()}\n`;

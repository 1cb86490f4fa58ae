import type { Template } from 'liquidjs';
import type { Json } from '#shared/store/table.ts';
import { bounded } from './bounded.ts';
import { htmlEngine, textEngine } from './liquid.ts';
import { quick } from './quick.ts';
import type { CompiledTemplate } from './template.ts';

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

type Parsed = { readonly subject: Template[]; readonly html: Template[]; readonly text: Template[] };

/** Templates that are sent at one time, parsed: each is about ten times its length in memory. */
const KEPT = 200;
const parsed = bounded<Parsed>(KEPT);

const parse = (template: CompiledTemplate): Parsed =>
  parsed.of(`${template.id} ${template.channel} ${template.locale} ${template.version}`, () => ({
    subject: quick(textEngine.parse(template.subject)),
    html: quick(htmlEngine.parse(template.html)),
    text: quick(textEngine.parse(template.text)),
  }));

/** A line break in a subject would begin a header of somebody else's choice. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it is about
const BREAKS = /[\u0000-\u001f\u007f\u0085\u2028\u2029]+/g;

/**
 * The mail for one contact. HTML is escaped where something is printed, subject and text are not; the subject is one
 * line. A missing value prints nothing. Throws a LiquidError over a limit or for a value that a filter cannot take.
 */
export function render(template: CompiledTemplate, scope: RenderScope): Rendered {
  const { subject, html, text } = parse(template);
  const printed = (part: Template[], with_: typeof htmlEngine): string => String(with_.renderSync(part, scope));
  return {
    subject: printed(subject, textEngine).replace(BREAKS, ' ').trim(),
    html: printed(html, htmlEngine),
    text: tidy(printed(text, textEngine)),
  };
}

/** Loops and conditions leave their own lines behind. */
const tidy = (text: string): string =>
  `${text
    .replace(/(?<![ \t])[ \t]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim()}\n`;

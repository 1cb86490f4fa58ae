import { nearest } from '#shared/publish/did-you-mean.ts';
import { bounded } from '#shared/template/bounded.ts';
import type { LayoutProblem, TemplateCompiler } from '#shared/template/compiler.ts';
import { withLinkTags } from '#shared/template/link-names.ts';
import { mask, withoutLiquid } from '#shared/template/mask.ts';
import { unbalancedTags } from '#shared/template/tags.ts';
import { textOf } from './text.ts';

type Made = ReturnType<TemplateCompiler['compile']>;

/** Mails of a shop: a push compiles each twice, once to look at it and once to publish it. */
const KEPT = 300;
const made = bounded<Made>(KEPT);

/** MJML, with its silences made audible: what it drops or mends unasked becomes a problem. */
export const mjmlCompiler: TemplateCompiler = {
  compile: (mjml, { preheader }) => made.of(JSON.stringify([mjml, preheader]), () => compile(mjml, preheader)),
};

async function compile(mjml: string, preheader: string): Made {
  const layout = withoutLiquid(mjml);
  const before = [...unbalancedTags(layout), ...includes(layout)];
  if (before.length > 0) return { html: '', text: '', problems: before };
  const masked = mask(withPreheader(mjml, preheader));
  const laidOut = await layOut(masked.text);
  if ('message' in laidOut) return { html: '', text: '', problems: [laidOut] };
  const { html, errors } = laidOut;
  // What stands in an element that there is not is left out with it, and is not at fault.
  const strange = errors.filter(({ message }) => NO_ELEMENT.test(message));
  if (strange.length > 0) return { html: '', text: '', problems: strange.map((error) => problemOf(error, layout)) };
  const problems = [
    ...errors.filter((error) => !masked.holds(error.message)).map((error) => problemOf(error, layout)),
    ...masked.missingFrom(html).map(dropped),
  ];
  return { html: masked.restore(withLinkTags(html, masked.restore)), text: masked.restore(textOf(html)), problems };
}

/** On the same line as what stood there, so that lines go on counting as in the file. */
function withPreheader(mjml: string, preheader: string): string {
  if (!preheader || /<mj-preview[\s>]/.test(mjml)) return mjml;
  const masked = mask(preheader);
  const text = masked.restore(masked.text.replaceAll('&', '&amp;').replaceAll('<', '&lt;'));
  const preview = `<mj-preview>${text}</mj-preview>`;
  if (/<mj-head\s*>/.test(mjml)) return mjml.replace(/<mj-head\s*>/, (head) => head + preview);
  return mjml.replace(/<mjml(\s[^<>]*)?>/, (root) => `${root}<mj-head>${preview}</mj-head>`);
}

type LaidOut = { readonly html: string; readonly errors: readonly MjmlError[] };
type MjmlError = { readonly line: number; readonly message: string; readonly tagName: string };

async function layOut(mjml: string): Promise<LaidOut | LayoutProblem> {
  // MJML brings 600 modules along, half a second's work, and most processes lay out no mail.
  const { default: mjml2html } = await import('mjml');
  try {
    // No files: neither includes nor a configuration may be read from where publish happens to run.
    // Nor are fonts fetched that nobody has asked for.
    const options = { keepComments: true, ignoreIncludes: true, useMjmlConfigOptions: false, fonts: {} };
    return await mjml2html(mjml, options);
  } catch (error) {
    // MJML throws plain errors, for files that it cannot make sense of at all.
    return { line: 1, message: error instanceof Error ? firstLine(error.message) : String(error) };
  }
}

const NO_ELEMENT = /doesn't exist or is not registered/;
/** Those that stand in the body of a mail. */
const ELEMENTS = [
  ...['accordion', 'button', 'carousel', 'column', 'divider', 'group', 'hero', 'image', 'include', 'navbar', 'raw'],
  ...['section', 'social', 'social-element', 'spacer', 'table', 'text', 'wrapper'],
].map((name) => `mj-${name}`);

function meantMjml(tagName: string): string {
  const element = nearest(tagName, ELEMENTS);
  return element === undefined ? ' Plain HTML goes into <mj-text>.' : ` Did you mean <${element}>?`;
}

const firstLine = (message: string): string => message.split('\n')[0] ?? message;

function problemOf({ line, message, tagName }: MjmlError, layout: string): LayoutProblem {
  const column = (layout.split('\n')[line - 1] ?? '').indexOf(`<${tagName}`) + 1;
  const text = NO_ELEMENT.test(message)
    ? `MJML has no <${tagName}>.${meantMjml(tagName)}`
    : `<${tagName}>: ${message.trim()}.`;
  return { line, message: text, ...(column > 0 && { column }) };
}

function includes(mjml: string): LayoutProblem[] {
  const lines = mjml.split('\n');
  return lines.flatMap((text, i) => {
    const column = text.indexOf('<mj-include') + 1;
    return column > 0 ? [{ line: i + 1, column, message: 'A template is one file: <mj-include> is not read.' }] : [];
  });
}

const dropped = ({ piece, line, column }: { piece: string; line: number; column: number }): LayoutProblem => ({
  line,
  column,
  message: `MJML leaves out "${piece}" here. Between sections and columns put it into <mj-raw>.`,
});

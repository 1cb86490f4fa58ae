import { Liquid, type LiquidOptions, type Template, TokenizationError } from 'liquidjs';
import { didYouMean } from '#shared/publish/did-you-mean.ts';
import { bounded } from './bounded.ts';
import { COUNTED, FORMATTING, MACHINES_ZONE } from './filters.ts';

/**
 * Limits of one template: characters parsed, milliseconds and characters spent on one rendering. A mail of 100 KB needs
 * a tenth of each. They keep one bad loop from holding up a batch.
 */
const LIMITS = { parseLimit: 1_000_000, renderLimit: 2000, memoryLimit: 10_000_000 };

/** Parts of other files, since a template is one file; and `capture`, whose text would be escaped twice: use `assign`. */
const ABSENT_TAGS = ['include', 'render', 'layout', 'block', 'capture'];

/** Of names of days and months. Asked of Intl, it would be the machine's, and a fifth of a cold start. */
const LOCALE = { locale: 'en-US' };

const asText = (value: unknown): unknown => value;

function engine(options: LiquidOptions): Liquid {
  const always = { ownPropertyOnly: true, strictFilters: true, templates: {}, ...LIMITS, ...LOCALE };
  const liquid = new Liquid({ ...always, ...options });
  // Without `raw`, whatever a customer has typed into a form is printed as text and never as HTML.
  delete liquid.filters['raw'];
  for (const tag of ABSENT_TAGS) delete liquid.tags[tag];
  // Everything is escaped once already; people who know Liquid from elsewhere write it nevertheless.
  liquid.registerFilter('escape', asText);
  liquid.registerFilter('escape_once', asText);
  for (const name of MACHINES_ZONE) delete liquid.filters[name];
  for (const [name, filter] of Object.entries({ ...FORMATTING, ...COUNTED })) liquid.registerFilter(name, filter);
  return liquid;
}

/** For HTML: what is printed is escaped. */
export const htmlEngine = engine({ outputEscape: 'escape' });
/** For subjects and the text part, where `&amp;` would be read as such. */
export const textEngine = engine({});

/** What is wrong with a template's Liquid, by line and column of the text. */
export type LiquidProblem = { readonly message: string; readonly line: number; readonly column: number };

type Parse = { readonly templates: Template[] } | { readonly problem: LiquidProblem };
/** A check asks many things of one text, one after the other. */
const KEPT = 8;
const parses = bounded<Parse>(KEPT);

/** Parses with the same rules as rendering. What was asked for last is kept: it is to be read, not changed. */
export const parseLiquid = (text: string): Parse => parses.of(text, () => parsed(text));

function parsed(text: string): Parse {
  try {
    return { templates: htmlEngine.parse(text) };
  } catch (error) {
    return { problem: problemOf(error) };
  }
}

/** Errors of the template language say where they are; any other error is not the template's and is thrown on. */
export function problemOf(error: unknown): LiquidProblem {
  if (!(error instanceof Error) || !('token' in error || error instanceof TokenizationError)) throw error;
  const [, said = error.message, line = '1', column = '1'] =
    /^(.*?)(?:, line:(\d+), col:(\d+))?$/s.exec(error.message) ?? [];
  return { message: reworded(said), line: Number(line), column: Number(column) };
}

function reworded(said: string): string {
  const [, filter] = /^undefined filter: (\S+)$/.exec(said) ?? [];
  if (filter === 'raw') return 'There is no filter "raw": what is printed is always made safe for HTML. Take it out.';
  if (filter !== undefined) {
    const other = ELSEWHERE.get(filter);
    const hint = other ? ` Write ${other}.` : meant(filter, Object.keys(htmlEngine.filters));
    return `There is no filter "${filter}".${hint}`;
  }
  const [, tag] = /^tag "(.+)" not found$/.exec(said) ?? [];
  const [, begun] = /^end(\w+)$/.exec(tag ?? '') ?? [];
  if (begun !== undefined)
    return `{% ${tag} %} closes nothing: no {% ${begun} %} is open here. Take it out, or put that before it.`;
  if (tag !== undefined) return `There is no tag "${tag}".${meant(tag, Object.keys(htmlEngine.tags))}`;
  const [, opened, name = ''] = /^tag "?(\{%-?\s*(\w+).*?)"? not closed$/s.exec(said) ?? [];
  if (opened?.endsWith('%}')) return `${opened} is not closed. Write {% end${name} %} where it ends.`;
  if (opened !== undefined) return `${opened} has no end. Write %} behind it.`;
  const [, output] = /^output "?(\{\{.*?)"? not closed$/s.exec(said) ?? [];
  if (output !== undefined) return `${output} has no end. Write }} behind it.`;
  const [, strange] = /^illegal tag: (.+)$/s.exec(said) ?? [];
  if (strange !== undefined) return `${strange} cannot be read: a word in it is missing, or one too many.`;
  return LIMIT.test(said) ? `It makes too much (${said}). Make its loops shorter.` : `${said}.`;
}

const LIMIT = /limit exceeded$/;

/** What filters are called elsewhere, and what they are here. */
const ELSEWHERE: ReadonlyMap<string, string> = new Map([
  ...['currency', 'format_money', 'money_with_currency', 'money_without_trailing_zeros', 'price', 'format_number'].map(
    (name): [string, string] => [name, 'money'],
  ),
  ...['format_date', 'time_tag', 'datetime', 'strftime', 'localize', 'l', ...MACHINES_ZONE].map(
    (name): [string, string] => [name, "date: 'long'"],
  ),
  ['time', "date: 'time'"],
]);

const meant = (name: string, known: readonly string[]): string => didYouMean(name, known) || ' Take it out.';

import { Tokenizer, TypeGuards } from 'liquidjs';
import { currencyOf, isCurrency } from '#shared/money/currency.ts';
import { didYouMean } from '#shared/publish/did-you-mean.ts';
import { positions } from '#shared/publish/syntax.ts';
import { isZone } from '#shared/time/local.ts';
import { canonicalLocale } from './language.ts';
import type { LiquidProblem } from './liquid.ts';
import { liquidIn } from './mask.ts';
import { DATE_STYLES } from './moment.ts';
import { formsOf } from './plural.ts';

/** An argument: its text where it stands in quotes; undefined where only a mail brings it. */
type Argument = { readonly text?: string; readonly begin: number };
type Filter = { readonly name: string; readonly begin: number; readonly args: readonly Argument[] };
type Fault = { readonly offset: number; readonly message: string };
type Judge = (filter: Filter, locale: string) => Fault | undefined;

/** Where the value begins of the tags that print or keep one. */
const VALUE = /^(?:\{\{-?|\{%-?\s*(?:echo\s|assign\s+[\w-]+\s*=))/;

/** The filters of each piece of Liquid, each with its place in the text. */
function filtersIn(text: string): readonly Filter[] {
  return liquidIn(text).flatMap(({ start, end }) => {
    const head = VALUE.exec(text.slice(start, end))?.[0];
    if (head === undefined) return [];
    const found = new Tokenizer(text, undefined, undefined, [start + head.length, end - 2]).readFilteredValue().filters;
    return found.map(({ name, begin, args }) => ({
      name,
      begin,
      args: args.flatMap((arg): Argument[] => {
        // Arguments with names are a list of two; none of these filters has any.
        if (Array.isArray(arg)) return [];
        return [{ begin: arg.begin, ...(TypeGuards.isQuotedToken(arg) && { text: arg.content }) }];
      }),
    }));
  });
}

const ofMoney: Judge = ({ args: [currency] }) => {
  const code = currency?.text;
  if (!currency || code === undefined || isCurrency(currencyOf(code) ?? '')) return undefined;
  const near = didYouMean(code.toUpperCase(), Intl.supportedValuesOf('currency'));
  const hint = near || ' Write its code: money: "EUR".';
  return { offset: currency.begin, message: `There is no currency "${code}".${hint}` };
};

const ofDate: Judge = ({ args: [style, zone] }) => {
  const [how, where] = [style?.text, zone?.text];
  if (style && how !== undefined && !how.includes('%') && !DATE_STYLES.includes(how.trim())) {
    const near = didYouMean(how, DATE_STYLES);
    const hint = near || ` There are ${DATE_STYLES.join(', ')}, and patterns like "%d.%m.%Y".`;
    return { offset: style.begin, message: `There is no date style "${how}".${hint}` };
  }
  if (!zone || where === undefined || isZone(where)) return undefined;
  const hint = didYouMean(where, Intl.supportedValuesOf('timeZone')) || ' Write one like "Europe/Warsaw".';
  return { offset: zone.begin, message: `There is no time zone "${where}".${hint}` };
};

const ofPlural: Judge = ({ begin, args }, locale) => {
  const { needed, all } = formsOf(canonicalLocale(locale) ?? 'en');
  if (args.length >= needed.length && args.length <= all.length) return undefined;
  const spare = all.length > needed.length ? ` It may have ${all.slice(needed.length).join(' and ')}, too.` : '';
  const said = `plural has ${args.length} ${args.length === 1 ? 'form' : 'forms'} here, and "${locale}" needs ${needed.length}`;
  return { offset: begin, message: `${said}: ${needed.join(', ')}.${spare}` };
};

const JUDGES: ReadonlyMap<string, Judge> = new Map([
  ['money', ofMoney],
  ['date', ofDate],
  ['plural', ofPlural],
]);

/**
 * What formatting filters are given and cannot take, as far as it stands in the text. For text that is Liquid.
 *
 * @param locale of the language that the text is written in
 */
export function filterFaults(text: string, locale: string): readonly LiquidProblem[] {
  const found = filtersIn(text).flatMap((filter) => JUDGES.get(filter.name)?.(filter, locale) ?? []);
  if (found.length === 0) return [];
  const positionOf = positions(text);
  return found.map(({ offset, message }) => ({ ...positionOf(offset), message }));
}

import { bounded } from './bounded.ts';
import { decimalText } from './money.ts';

const ORDER: readonly Intl.LDMLPluralRule[] = ['zero', 'one', 'two', 'few', 'many', 'other'];
/** In these a fraction takes the form of two: 2 файла, 1,5 файла. */
const FRACTION_AS_FEW = ['be', 'ru', 'uk'];
/** Whole numbers beyond this bring no further form that a shop needs. */
const TRIED = 200;

export type Forms = {
  readonly select: (value: number) => Intl.LDMLPluralRule;
  /** Those that whole numbers take, in the order of the filter's arguments. */
  readonly needed: readonly Intl.LDMLPluralRule[];
  /** Those needed, then the ones of fractions and millions, which may be left out. */
  readonly all: readonly Intl.LDMLPluralRule[];
};

const known = bounded<Forms>(100);

/** The forms of words in this language beside numbers (Unicode CLDR). English: one, other. Polish, Russian: one, few, many, other. */
export const formsOf = (locale: string): Forms =>
  known.of(locale, () => {
    const rules = new Intl.PluralRules(locale);
    const whole = new Set(Array.from({ length: TRIED }, (_, n) => rules.select(n)));
    const needed = ORDER.filter((form) => whole.has(form));
    const rest = ORDER.filter((form) => !whole.has(form) && rules.resolvedOptions().pluralCategories.includes(form));
    return { select: (value) => rules.select(value), needed, all: [...needed, ...rest] };
  });

/** The form that goes with this number. What is no number takes that of many: "no items". */
export function pluralOf(value: unknown, given: readonly unknown[], locale: string): string {
  const words = given.map((word) => (typeof word === 'string' || typeof word === 'number' ? String(word) : ''));
  const { select, needed, all } = formsOf(locale);
  const many = needed.length - 1;
  const amount = decimalText(value);
  const at = amount === undefined ? many : all.indexOf(select(Number(amount)));
  const [language = ''] = locale.split('-');
  const spare = FRACTION_AS_FEW.includes(language) ? needed.indexOf('few') : many;
  return words[at] ?? words[at > many ? spare : many] ?? words.at(-1) ?? '';
}

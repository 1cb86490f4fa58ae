import { existsSync, readFileSync } from 'node:fs';
import { BadInput, FaultyFile } from '#apps/cli/bad-input.ts';
import { type Given, isMail, settingsOf } from '#apps/cli/preview/mail.ts';
import { placeOf } from '#apps/cli/validate/read-folder.ts';
import { folderOr } from '#apps/cli/which-folder.ts';
import { keysIn } from '#apps/local/shop-files.ts';
import { didYouMean } from '#shared/publish/did-you-mean.ts';
import { readFile } from '#shared/publish/parse.ts';
import { remarkLines } from '#shared/publish/print.ts';
import { hasErrors } from '#shared/publish/remarks.ts';
import { isObject } from '#shared/store/json.ts';
import type { Json } from '#shared/store/table.ts';
import { nest } from '#shared/template/scope.ts';
import { localeOrder, readTemplateKey } from '#shared/template/template.ts';

export type WhichMail = {
  /** An id, or the file of one variant. */
  readonly template: string;
  readonly folder?: string | undefined;
  /** What a contact reads. */
  readonly locale?: string | undefined;
};
export type FoundMail = { readonly folder: string; readonly keys: readonly [string, ...string[]] };

/** The variants of a template that are meant, all of them unless a language is. Throws BadInput when there is none. */
export function findMail({ template, folder: given, locale }: WhichMail): FoundMail {
  if (isMail(template)) {
    const { folder, file = '' } = placeOf(template);
    return { folder, keys: [file] };
  }
  const folder = folderOr(given);
  const known = keysIn(folder).flatMap((key) => {
    const name = readTemplateKey(key);
    return name?.channel === 'email' ? [{ key, ...name }] : [];
  });
  const variants = known.filter(({ id }) => id === template);
  const [first, ...rest] = locale === undefined ? variants : bestOf(variants, locale, settingsOf(folder).shop.locale);
  if (first) return { folder, keys: [first.key, ...rest.map(({ key }) => key)] };
  const ids = [...new Set(known.map(({ id }) => id))];
  const hint =
    didYouMean(template, ids) || (ids.length > 0 ? ` There are: ${ids.join(', ')}.` : ' It has no mail at all.');
  throw new BadInput(`${folder} has no mail "${template}".${hint}`);
}

/** What somebody who reads this language gets. */
function bestOf<V extends { readonly locale: string }>(variants: readonly V[], locale: string, shops: string): V[] {
  const best = localeOrder(locale, shops).flatMap((one) => variants.find((variant) => variant.locale === one) ?? []);
  return best.slice(0, 1);
}

const PARTS = ['contact', 'trigger', 'steps', 'data', 'shop'];

/**
 * The values of a JSON file: of the contact, or, if it says so, of all parts that a sample can have. Throws BadInput where
 * there is none, FaultyFile where it cannot be read.
 */
export function readGiven(file: string | undefined): Given {
  if (file === undefined) return {};
  if (!existsSync(file)) throw new BadInput(`There is no ${file}. It is to be JSON: { "name": { "first": "Ada" } }`);
  const { value, remarks } = readFile(readFileSync(file, 'utf8'));
  if (hasErrors(remarks)) throw new FaultyFile([`${file}   NOT READ.`, ...remarkLines(remarks)].join('\n'));
  if (!isGiven(value))
    throw new FaultyFile(
      `${file} is to say what is known of a contact, as { "name": { "first": "Ada" }, "locale": "pl" }.`,
    );
  const names = Object.keys(value);
  const strange = names.find((name) => !PARTS.includes(name));
  if (isObject(value['contact']) && strange !== undefined)
    throw new FaultyFile(
      `${file}: beside "contact" there can be ${PARTS.slice(1).join(', ')}, but no "${strange}".${didYouMean(strange, PARTS)}`,
    );
  const isWhole = names.length > 0 && names.every((name) => PARTS.includes(name) && isObject(value[name]));
  if (!isWhole) return { contact: nest(value) };
  return isObject(value['contact']) ? { ...value, contact: nest(value['contact']) } : value;
}

const isGiven = (value: unknown): value is Readonly<Record<string, Json>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

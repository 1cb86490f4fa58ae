import * as z from 'zod';
import { idSchema } from '#shared/condition/condition.ts';
import { ownOf } from '#shared/own-of.ts';
import { localeOrder } from './template.ts';

/** What all mails of a shop have in common lies beside the templates: its look, layouts, and parts that they take in. */
export const BRAND = 'templates/_brand/';
/** The file of the look, and what it goes by. */
export const LOOK = 'brand.json';

const PART = /^([a-z][a-z0-9-]*)(?:\.([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*))?\.mjml$/;

export const isBrand = (key: string): boolean => key.startsWith(BRAND);

/** What a file of the brand goes by: `footer.pl` of `templates/_brand/footer.pl.mjml`. Undefined for any other file. */
export function readBrandKey(key: string): string | undefined {
  const file = key.slice(BRAND.length);
  if (!isBrand(key) || file === LOOK) return isBrand(key) ? LOOK : undefined;
  const [, name, locale] = PART.exec(file) ?? [];
  return name && (locale ? `${name}.${locale}` : name);
}

/** The name that templates call it by, in whatever language: `footer` of `footer.pl`. */
export const calledBy = (part: string): string => (part === LOOK ? LOOK : (part.split('.')[0] ?? part));

export const brandKey = (part: string): string => `${BRAND}${part === LOOK ? LOOK : `${part}.mjml`}`;

/** Values stand in attributes and styles as they are, so nothing in them may end one. */
const color = z
  .string()
  .regex(/^(?:#[0-9a-f]{3}(?:[0-9a-f]{3})?|[a-z]{3,30}|rgba?\([0-9., %]{5,40}\))$/i, 'a colour such as "#9c4a23"');
const font = z.string().regex(/^[\w ,'-]{1,300}$/, `a list of fonts such as "Georgia, 'Times New Roman', serif"`);
const address = z.string().regex(/^https:\/\/[^\s"'<>{}&\\]+$/, 'an address that begins with "https://"');
const size = z.string().regex(/^\d{1,4}px$/, 'a size such as "160px"');

export const lookSchema = z.strictObject({
  $schema: z.string().optional(),
  colors: z.record(idSchema, color).default({}),
  fonts: z.record(idSchema, font).default({}),
  sizes: z.record(idSchema, size).default({}),
  /** Images: logo, signature. */
  images: z.record(idSchema, address).default({}),
  note: z.string().optional(),
});
export type Look = z.infer<typeof lookSchema>;

/** The look and all parts, by what they go by. */
export type Brand = { readonly look: Look; readonly parts: Readonly<Record<string, string>> };

export const noBrand = (): Brand => ({ look: lookSchema.parse({}), parts: {} });

/** What can be printed of the look: `brand.colors.button`. */
export const valuesOf = ({ colors, fonts, sizes, images }: Look): ReadonlyMap<string, string> =>
  new Map(
    Object.entries({ colors, fonts, sizes, images }).flatMap(([kind, values]) =>
      Object.entries(values).map(([name, value]): [string, string] => [`brand.${kind}.${name}`, value]),
    ),
  );

/** The part for this locale, else the next best, as with templates. */
export function partFor(
  { parts }: Brand,
  name: string,
  locale: string,
  shops: string,
): { readonly part: string; readonly text: string } | undefined {
  for (const wanted of localeOrder(locale || undefined, shops)) {
    const part = wanted ? `${name}.${wanted}` : name;
    const text = ownOf(parts, part);
    if (text !== undefined) return { part, text };
  }
  return undefined;
}

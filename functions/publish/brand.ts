import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Bucket } from '#shared/ports.ts';
import { checkLiquid } from '#shared/publish/check-template.ts';
import { garbled } from '#shared/publish/encoding.ts';
import { holdAgainst } from '#shared/publish/explain.ts';
import { parseJsonc } from '#shared/publish/parse.ts';
import {
  BAD_LAYOUT,
  hasErrors,
  inOrder,
  MISFIT,
  OVER_LIMIT,
  type Remark,
  remark,
  TOP,
  tooLong,
} from '#shared/publish/remarks.ts';
import type { Settings } from '#shared/settings/settings.ts';
import type { Shelf } from '#shared/store/journeys.ts';
import { assemblePart } from '#shared/template/assemble.ts';
import { type Brand, LOOK, type Look, lookSchema, noBrand, readBrandKey } from '#shared/template/brand.ts';
import { tooDeepLayout, tooMuchLiquid } from '#shared/template/depth.ts';
import { withoutLiquid } from '#shared/template/mask.ts';
import { unbalancedTags } from '#shared/template/tags.ts';

/** What an uploaded file was, under its content: mails are made of it anew, whatever is uploaded under its key meanwhile. */
export const sourceKey = (hash: string): string => `published/sources/${hash}.txt`;
export const sourceHash = (text: string): string => bytesToHex(sha256(utf8ToBytes(text))).slice(0, 32);

export async function readSource(bucket: Bucket, hash: string): Promise<string> {
  const object = await bucket.get(sourceKey(hash));
  if (!object) throw new Error(`the source ${hash} is not in the bucket`);
  return object.body;
}

export const putSource = (bucket: Bucket, text: string): Promise<void> =>
  bucket.put(sourceKey(sourceHash(text)), text, 'text/plain; charset=utf-8');

/** The brand that is live. */
export async function liveBrand({ brand = {} }: Shelf, bucket: Bucket): Promise<Brand> {
  const files = await Promise.all(
    Object.entries(brand).map(async ([part, { hash }]) => ({ part, text: await readSource(bucket, hash) })),
  );
  return files.reduce((all, { part, text }) => withPart(all, part, text), noBrand());
}

/** The brand with one file of it as it is now. A look that cannot be read leaves the one before. */
export function withPart(brand: Brand, part: string, text: string): Brand {
  if (part !== LOOK) return { ...brand, parts: { ...brand.parts, [part]: text } };
  return { ...brand, look: readLook(text).look ?? brand.look };
}

function readLook(text: string): { readonly look?: Look; readonly remarks: readonly Remark[] } {
  const source = parseJsonc(text);
  if (source.value === undefined || hasErrors(source.remarks)) return { remarks: source.remarks };
  const { value, remarks } = holdAgainst(lookSchema, source, 'The look of the brand');
  return { remarks, ...(value && { look: value }) };
}

const MISPLACED =
  'A part of the brand lies at "templates/_brand/<name>[.<locale>].mjml", its look at "templates/_brand/brand.json".';

/** What is wrong with a file of the brand by itself. `then` is the brand with it. */
export function checkPart(key: string, text: string, then: Brand, settings: Settings): readonly Remark[] {
  const part = readBrandKey(key);
  const refused = tooLong(text) ?? garbled(text) ?? (part ? undefined : remark(MISFIT, TOP, MISPLACED));
  if (refused || !part) return refused ? [refused] : [];
  if (part === LOOK) return readLook(text).remarks;
  const layout = withoutLiquid(text);
  const deep = tooMuchLiquid(text) ?? tooDeepLayout(layout);
  if (deep) return [remark(OVER_LIMIT, { column: 1, ...deep }, deep.message)];
  const [, locale = ''] = part.split('.');
  const { text: whole, at, remarks } = assemblePart(part, text, { locale, shops: settings.shop.locale, brand: then });
  const unclosed = unbalancedTags(layout).map(({ column = 1, line, message }) =>
    remark(BAD_LAYOUT, { line, column }, message),
  );
  return inOrder([
    ...remarks,
    ...unclosed,
    ...(hasErrors(remarks) ? [] : checkLiquid([{ text: whole, at }], locale || settings.shop.locale)),
  ]);
}

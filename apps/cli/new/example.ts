import { BadInput } from '#apps/cli/bad-input.ts';
import { namedUnder } from '#apps/cli/named-under.ts';
import { EXAMPLES } from '#apps/local/folder.ts';
import { filesOf, type ShopFile } from '#apps/local/shop-files.ts';
import { type Journey, journeySchema } from '#shared/journey/journey.ts';
import { didYouMean } from '#shared/publish/did-you-mean.ts';
import { readFile } from '#shared/publish/parse.ts';
import { isBrand } from '#shared/template/brand.ts';

/** A journey that is ready to use, with every file that it needs. */
export type Example = { readonly journey: Journey; readonly files: readonly ShopFile[] };

/** All that there are. */
export function examples(): Journey[] {
  return filesOf(EXAMPLES).flatMap(({ key, body }) =>
    key.startsWith('journeys/') ? [journeySchema.parse(readFile(body).value)] : [],
  );
}

/** One of them under another id. Throws BadInput with those that there are. */
export function exampleNamed(name: string, id: string): Example {
  const known = examples();
  const journey = known.find((one) => one.id === name);
  const ids = known.map((one) => one.id);
  if (!journey)
    throw new BadInput(`There is no example "${name}".${didYouMean(name, ids)} There are: ${ids.join(', ')}.`);
  const all = filesOf(EXAMPLES);
  const needed = neededBy(`journeys/${name}.json`, all);
  const own = [`journeys/${name}.json`, `tests/${name}.test.json`];
  const taken = all.filter(({ key }) => needed.has(key) || own.includes(key));
  const renamed = taken.map((file) => rename(withoutSchema(file), name, id));
  return { journey: { ...journey, id }, files: renamed };
}

/** Keys of what a file names, and of what that names in turn. The settings are always needed. */
function neededBy(start: string, all: readonly ShopFile[]): Set<string> {
  const needed = new Set([start, 'settings.json']);
  for (const key of needed) {
    const file = all.find((one) => one.key === key);
    if (!file || !key.endsWith('.json') || key === 'settings.json') continue;
    const value = readFile(file.body).value;
    for (const id of namedUnder(value, 'template'))
      for (const one of all) if (one.key.startsWith(`templates/${id}/`) || isBrand(one.key)) needed.add(one.key);
    for (const id of namedUnder(value, 'segment')) needed.add(`segments/${id}.json`);
    for (const id of namedUnder(value, 'pool')) needed.add(`pools/${id}.csv`);
  }
  return needed;
}

/** The schemas stay with Tropa, and a folder that has none of them would point to nothing. */
const withoutSchema = ({ key, body }: ShopFile): ShopFile => ({
  key,
  body: key.endsWith('.json') ? body.replace(/^\s*"\$schema": "[^"]*",\n/m, '') : body,
});

/** The journey under its new id, as a draft: whoever has looked at it makes it live. */
function rename({ key, body }: ShopFile, name: string, id: string): ShopFile {
  if (key === `tests/${name}.test.json`)
    return { key: `tests/${id}.test.json`, body: body.replace(`"journey": "${name}"`, `"journey": "${id}"`) };
  if (key !== `journeys/${name}.json`) return { key, body };
  const own = body.replace(`"id": "${name}"`, `"id": "${id}"`).replaceAll(`"${name}/`, `"${id}/`);
  return { key: `journeys/${id}.json`, body: own.replace(/"status": "\w+"/, '"status": "draft"') };
}

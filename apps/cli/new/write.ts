import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { BadInput } from '#apps/cli/bad-input.ts';
import type { ShopFile } from '#apps/local/shop-files.ts';
import { idSchema } from '#shared/condition/condition.ts';
import { idFor } from '#shared/publish/wording.ts';
import { exampleNamed } from './example.ts';
import { lacking } from './settings.ts';

/** What became of the files, kept stable for `--json`. */
export type Begun = {
  readonly journey: string;
  readonly folder: string;
  readonly note: string;
  readonly written: readonly string[];
  /** What was there already, and stays as it is. */
  readonly kept: readonly string[];
  /** What the folder's own settings.json has to get. */
  readonly settings: Readonly<Record<string, object>>;
};

export type NewRequest = { readonly template: string; readonly id?: string | undefined; readonly folder: string };

/** Writes an example into a shop's folder, as a draft. Nothing that is there is touched. Throws BadInput. */
export function begin({ template, id = template, folder }: NewRequest): Begun {
  if (!idSchema.safeParse(id).success)
    throw new BadInput(
      `--id "${id}": an id has small Latin letters, digits and "-", and begins with a letter.${suggested(id)}`,
    );
  const { journey, files } = exampleNamed(template, id);
  for (const key of [`journeys/${id}.json`, `journeys/${id}.jsonc`, `tests/${id}.test.json`])
    if (existsSync(join(folder, key)))
      throw new BadInput(`There is ${join(folder, key)} already. Give the new journey another id: --id ${id}-2.`);
  const missing = settingsLacking(folder, files);
  const isThere = ({ key }: ShopFile): boolean => existsSync(join(folder, key));
  const kept = files.filter(isThere);
  const written = files.filter((file) => !isThere(file));
  for (const { key, body } of written) write(join(folder, key), body);
  const keys = (list: readonly ShopFile[]): string[] => list.map(({ key }) => key);
  return { journey: id, folder, note: journey.note ?? '', written: keys(written), kept: keys(kept), settings: missing };
}

const suggested = (id: string): string => (idFor(id) === '' ? '' : ` How about --id ${idFor(id)}?`);

function settingsLacking(folder: string, files: readonly ShopFile[]): Record<string, object> {
  const own = join(folder, 'settings.json');
  const example = files.find(({ key }) => key === 'settings.json');
  return example && existsSync(own) ? lacking(readFileSync(own, 'utf8'), example.body, files) : {};
}

/** Should another have put a file there meanwhile, it is an error and not overwritten. */
function write(file: string, body: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, body, { flag: 'wx' });
}

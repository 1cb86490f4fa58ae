import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BadInput } from '#apps/cli/bad-input.ts';
import { checkSettings } from '#shared/publish/check-settings.ts';
import { print } from '#shared/publish/print.ts';
import type { Settings } from '#shared/settings/settings.ts';

/** The journeys that come with Tropa, in a folder laid out like the bucket. */
export const EXAMPLES = fileURLToPath(new URL('../../shared/journey/examples', import.meta.url));

/** A shop's folder as an option names it. Throws BadInput when it is no such folder. */
export function shopFolder(given: string): string {
  const folder = resolve(given);
  checkedSettings(folder);
  return folder;
}

/** The settings of a folder. Throws BadInput, with what publish would say, when there are none or they are faulty. */
export function checkedSettings(folder: string): Settings {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (!found) throw new BadInput(`There is no folder ${folder}.`);
  if (!found.isDirectory())
    throw new BadInput(`${folder} is a file. A shop's folder is needed, with settings.json in it.`);
  const file = join(folder, 'settings.json');
  if (!existsSync(file))
    throw new BadInput(`There is no ${file}. A shop's folder has settings.json, journeys/ and templates/.`);
  const { settings, remarks } = checkSettings(readFileSync(file, 'utf8'));
  if (!settings) throw new BadInput(print({ file, remarks }));
  return settings;
}

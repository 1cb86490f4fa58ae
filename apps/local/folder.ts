import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BadInput } from '#apps/cli/bad-input.ts';
import { checkSettings } from '#shared/publish/check-settings.ts';
import { print } from '#shared/publish/print.ts';
import type { Settings } from '#shared/settings/settings.ts';

/** The journeys that come with Tropa, in a folder laid out like the bucket. */
export const EXAMPLES = fileURLToPath(new URL('../../shared/journey/examples', import.meta.url));

/** The settings of a folder. Throws BadInput, with what publish would say, when there are none or they are faulty. */
export function checkedSettings(folder: string): Settings {
  const file = join(folder, 'settings.json');
  if (!existsSync(file))
    throw new BadInput(`There is no ${file}. A shop's folder has settings.json, journeys/ and templates/.`);
  const { settings, remarks } = checkSettings(readFileSync(file, 'utf8'));
  if (!settings) throw new BadInput(print({ file, remarks }));
  return settings;
}

import { BadInput } from '#apps/cli/bad-input.ts';
import { belongsElsewhere } from '#apps/local/misplaced.ts';
import { filesOf, keysIn } from '#apps/local/shop-files.ts';
import type { Place } from './read-folder.ts';

/** A file that nobody reads and where it belongs, or one that is missing and what it is for. */
export type Astray = {
  readonly file: string;
  readonly remarks: readonly [];
  readonly notRead?: string;
  readonly notThere?: string;
};

/** What a folder holds that looks like the shop's and is read by nobody; of a single file, that one. */
export function astrayIn({ folder, file }: Place): Astray[] {
  const found = keysIn(folder).flatMap((key): Astray[] => {
    const notRead = file === undefined || file === key ? belongsElsewhere(key) : undefined;
    return notRead === undefined ? [] : [{ file: key, remarks: [], notRead }];
  });
  if (file !== undefined || filesOf(folder).some(({ key }) => key === 'settings.json')) return found;
  return [{ file: 'settings.json', remarks: [], notThere: NO_SETTINGS }, ...found];
}

const NO_SETTINGS =
  'The shop\'s name, time zone, senders and topics stand in it. "npx tropa new welcome --folder ." writes one.';

/** Whether something lies there that nobody reads. */
export const isMisplaced = ({ notRead }: Astray): boolean => notRead !== undefined;

export const printAstray = ({ file, notRead, notThere }: Astray): string =>
  notRead === undefined ? `${file}   NOT THERE: ${notThere}\n` : `${file}   NOT READ: ${notRead}\n`;

/** Reads what can be read; nothing, where only misplaced files are left to be told of. Throws BadInput of the rest. */
export function unlessOnlyAstray<T>(astray: readonly Astray[], read: () => T[]): T[] {
  try {
    return read();
  } catch (error) {
    if (error instanceof BadInput && astray.some(isMisplaced)) return [];
    throw error;
  }
}

import { basename } from 'node:path';
import { BadInput, FaultyFile } from '#apps/cli/bad-input.ts';
import { checkShop } from '#apps/cli/validate/check-folder.ts';
import { placeOf, readFolder } from '#apps/cli/validate/read-folder.ts';
import { folderOr } from '#apps/cli/which-folder.ts';
import type { Journey } from '#shared/journey/journey.ts';
import { print } from '#shared/publish/print.ts';
import { hasErrors } from '#shared/publish/remarks.ts';
import type { StoryShop } from '#shared/story/tell-story.ts';
import type { Instant } from '#shared/time/instant.ts';

/** The shop in a folder. Throws FaultyFile with what publish would say when it would refuse a file of it. */
export async function loadShop(folder: string, now: Instant): Promise<StoryShop> {
  const { reports, shop } = await checkShop(readFolder({ folder }), now);
  const faulty = reports.filter(({ remarks }) => hasErrors(remarks));
  if (faulty.length > 0) throw new FaultyFile(faulty.map(print).join(''));
  return shop;
}

/** The journey with this id. Throws BadInput with those that there are. */
export function journeyOf({ journeys }: StoryShop, id: string): Journey {
  const found = journeys.find((journey) => journey.id === id);
  if (found) return found;
  const known = journeys.map((journey) => journey.id).join(', ');
  throw new BadInput(
    `There is no journey "${id}" in the folder. There are: ${known || 'none'}. --folder DIR takes another.`,
  );
}

/** A journey is named by its file, which tells the folder too, or by its id in a folder. */
export function namedBy({ journey, folder }: { readonly journey: string; readonly folder?: string | undefined }): {
  folder: string;
  id: string;
} {
  if (!/\.jsonc?$/.test(journey)) return { folder: folderOr(folder), id: journey };
  const id = basename(journey).replace(/\.jsonc?$/, '');
  return { folder: folder ?? placeOf(journey).folder, id };
}

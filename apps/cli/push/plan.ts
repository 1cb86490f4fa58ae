import type { ShopFile } from '#apps/local/shop-files.ts';
import { journeySchema } from '#shared/journey/journey.ts';
import { readFile } from '#shared/publish/parse.ts';
import { stepPlaces } from '#shared/publish/walk.ts';
import { hashOf, type Remote } from './remote.ts';
import type { Seen } from './seen.ts';

/**
 * What pushing a file would do. `again`: it is there already and was refused; it is tried once more. `theirs`: somebody else has
 * changed it there since it was last pulled or pushed.
 */
export type Change = 'new' | 'changed' | 'again' | 'same' | 'theirs';
export type Planned = ShopFile & {
  readonly change: Change;
  readonly before: Remote | undefined;
  /** A journey that acts on customers once it is published. */
  readonly acts: boolean;
  /** One of those that sends messages. */
  readonly sends: boolean;
};

/**
 * What a push would do to each file of the folder, in the order of the files.
 *
 * @param own whether what lies there was taken from this very folder, so that nobody else can have changed it
 */
export const planOf = (
  files: readonly ShopFile[],
  remote: ReadonlyMap<string, Remote>,
  seen: Seen,
  own = false,
): Planned[] =>
  files.map((file) => {
    const before = remote.get(file.key);
    return {
      ...file,
      before,
      change: changeOf(file, before, seen, own),
      acts: acts(file),
      sends: acts(file) && sends(file),
    };
  });

function changeOf({ key, body }: ShopFile, before: Remote | undefined, seen: Seen, own: boolean): Change {
  if (!before) return 'new';
  if (before.hash === hashOf(body)) return before.refused ? 'again' : 'same';
  return own || seen[key]?.there === before.hash ? 'changed' : 'theirs';
}

function acts({ key, body }: ShopFile): boolean {
  if (!key.startsWith('journeys/')) return false;
  const { data } = journeySchema.pick({ status: true }).loose().safeParse(readFile(body).value);
  return data !== undefined && data.status !== 'draft';
}

function sends({ body }: ShopFile): boolean {
  const { data } = journeySchema.safeParse(readFile(body).value);
  return data !== undefined && stepPlaces(data).some(({ step }) => step.type === 'send');
}

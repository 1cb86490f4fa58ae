import { mkdirSync } from 'node:fs';
import * as z from 'zod';
import { BadInput } from '#apps/cli/bad-input.ts';
import type { Kept } from './kept.ts';
import { isSystemError } from './system-error.ts';

const heldSchema = z.discriminatedUnion('shop', [
  z.object({ shop: z.literal('sample'), seed: z.string(), contacts: z.int(), folder: z.string() }),
  z.object({ shop: z.literal('replay'), folder: z.string() }),
  z.object({ shop: z.literal('own'), folder: z.string() }),
]);
/** Whose state a data folder keeps: two in one would be neither. `folder`: of the journeys it was last opened with. */
export type Held = z.infer<typeof heldSchema>;

/** Makes a data folder, if it is not there. Throws BadInput where none can be. */
export function makeDataFolder(dir: string): void {
  try {
    mkdirSync(dir, { recursive: true });
  } catch (error) {
    if (isSystemError(error, 'EEXIST', 'ENOTDIR')) throw new BadInput(`${dir} is a file; --data needs a folder.`);
    if (isSystemError(error, 'EACCES', 'EPERM', 'EROFS'))
      throw new BadInput(`The folder ${dir} cannot be made or written here (${error.code}).`);
    throw error;
  }
}

/** What is kept here; undefined of a folder that is new. */
export function heldIn(kept: Pick<Kept, 'get'>): Held | undefined {
  const written = kept.get('holds');
  return written === undefined ? undefined : heldSchema.parse(JSON.parse(written));
}

/** Notes whose state is kept here from now on. Throws BadInput when it is another's already. */
export function devote({ kept }: { readonly kept: Kept }, dir: string | undefined, to: Held): void {
  const held = heldIn(kept);
  if (held && nameOf(held) !== nameOf(to)) throw new BadInput(`${dir} holds ${nameOf(held)}. ${advice(held, to)}`);
  kept.set('holds', JSON.stringify(to));
}

function nameOf(held: Held): string {
  if (held.shop === 'sample')
    return `the sample shop "${held.seed}" with ${held.contacts.toLocaleString('en')} customers`;
  return held.shop === 'replay' ? 'a replay' : 'a shop without the sample';
}

function advice(held: Held, to: Held): string {
  if (to.shop !== 'sample') return 'Take another folder.';
  if (held.shop !== 'sample') return 'Open it with --no-sample, or take another folder.';
  return `Take another folder, or say --seed ${held.seed} --contacts ${held.contacts}.`;
}

/** Does it, and lets go of what was opened when that fails. */
export function closingOnError<T>(opened: { close(): void }, work: () => T): T {
  try {
    return work();
  } catch (error) {
    opened.close();
    throw error;
  }
}

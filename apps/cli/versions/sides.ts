import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { BadInput, FaultyFile } from '#apps/cli/bad-input.ts';
import type { OpenTarget } from '#apps/cli/target/open.ts';
import { type Journey, journeySchema } from '#shared/journey/journey.ts';
import { ownOf } from '#shared/own-of.ts';
import { holdAgainst } from '#shared/publish/explain.ts';
import { readFile } from '#shared/publish/parse.ts';
import { print } from '#shared/publish/print.ts';
import { hasErrors } from '#shared/publish/remarks.ts';
import { type LiveJourney, loadCatalogue, loadVersion } from '#shared/store/journeys.ts';

/** A journey as it stands somewhere: in a file, or in a version that was published. */
export type Side = {
  /** `version 3`, or the file's name. */
  readonly name: string;
  readonly journey: Journey;
  readonly version?: number;
  /** When the version was published. */
  readonly at?: string;
};

/** The number of a version, as an option gives it. */
export function versionNumber(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Write the number of a version, as 3.');
}

/** Where the file of a journey lies in a folder. Throws BadInput when it is not there. */
export function fileOf(journey: string, folder: string): string {
  const names = ['json', 'jsonc'].map((ending) => join(folder, 'journeys', `${journey}.${ending}`));
  const found = names.find((name) => existsSync(name));
  if (found === undefined)
    throw new BadInput(`There is no ${names[0]}. Say where the shop's folder is: --folder DIR, or name the file.`);
  return found;
}

/** A journey that a file holds. Throws BadInput when there is none, FaultyFile when it does not fit the grammar. */
export function readSide(file: string): Side {
  if (!existsSync(file)) throw new BadInput(`There is no ${file}.`);
  return { name: file, journey: readJourney(file, readFileSync(file, 'utf8')) };
}

export function readJourney(file: string, text: string): Journey {
  const source = readFile(text);
  if (source.value === undefined || hasErrors(source.remarks))
    throw new FaultyFile(print({ file, remarks: source.remarks, checked: true }));
  const { value, remarks } = holdAgainst(journeySchema, source, 'A journey');
  if (!value) throw new FaultyFile(print({ file, remarks, checked: true }));
  return value;
}

/** What is live of a journey. Throws BadInput when nothing is. */
export async function liveOf(journey: string, { table }: Pick<OpenTarget, 'table'>): Promise<LiveJourney> {
  const { journeys } = await loadCatalogue(table);
  const live = ownOf(journeys, journey);
  if (live) return live;
  const known = Object.keys(journeys).sort().join(', ') || 'none';
  throw new BadInput(`There is no journey "${journey}" that was ever live. Those that were: ${known}.`);
}

/** A version that was published. Throws BadInput when there is none. */
export async function versionSide(
  journey: string,
  version: number,
  target: Pick<OpenTarget, 'table'>,
): Promise<Side & { readonly version: number }> {
  const found = await loadVersion(target.table, journey, version);
  if (found) return { name: `version ${version}`, journey: found.definition, version, at: found.at };
  const { version: newest } = await liveOf(journey, target);
  throw new BadInput(`"${journey}" has no version ${version}. The newest is ${newest}.`);
}

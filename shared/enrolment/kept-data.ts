import type { Fields } from '#shared/condition/scope.ts';
import type { Json } from '#shared/store/table.ts';
import { utf8Length } from '#shared/store/units.ts';
import type { Enrolment } from './enrolment.ts';

/** What a step keeps of what others said. */
const OF_A_STEP = 4096;
/** What all steps of a passage keep together: its row holds 400 KB, with what a turn puts out. */
const OF_ALL = 128 * 1024;

const sizeOf = (value: Json): number => utf8Length(JSON.stringify(value));

/** As many fields of what others said as a passage has room for. */
export const keptOf = (data: Fields, { left }: Pick<Enrolment, 'left'>): Fields =>
  fitting(data, Math.min(OF_A_STEP, OF_ALL - sizeOf(left)));

/** Names of so many fields are told, of this length. */
const [NAMES, NAME] = [20, 60];

/** What those fields are called that are in `data` and not in `kept`: as many as somebody would read. */
export const missingIn = (kept: Fields, data: Fields): string[] =>
  Object.keys(data)
    .filter((name) => !Object.hasOwn(kept, name))
    .slice(0, NAMES)
    .map((name) => name.slice(0, NAME).toWellFormed());

/** As many fields as fit into so many bytes, in their order: one that is too large is left out, the others are kept. */
export function fitting(data: Fields, bytes: number): Record<string, Json> {
  let room = bytes - '{}'.length;
  const kept: Record<string, Json> = {};
  for (const [name, value] of Object.entries(data)) {
    const size = sizeOf(name) + sizeOf(value) + ':,'.length;
    if (size > room) continue;
    room -= size;
    kept[name] = value;
  }
  return kept;
}

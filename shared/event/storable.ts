import type { Json } from '#shared/store/table.ts';
import { holdsNumber, rowSize } from '#shared/store/units.ts';

/** A row holds 32 levels; a parked event, or one that a passage puts on the bus, lies a few deep already. */
const DEEPEST = 24;
/** A row holds 400 KB, with what is written beside the event. */
const MOST_BYTES = 380_000;

export type Fault = { readonly path: (string | number)[]; readonly message: string };

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

function faultIn(value: Json, path: (string | number)[], depth: number): Fault | undefined {
  if (typeof value === 'number' && !holdsNumber(value))
    return { path, message: 'a number lies between 1e-130 and 1e126, or is 0' };
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth > DEEPEST) return { path: path.slice(0, 3), message: `is nested more than ${DEEPEST} levels deep` };
  const members: readonly (readonly [string | number, Json])[] = isList(value)
    ? value.map((item, i) => [i, item] as const)
    : Object.entries(value);
  for (const [name, member] of members) {
    const fault = faultIn(member, [...path, name], depth + 1);
    if (fault) return fault;
  }
  return undefined;
}

type Posted = {
  readonly data: Readonly<Record<string, Json>>;
  readonly traits?: Readonly<Record<string, Json>> | undefined;
};

/** What of an event the table would never take, though it is well-formed JSON. Undefined when it can be stored. */
export function faultOf(event: Posted): Fault | undefined {
  const { data, traits = {}, ...rest } = event;
  const fault = faultIn(data, ['data'], 1) ?? faultIn(traits, ['traits'], 1);
  if (fault) return fault;
  const bytes = rowSize({ pk: '', sk: '', data, traits, rest: JSON.stringify(rest) });
  return bytes > MOST_BYTES
    ? { path: [], message: `has ${bytes} bytes; an event has at most ${MOST_BYTES}` }
    : undefined;
}

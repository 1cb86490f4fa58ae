import type { Json } from '#shared/store/table.ts';
import { holdsNumber, rowSize } from '#shared/store/units.ts';

/** A row holds 32 levels; a parked event, or one that a passage puts on the bus, lies a few deep already. */
const DEEPEST = 24;
/** A row holds 400 KB, with what is written beside the event. */
const MOST_BYTES = 380_000;
const TOO_DEEP = `is nested more than ${DEEPEST} levels deep`;

export type Fault = { readonly path: (string | number)[]; readonly message: string };

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

/** The path is made on the way out, of what has a fault alone. */
const inside = ({ path, message }: Fault, name: string | number): Fault => ({ path: [name, ...path], message });

function faultIn(value: Json, depth: number): Fault | undefined {
  if (typeof value === 'number' && !holdsNumber(value))
    return { path: [], message: 'a number lies between 1e-130 and 1e126, or is 0' };
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth > DEEPEST) return { path: [], message: TOO_DEEP };
  if (isList(value)) {
    for (let i = 0; i < value.length; i += 1) {
      const fault = faultIn(value[i] ?? null, depth + 1);
      if (fault) return inside(fault, i);
    }
    return undefined;
  }
  for (const name of Object.keys(value)) {
    const fault = faultIn(value[name] ?? null, depth + 1);
    if (fault) return inside(fault, name);
  }
  return undefined;
}

function faultOfField(name: string, value: Json): Fault | undefined {
  const fault = faultIn(value, 1);
  if (!fault) return undefined;
  const { path, message } = inside(fault, name);
  return { path: message === TOO_DEEP ? path.slice(0, 3) : path, message };
}

type Posted = {
  readonly data: Readonly<Record<string, Json>>;
  readonly traits?: Readonly<Record<string, Json>> | undefined;
};

/** What of an event the table would never take, though it is well-formed JSON. Undefined when it can be stored. */
export function faultOf(event: Posted): Fault | undefined {
  const { data, traits = {}, ...rest } = event;
  const fault = faultOfField('data', data) ?? faultOfField('traits', traits);
  if (fault) return fault;
  const bytes = rowSize({ pk: '', sk: '', data, traits, rest: JSON.stringify(rest) });
  return bytes > MOST_BYTES
    ? { path: [], message: `has ${bytes} bytes; an event has at most ${MOST_BYTES}` }
    : undefined;
}

import type { Path } from './parse.ts';

const KINDS = ['step', 'data', 'trait', 'trigger'] as const;

/** A value that is read from somewhere else: `{ "step": "code.code" }`, or a condition about one. */
export type Reference = {
  readonly kind: (typeof KINDS)[number];
  readonly to: string;
  readonly path: Path;
  readonly inWhere: boolean;
};

/** Lists of steps, which are looked at one by one, and places where a marketer's own names are keys. */
const STEP_LISTS = ['then', 'otherwise', 'cases', 'arms', 'steps'];
const OWN_NAMES = ['data', 'set', 'append', 'remove', 'body', 'add'];

const kindOf = (key: string): Reference['kind'] | undefined => KINDS.find((kind) => kind === key);

function* walk(value: unknown, path: Path, inWhere: boolean, ownNames: boolean): Generator<Reference> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, member] of Object.entries(value)) {
    const here = [...path, Array.isArray(value) ? Number(key) : key];
    const kind = ownNames ? undefined : kindOf(key);
    if (kind && typeof member === 'string') yield { kind, to: member, path: here, inWhere };
    yield* walk(member, here, inWhere || (!ownNames && key === 'where'), !ownNames && OWN_NAMES.includes(key));
  }
}

/** All references within a value; of a step, not those of the steps inside it. */
export function referencesIn(value: object, path: Path, isWhere = false): Reference[] {
  return Object.entries(value).flatMap(([key, member]) => {
    const isList = STEP_LISTS.includes(key) && Array.isArray(member);
    return isList ? [] : [...walk({ [key]: member }, path, isWhere, false)];
  });
}

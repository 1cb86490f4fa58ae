import type { Path } from './parse.ts';

/** A value that is read from somewhere else: `{ "step": "code.code" }`, or a condition about one. */
export type Reference = {
  readonly kind: 'step' | 'data';
  readonly to: string;
  readonly path: Path;
  readonly inWhere: boolean;
};

/** Lists of steps, which are looked at one by one, and places where a marketer's own names are keys. */
const STEP_LISTS = ['then', 'otherwise', 'cases', 'arms', 'steps'];
const OWN_NAMES = ['data', 'set', 'append', 'remove', 'body', 'add'];

function* walk(value: unknown, path: Path, inWhere: boolean, ownNames: boolean): Generator<Reference> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, member] of Object.entries(value)) {
    const here = [...path, Array.isArray(value) ? Number(key) : key];
    if (!ownNames && (key === 'step' || key === 'data') && typeof member === 'string') {
      yield { kind: key, to: member, path: here, inWhere };
    }
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

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

/** `here` is one path for all, longer and shorter again: most of what is looked at is no reference. */
function walk(value: unknown, here: (string | number)[], inWhere: boolean, ownNames: boolean, into: Reference[]): void {
  if (typeof value !== 'object' || value === null) return;
  const isList = Array.isArray(value);
  for (const [key, member] of Object.entries(value)) {
    here.push(isList ? Number(key) : key);
    const kind = ownNames ? undefined : kindOf(key);
    if (kind && typeof member === 'string') into.push({ kind, to: member, path: [...here], inWhere });
    walk(member, here, inWhere || (!ownNames && key === 'where'), !ownNames && OWN_NAMES.includes(key), into);
    here.pop();
  }
}

/** All references within a value; of a step, not those of the steps inside it. */
export function referencesIn(value: object, path: Path, isWhere = false): Reference[] {
  const found: Reference[] = [];
  for (const [key, member] of Object.entries(value)) {
    const isList = STEP_LISTS.includes(key) && Array.isArray(member);
    if (!isList) walk({ [key]: member }, [...path], isWhere, false, found);
  }
  return found;
}

import type { Condition, Ops } from '#shared/condition/condition.ts';
import type { Notes } from './notes.ts';
import type { Source } from './source.ts';

/** Conditions put together from what the other tools ask. */

/** Where a value lies: on the contact, in the event that is asked about, in the event that started the journey. */
export type Subject = 'trait' | 'data' | 'trigger' | 'step';

export function about(subject: Subject, path: string, ops: Ops): Condition {
  const conditions: Readonly<Record<Subject, Condition>> = {
    trait: { trait: path, ...ops },
    data: { data: path, ...ops },
    trigger: { trigger: path, ...ops },
    step: { step: path, ...ops },
  };
  return conditions[subject];
}

export function allOf(conditions: readonly Condition[]): Condition | undefined {
  const flat = conditions.flatMap((c) => ('all' in c && c.note === undefined ? c.all : [c]));
  return flat.length > 1 ? { all: flat } : flat[0];
}

export function anyOf(conditions: readonly Condition[]): Condition | undefined {
  const flat = conditions.flatMap((c) => ('any' in c && c.note === undefined ? c.any : [c]));
  return flat.length > 1 ? { any: flat } : flat[0];
}

/** One value stands alone, several in a list. */
export const oneOrList = <T>(values: readonly T[]): T | T[] => {
  const [first, ...more] = values;
  return first !== undefined && more.length === 0 ? first : [...values];
};

/**
 * Stands where a question cannot be asked: true for nobody, so that no one gets what was not meant for them, and the
 * arm behind it stays where it was.
 */
export function lostCondition(notes: Notes, source: Source, what: string, instead?: string): Condition {
  notes.lost(source, what, instead);
  return { sample: 0, note: `TODO: ${what}` };
}

/** A question that the source left empty. */
export const nobody = (why: string): Condition => ({ sample: 0, note: `TODO: ${why}` });

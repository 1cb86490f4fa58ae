import { duePlace, setDue } from '#shared/store/due.ts';
import type { Row, Write } from '#shared/store/table.ts';
import type { Instant } from '#shared/time/instant.ts';

/** Whether review looks at a row: it lies where it should, and not later than it may. */
export const isWatched = ({ duePk, due }: Row, of: string, by?: Instant): boolean =>
  duePk === duePlace(of) && typeof due === 'string' && (by === undefined || due <= by);

/** Has review look at a row at a moment, if it is as it was: these attributes, and its place among what is due. */
export function look(row: Row, of: string, at: Instant, equals: Readonly<Record<string, string | number>>): Write {
  const { pk, sk, due } = row;
  return {
    kind: 'update',
    key: { pk, sk },
    change: { set: setDue(of, at) },
    if: typeof due === 'string' ? { equals: { ...equals, due } } : { exists: true, equals, missing: ['due'] },
  };
}

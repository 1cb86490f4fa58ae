import type { Write } from '#shared/store/table.ts';
import type { Instant } from '#shared/time/instant.ts';

/**
 * What the audit looks for. `by`: whether it is looked for each hour among what is due, or contact by contact. `mends`:
 * whether it writes what the rows lack; what it does not is told, and somebody has to look.
 */
export const AUDIT_KINDS = {
  overdue: { by: 'due', mends: false, says: 'due for two hours, and review does not get through with it' },
  asleep: { by: 'due', mends: false, says: 'should have woken two hours ago; review wakes it and nothing comes of it' },
  stuck: { by: 'due', mends: false, says: 'a message in the hands of one attempt, or expired, for two hours' },
  unwatched: { by: 'contact', mends: true, says: 'a passage that nobody would wake if its execution were lost' },
  unheard: { by: 'contact', mends: true, says: 'a passage that was told something and sleeps on' },
  tokenless: { by: 'contact', mends: true, says: 'a passage that waits, with no token by which it can be woken' },
  misnamed: {
    by: 'contact',
    mends: true,
    says: 'a profile that names passages that are over, or not those that go on',
  },
  unsent: { by: 'contact', mends: true, says: 'a message in the outbox that nobody would look at again' },
  uncalled: { by: 'contact', mends: true, says: 'a call to an endpoint that nobody would look at again' },
  unjudged: { by: 'contact', mends: true, says: 'a quiet time, as of a cart, whose end nobody would notice' },
  unkept: { by: 'contact', mends: true, says: 'a turn by the calendar, as a birthday, that nobody would notice' },
  unlooked: { by: 'contact', mends: true, says: 'a segment that time moves somebody into, and nobody would look' },
  miscounted: { by: 'contact', mends: true, says: 'a counter that is not what the rows say' },
  unaccounted: { by: 'contact', mends: false, says: 'a message that is done, and nothing says what became of it' },
  stranded: { by: 'contact', mends: false, says: 'a passage that was put aside after ten executions in vain' },
  unreadable: { by: 'contact', mends: false, says: 'a row that this version cannot read' },
} as const satisfies Record<string, { by: 'due' | 'contact'; mends: boolean; says: string }>;
export type AuditKind = keyof typeof AUDIT_KINDS;

/** In the order in which they are told. */
export const KIND_NAMES = Object.keys(AUDIT_KINDS).filter((name): name is AuditKind =>
  Object.hasOwn(AUDIT_KINDS, name),
);

/** Something that is not as it should be. It names nobody: ids, steps and times only. */
export type Finding = {
  readonly kind: AuditKind;
  readonly contact?: string | undefined;
  readonly journey?: string | undefined;
  /** Of the passage, message or call; of other rows, of which kind they are. */
  readonly id: string;
  /** Since when, as far as the rows say. */
  readonly since?: Instant | undefined;
  /** The state of the rows that it rests on: found twice with the same, it stood all the while in between. */
  readonly seen: string;
  /** What puts it right, all or nothing, on condition that the rows are still as they were. */
  readonly mend?: readonly Write[] | undefined;
};

/**
 * How late something may be of which nobody need hear yet: an hour in which Step Functions tries a failing function again,
 * then review, then a new execution, and as much again.
 */
export const GRACE = 2 * 3_600_000;

/** Review looks again after a quarter of an hour at the latest at what it has tried to get on its way. */
export const LOOKS_AGAIN = 20 * 60_000;

/** Of findings of two readings, those that rest on the same rows: nobody was in the midst of writing them. */
export const standing = (first: readonly Finding[], second: readonly Finding[]): Finding[] => {
  const names = new Set(first.map(nameOf));
  return second.filter((finding) => names.has(nameOf(finding)));
};
const nameOf = ({ kind, contact, id, seen }: Finding): string => JSON.stringify([kind, contact, id, seen]);

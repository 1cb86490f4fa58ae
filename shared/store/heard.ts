import { type Enrolment, type Heard, heardSchema } from '#shared/enrolment/enrolment.ts';
import { derivedId } from '#shared/enrolment/ids.ts';
import type { Instant } from '#shared/time/instant.ts';
import { isObject } from './json.ts';
import { type EnrolmentRef, enrolmentKey } from './keys.ts';
import type { AttributePath, Json, Row, Write } from './table.ts';

/**
 * What a passage has heard, as it lies in its row: the first event of each listener in `heard`, the numbers in a map of
 * their own, `counts`, so that hearing can add to them without reading.
 *
 * DynamoDB's expressions end at 4 KB, which 40 listeners would fill. An event that more than a few hear together is noted
 * once for all of them, under the name of the group; whoever reads the row tells it to each.
 */
const APART = 20;
/** No listener's id begins so. */
const GROUP = '*';

export type Hearing = Omit<Heard, 'n'>;

/** Notes what a passage has heard, now. Unconditional but for the row's being there: hearing is never lost to a race. */
export function noteHeard(ref: EnrolmentRef, listeners: readonly string[], hearing: Hearing, now: Instant): Write {
  const together = listeners.length > APART;
  const names = together ? [`${GROUP}${derivedId(...listeners)}`] : listeners;
  const first: Json = together ? { ...hearing, of: listeners } : { ...hearing };
  return {
    kind: 'update',
    key: enrolmentKey(ref),
    change: {
      // What it has heard is noted with its own time, and the first time alone.
      set: [[['told'], now]],
      setIfAbsent: names.map((name): [AttributePath, Json] => [['heard', name], first]),
      add: [...names.map((name): [AttributePath, number] => [['counts', name], 1]), [['seq'], 1]],
    },
    if: { exists: true },
  };
}

/** What was heard, by listener. */
export function heardIn(row: Row): Enrolment['heard'] {
  const [firsts, counts] = [row['heard'], row['counts']];
  const heard: Enrolment['heard'] = {};
  if (!isObject(firsts)) return heard;
  for (const [name, first] of Object.entries(firsts)) {
    const n = isObject(counts) ? counts[name] : undefined;
    const one = heardSchema.parse({ ...(isObject(first) && first), n: n ?? 1 });
    for (const id of membersOf(name, first)) heard[id] = joined(heard[id], one);
  }
  return heard;
}

const membersOf = (name: string, first: Json): string[] => {
  const of = isObject(first) ? first['of'] : undefined;
  return Array.isArray(of) ? of.filter((id) => typeof id === 'string') : [name];
};

/** Alone and in a group, or in several: which was the first is told by the events' own times. */
const joined = (a: Heard | undefined, b: Heard): Heard => (a ? { ...(b.at < a.at ? b : a), n: a.n + b.n } : b);

/** The attributes that say so. */
export const heardAttributes = (heard: Enrolment['heard']) => ({
  heard: Object.fromEntries(Object.entries(heard).map(([id, { n: _, ...first }]) => [id, first])),
  counts: Object.fromEntries(Object.entries(heard).map(([id, { n }]) => [id, n])),
});

import { type Source, saysNothing, type Unread } from './source.ts';

/**
 * What an import has to say about one place of the source. `lost`: it is not in the result. `changed`: it is, and
 * behaves a little differently, or it was left out because it means nothing here. `todo`: a person has to finish it.
 */
export type ImportRemark = {
  readonly severity: 'lost' | 'changed' | 'todo';
  /** JSON path in the source. */
  readonly place: string;
  readonly what: string;
  readonly instead?: string;
};

export type Notes = {
  /** The place counts as read: the report accounts for it. */
  lost(source: Source, what: string, instead?: string): void;
  changed(source: Source, what: string, instead?: string): void;
  todo(source: Source, what: string, instead?: string): void;
  /** Parts that mean nothing here, said once for all the places where they stand. */
  drop(source: Source, keys: readonly string[], why: string): void;
  /** All remarks, with what nobody has read. */
  all(unread: readonly Unread[]): ImportRemark[];
};

type Dropped = { readonly place: string; readonly keys: Set<string>; places: number };

export function openNotes(): Notes {
  const remarks = new Map<string, ImportRemark>();
  const dropped = new Map<string, Dropped>();
  const add = (severity: ImportRemark['severity'], { place }: Source | Unread, what: string, instead?: string) => {
    remarks.set(`${severity} ${place} ${what}`, { severity, place, what, ...(instead && { instead }) });
  };
  return {
    lost(source, what, instead) {
      source.whole();
      add('lost', source, what, instead);
    },
    changed: (source, what, instead) => add('changed', source, what, instead),
    todo: (source, what, instead) => add('todo', source, what, instead),
    drop(source, keys, why) {
      for (const key of keys) {
        const part = source.at(key);
        if (saysNothing(part.value)) continue;
        part.whole();
        const group = dropped.get(why) ?? { place: part.place, keys: new Set(), places: 0 };
        group.keys.add(key);
        group.places += 1;
        dropped.set(why, group);
      }
    },
    all: (unread) => [
      ...remarks.values(),
      ...[...dropped].map(([why, group]) => droppedRemark(why, group)),
      ...unread.map(unknownRemark),
    ],
  };
}

function droppedRemark(why: string, { place, keys, places }: Dropped): ImportRemark {
  const more = places > 1 ? ` (${places} places)` : '';
  return { severity: 'changed', place, what: `${[...keys].join(', ')} left out: ${why}${more}.` };
}

const LONGEST = 60;

function unknownRemark({ place, value }: Unread): ImportRemark {
  const text = JSON.stringify(value) ?? '';
  const shown = text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
  return { severity: 'lost', place, what: `Not known to this import: ${shown}` };
}

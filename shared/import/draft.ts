import type { Window } from '#shared/condition/condition.ts';
import { formatJson } from '#shared/journey/format.ts';
import { type Journey, journeySchema } from '#shared/journey/journey.ts';
import { type Needs, openNeeds } from './needs.ts';
import { type ImportRemark, type Notes, openNotes } from './notes.ts';
import { openSource, type Source } from './source.ts';
import { vocabularyOf } from './vocabulary.ts';

export type ImportedFile = { readonly path: string; readonly text: string };
export type Imported = {
  /** In the order in which a person wants to look at them. Without a journey, the source was none of this tool's. */
  readonly files: readonly ImportedFile[];
  readonly remarks: readonly ImportRemark[];
};

/** An import under way: the source, what is said about it, what its journeys need, and the journeys so far. */
export type Draft = {
  readonly source: Source;
  readonly notes: Notes;
  readonly needs: Needs;
  /** Rules for all journeys, where the source has such. */
  readonly shop: { quiet: Window[]; caps: NonNullable<Journey['caps']> };
  journey(source: Source, journey: Journey): void;
};

/** Runs one importer and puts its result together. `read` says what it understood; what is left unread is reported. */
export function runImport(json: unknown, read: (draft: Draft) => void): Imported {
  const { source, unread } = openSource(json);
  const notes = openNotes();
  const needs = openNeeds(notes);
  const journeys: Journey[] = [];
  const shop: Draft['shop'] = { quiet: [], caps: [] };
  const draft: Draft = {
    source,
    notes,
    needs,
    shop,
    journey(place, journey) {
      misfits(journey).forEach((what) => {
        notes.lost(place, what);
      });
      journeys.push(journey);
    },
  };
  read(draft);
  if (journeys.length > 0)
    notes.todo(source, 'The settings are a stub.', 'Put your shop, its address and its senders into settings.json.');
  return { files: journeys.length === 0 ? [] : filesOf(draft, journeys), remarks: notes.all(unread()) };
}

/** A last look: whatever an importer makes, what does not fit the grammar is said. */
function misfits(journey: Journey): string[] {
  const { error } = journeySchema.safeParse(journey);
  return (error?.issues ?? []).map(
    (issue) => `The result does not fit the language at ${issue.path.join('.')}: ${issue.message}`,
  );
}

const SCHEMA = (kind: string) => `../schemas/1/${kind}.schema.json`;

function filesOf({ needs, shop }: Draft, journeys: readonly Journey[]): ImportedFile[] {
  const segments = [...needs.segments.values()];
  return [
    ...journeys.map((journey) => ({
      path: `journeys/${journey.id}.json`,
      text: formatJson({ $schema: SCHEMA('journey'), ...inOrder(journey) }),
    })),
    ...segments.map(({ id, name, note, if: condition }) => ({
      path: `segments/${id}.json`,
      text: formatJson({ $schema: SCHEMA('segment'), id, name, note, if: condition }),
    })),
    ...needs.templates.values(),
    { path: 'settings.json', text: formatJson(settingsOf(needs, shop, [...journeys, ...segments])) },
  ];
}

/** The keys as the examples have them: who, for whom, when, then what happens. */
function inOrder({
  id,
  name,
  note,
  status,
  topic,
  priority,
  trigger,
  entry,
  goal,
  exits,
  caps,
  quiet,
  steps,
}: Journey) {
  return { id, name, note, status, topic, priority, trigger, entry, goal, exits, caps, quiet, steps };
}

const sorted = <T>(entries: Iterable<readonly [string, T]>): Record<string, T> =>
  Object.fromEntries([...entries].toSorted(([a], [b]) => (a < b ? -1 : 1)));

function settingsOf(needs: Needs, shop: Draft['shop'], files: readonly object[]): object {
  const { traits, events } = vocabularyOf(files);
  const nobody = 'My shop <hello@shop.example>';
  const senders = [...needs.senders].map(
    ([id, given]) => [id, given.email ? given : { email: nobody, ...given }] as const,
  );
  return {
    $schema: './schemas/1/settings.schema.json',
    note: 'Written by an import: what its journeys refer to. Put your own shop, address and senders in place.',
    shop: {
      name: 'My shop',
      timeZone: 'Europe/Berlin',
      locale: 'en',
      currency: 'EUR',
      address: 'TODO: your postal address',
    },
    channels: { default: 'email' },
    topics: sorted([...needs.topics].map(([id, { kind, name }]) => [id, { kind, name: { en: name } }] as const)),
    senders: { default: { email: nobody }, ...sorted(senders) },
    ...(shop.quiet.length > 0 && { quiet: shop.quiet }),
    ...(shop.caps.length > 0 && { caps: shop.caps }),
    traits: sorted(traits),
    events: sorted([...events].map(([type, data]) => [type, sorted(data)] as const)),
    ...(needs.endpoints.size > 0 && {
      endpoints: sorted(
        [...needs.endpoints].map(([id, given]) => [id, 'https' in given ? { ...given, secret: id } : given] as const),
      ),
    }),
  };
}

import { own } from '#shared/import/choice.ts';
import type { Draft } from '#shared/import/draft.ts';
import { type Ids, idFrom } from '#shared/import/ids.ts';
import type { Source } from '#shared/import/source.ts';
import type { MauticNames } from './campaign.ts';
import { idAt, textAt } from './events.ts';
import { segmentCondition } from './filters.ts';

/** Segments, forms and messages that an export brings along, by their ids. */

const PARTS = [
  'form_field',
  'form_action',
  'lead_field',
  'page',
  'asset',
  'category',
  'tag',
  'group',
  'dynamicContent',
];
const MESSAGES: Readonly<Record<string, readonly string[]>> = {
  email: ['email', 'emails'],
  sms: ['sms'],
  notification: ['notification'],
  mobile_notification: ['notification'],
};

export function mauticNames(
  draft: Draft,
  document: Source,
  campaigns: readonly Source[],
  journeyIds: Ids,
): MauticNames {
  const { notes, needs } = draft;
  notes.drop(document, PARTS, 'pages, fields and files are not needed by the journey');
  const journeys = new Map<string, string>();
  const forms = formsOf(draft, document);
  segmentsOf(draft, document);
  const names: MauticNames = {
    segment: (at, id) => needs.segment(at, id, `segment ${id}`),
    form: (id) => forms.get(id) ?? `form-${id}`,
    journey(id) {
      const known = journeys.get(id) ?? journeyIds.claim(`campaign ${id}`, 'journey');
      journeys.set(id, known);
      return known;
    },
    message(kind, id) {
      const all = (own(MESSAGES, kind) ?? []).flatMap((key) => document.at(key).items());
      return all.find((at) => String(at.at('id').value) === id);
    },
  };
  for (const campaign of campaigns) {
    if (campaign.value)
      journeys.set(
        idAt(campaign, 'id') ?? campaign.place,
        journeyIds.claim(textAt(campaign, 'name') ?? 'campaign', 'journey'),
      );
  }
  return names;
}

function formsOf({ notes }: Draft, document: Source): Map<string, string> {
  const forms = document
    .at('forms')
    .items()
    .map((form): [string, string] => {
      const id = idAt(form, 'id') ?? '';
      const name = textAt(form, 'alias') ?? idFrom(textAt(form, 'name') ?? id, 'form');
      notes.drop(
        form,
        form.fields().map(([key]) => key),
        "forms are the shop's own; here only their events are heard",
      );
      return [id, name];
    });
  return new Map(forms);
}

function segmentsOf(draft: Draft, document: Source): void {
  const { notes, needs } = draft;
  const lists = document.at('lists').items();
  // All names first: segments may ask for one another.
  for (const at of lists) needs.nameSegment(idAt(at, 'id') ?? at.place, textAt(at, 'name') ?? 'segment');
  for (const at of lists) {
    const key = idAt(at, 'id') ?? at.place;
    const name = textAt(at, 'name') ?? key;
    const id = needs.nameSegment(key, name);
    const note = textAt(at, 'description');
    notes.drop(
      at,
      ['uuid', 'alias', 'public_name', 'is_global', 'is_preference_center', 'is_published', 'category'],
      'how the segment is shown',
    );
    const filters = at.at('filters');
    if (filters.items().length > 0) needs.defineSegment(id, name, segmentCondition(draft, filters), note);
    else {
      needs.defineSegment(id, name, { tag: id }, 'It was filled by hand; a list is a tag here.');
      notes.todo(
        at,
        `The segment "${name}" was filled by hand.`,
        `Send the tag "${id}" with the profiles of its contacts.`,
      );
    }
  }
}

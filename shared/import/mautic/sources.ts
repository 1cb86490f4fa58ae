import { oneOrList } from '#shared/import/conditions.ts';
import type { Draft } from '#shared/import/draft.ts';
import type { Source } from '#shared/import/source.ts';
import type { Journey } from '#shared/journey/journey.ts';
import type { MauticNames } from './campaign.ts';
import { idAt, textAt } from './events.ts';

/** Where contacts come into a campaign from. */

/** PHP writes a list with gaps as an object. */
export const partsOf = (at: Source): readonly Source[] =>
  Array.isArray(at.value) ? at.items() : at.fields().map(([, part]) => part);

/** Segments and forms from which people come into the campaign. */
export function sourcesOf(
  draft: Draft,
  document: Source,
  at: Source,
  key: string,
  names: MauticNames,
): Journey['trigger'] {
  const ofKind = (kind: string): string[] => {
    const listed = partsOf(at.at(kind)).map((item) => {
      const id = idAt(item, 'id') ?? item.place;
      if (kind === 'lists') draft.needs.segment(item, id, textAt(item, 'name'));
      const others = item.fields().flatMap(([name]) => (name === 'id' ? [] : [name]));
      draft.notes.drop(item, others, 'of a source only its name is needed');
      return id;
    });
    const linked = document
      .at('dependencies')
      .items()
      .flatMap((group) => group.at(kind).items())
      .filter((link) => String(link.at('campaign').value) === key)
      .map((link) => String(link.at(kind).value));
    return [...new Set([...listed, ...linked])].filter((id) => id !== 'undefined');
  };
  const [segments = [], forms = []] = [ofKind('lists'), ofKind('forms')];
  draft.notes.drop(document, ['dependencies'], 'which parts of the export belong together');
  const [first, ...more] = segments.map((id) => names.segment(at, id));
  if (first !== undefined) {
    if (forms.length > 0)
      draft.notes.lost(
        at,
        `A journey has one trigger: who fills in the forms ${forms.map((id) => names.form(id)).join(', ')} does not enter.`,
        'A second journey, started by "form.submitted".',
      );
    const segment = more.length === 0 ? first : together(draft, at, [first, ...more]);
    return { type: 'segment', segment, when: 'enters', existing: true };
  }
  if (forms.length > 0) {
    return {
      type: 'event',
      event: 'form.submitted',
      where: { data: 'form', is: oneOrList(forms.map((id) => names.form(id))) },
    };
  }
  draft.notes.todo(at, 'The source does not say who enters.', 'Write a trigger in the place of "manual".');
  return { type: 'manual' };
}

export function together({ needs }: Draft, at: Source, segments: string[]): string {
  const name = `sources of ${String(at.at('name').value ?? 'campaign')}`;
  const id = needs.nameSegment(`sources ${at.place}`, name);
  needs.defineSegment(id, name, { segment: segments }, 'A journey has one trigger: these segments together.');
  return id;
}

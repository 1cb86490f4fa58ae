import * as z from 'zod';
import type { Condition } from '#shared/condition/condition.ts';
import { allOf, anyOf, nobody } from '#shared/import/conditions.ts';
import type { Draft } from '#shared/import/draft.ts';
import type { Source } from '#shared/import/source.ts';
import { negated } from '#shared/import/tidy.ts';
import { contactCondition } from './conditions.ts';
import type { Asking } from './values.ts';

const text = z.string().min(1);

export function nameSegment({ needs }: Draft, at: Source): void {
  const name = at.at('Name').take(text);
  needs.nameSegment(at.at('Id').take(text) ?? name ?? 'segment', name ?? 'segment');
}

/** What `get-segment` prints. An imported segment is a list of contacts, and a list is a tag here. */
export function segmentFile(draft: Draft, at: Source): void {
  const { notes, needs } = draft;
  notes.drop(
    at,
    ['ApplicationId', 'Arn', 'CreationDate', 'LastModifiedDate', 'tags', 'Version'],
    'versions here carry their own time and author',
  );
  const name = at.at('Name').take(text);
  const key = at.at('Id').take(text) ?? name ?? 'segment';
  const kind = at.at('SegmentType').take(z.enum(['DIMENSIONAL', 'IMPORT']));
  const id = needs.nameSegment(key, name ?? key);
  const asking: Asking = { notes, needs, stepOf: () => undefined };
  const definition = at.at('ImportDefinition');
  if (kind === 'IMPORT' || definition.value) {
    definition.whole();
    needs.defineSegment(id, name ?? key, { tag: id }, 'It was a list of contacts; a list is a tag here.');
    notes.todo(
      at,
      `The segment "${name ?? key}" is a list of contacts.`,
      `Send the tag "${id}" with the profiles of its contacts.`,
    );
    return;
  }
  const own = contactCondition(asking, at.at('Dimensions'));
  const groups = groupsOf(draft, asking, at.at('SegmentGroups'));
  const condition = allOf([...(own ? [own] : []), ...(groups ? [groups] : [])]);
  needs.defineSegment(id, name ?? key, condition ?? nobody('the source gave no condition'));
}

const HOW = z.enum(['ALL', 'ANY', 'NONE']);

/** How several parts hold together: all, any or none of them. */
function joined(parts: readonly Condition[], how: string | undefined): Condition | undefined {
  if (how === 'ANY') return anyOf(parts);
  if (how !== 'NONE') return allOf(parts);
  const any = anyOf(parts);
  return any && negated(any);
}

function groupsOf({ notes, needs }: Draft, asking: Asking, at: Source): Condition | undefined {
  const groups = at
    .at('Groups')
    .items()
    .flatMap((group) => {
      const dimensions = group
        .at('Dimensions')
        .items()
        .flatMap((d) => contactCondition(asking, d) ?? []);
      const sources = group
        .at('SourceSegments')
        .items()
        .flatMap((source) => {
          notes.drop(source, ['Version'], 'the newest checked segment is used, not a version of it');
          const wanted = source.at('Id').take(text);
          return wanted === undefined ? [] : [{ segment: needs.segment(source, wanted) }];
        });
      const base = joined(sources, group.at('SourceType').take(HOW));
      const own = joined(dimensions, group.at('Type').take(HOW));
      return allOf([base, own].flatMap((c) => c ?? [])) ?? [];
    });
  return joined(groups, at.at('Include').take(HOW));
}

import * as z from 'zod';
import type { Draft } from '#shared/import/draft.ts';
import type { Source } from '#shared/import/source.ts';

/** A flow names lists, segments and metrics by ids; what they are called stands in other answers of the API. */
export type Names = {
  isList(id: string): boolean;
  /** The tag that being in this list is. */
  listTag(at: Source, id: string): string;
  /** The topic that agreeing to this list is. */
  listTopic(at: Source, id: string): string;
  segment(at: Source, id: string): string;
  metric(at: Source, id: string): string;
};

const text = z.string().min(1);

export function namesIn(draft: Draft, documents: readonly Source[]): Names {
  const names = new Map<string, string>();
  const kinds = new Map<string, string>();
  for (const resource of documents.flatMap(resourcesOf)) {
    const [kind, id] = ['type', 'id'].map((key) => resource.at(key).value);
    if (typeof kind !== 'string' || typeof id !== 'string' || !['list', 'segment', 'metric'].includes(kind)) continue;
    kinds.set(id, kind);
    names.set(id, resource.at('attributes').at('name').take(text) ?? id);
    // Everything else about it is for Klaviyo itself.
    draft.notes.drop(
      resource,
      ['type', 'id', 'attributes', 'relationships', 'links'],
      'of lists, segments and metrics only the names are needed',
    );
  }
  const unnamed = (at: Source, what: string, id: string, file: string) => {
    if (!names.has(id))
      draft.notes.todo(
        at,
        `The flow says only the id of the ${what}, "${id}".`,
        `Give the answer of GET /api/${file} as a further file.`,
      );
  };
  return {
    isList: (id) => kinds.get(id) === 'list',
    listTag(at, id) {
      unnamed(at, 'list', id, 'lists');
      return draft.needs.tag(names.get(id) ?? `list-${id}`);
    },
    listTopic(at, id) {
      unnamed(at, 'list', id, 'lists');
      return draft.needs.topic(names.get(id) ?? `list-${id}`, 'marketing');
    },
    segment: (at, id) => draft.needs.segment(at, id, names.get(id) ?? `segment-${id}`),
    metric(at, id) {
      unnamed(at, 'metric', id, 'metrics');
      return draft.needs.event(at, names.get(id) ?? `metric-${id}`);
    },
  };
}

export function resourcesOf(document: Source): readonly Source[] {
  const data = document.at('data');
  return Array.isArray(data.value) ? data.items() : [data];
}

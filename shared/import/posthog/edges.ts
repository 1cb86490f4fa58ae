import * as z from 'zod';
import type { Draft } from '#shared/import/draft.ts';
import type { Source } from '#shared/import/source.ts';

const edgeSchema = z.strictObject({
  from: z.string(),
  to: z.string(),
  type: z.enum(['continue', 'branch']),
  index: z.number().optional(),
});
type Edge = z.infer<typeof edgeSchema> & { readonly at: Source };

/** How the actions of a workflow hang together. */
export type Edges = {
  /** Where an action leads: on, or by the branch with this index. */
  leads(from: string, index?: number): string | undefined;
  onward(from: string): readonly string[];
  isLedTo(key: string): boolean;
  /** Reports the edges of these actions that nobody has asked for: they lead nowhere, or by a branch that is not there. */
  reportUnused(reached: readonly string[]): void;
};

export function edgesOf({ notes }: Draft, flow: Source, isAction: (key: string) => boolean): Edges {
  const items = flow.at('edges').items();
  const edges = items.flatMap((at): Edge[] => {
    const edge = at.take(edgeSchema);
    if (edge && (!isAction(edge.from) || !isAction(edge.to))) notes.lost(at, 'This way begins or ends at no action.');
    return edge ? [{ ...edge, at }] : [];
  });
  const used = new Set<Edge>();
  return {
    leads(from, index) {
      const type = index === undefined ? 'continue' : 'branch';
      const found = edges.find((e) => e.from === from && e.type === type && (e.index ?? 0) === (index ?? e.index ?? 0));
      if (found) used.add(found);
      return found?.to;
    },
    onward: (from) => edges.filter((edge) => edge.from === from).map(({ to }) => to),
    isLedTo: (key) => edges.some(({ to }) => to === key),
    reportUnused(reached) {
      for (const edge of edges) {
        if (!used.has(edge) && reached.includes(edge.from)) notes.lost(edge.at, 'No one takes this way.');
      }
    },
  };
}

import type { Journey } from '#shared/journey/journey.ts';
import { checkDefinition } from '#shared/publish/check.ts';
import { checkStoredSegment } from '#shared/publish/check-segment.ts';
import type { CheckContext } from '#shared/publish/context.ts';
import { MISFIT, type Remark, remark } from '#shared/publish/remarks.ts';
import { type LiveJourney, olderOf } from '#shared/store/journeys.ts';
import type { PublishDeps } from './publish.ts';
import { type Standing, unarchived } from './standing.ts';

/** A version that acts on somebody: the live one, or an earlier one that contacts may still be inside. */
type Acting = { readonly definition: Journey; readonly named: string };

/**
 * What an edit would break: the errors that journeys would have with it and have not without it, each naming its
 * journey. Who is inside an earlier version stays on it, so it counts until nobody can be. The edit is refused if there
 * is any. `concerns` says which definitions it can touch at all.
 */
export async function broken(
  { catalogue, context }: Standing,
  then: CheckContext,
  deps: PublishDeps,
  concerns: (definition: Journey) => boolean = () => true,
): Promise<Remark[]> {
  const said = new Set<string>();
  const acting = (await Promise.all(unarchived(catalogue).map(([id, live]) => actingOf(id, live, deps)))).flat();
  return acting
    .filter(({ definition }) => concerns(definition))
    .flatMap(({ definition, named }) => {
      const before = new Set(errorsOf(definition, context));
      const news = errorsOf(definition, then).filter((text) => !before.has(text));
      // What breaks the live version is not said again of each earlier one.
      const fresh = news.filter((text) => !said.has(`${definition.id} ${text}`));
      for (const text of fresh) said.add(`${definition.id} ${text}`);
      return fresh.map((text) => remark(MISFIT, { line: 1, column: 1 }, `${named} would break: ${text}`));
    });
}

async function actingOf(id: string, live: LiveJourney, deps: PublishDeps): Promise<Acting[]> {
  const now = deps.clock.now();
  const older = olderOf(live, now).map(({ version }) => version);
  return Promise.all(
    [live.version, ...older].map(async (version) => ({
      definition: (await deps.published.version(id, version)).definition,
      named:
        version === live.version
          ? `The live journey "${id}"`
          : `Version ${version} of "${id}", in which contacts may still be,`,
    })),
  );
}

/** The same of the segments: what they ask about must stay there. */
export const brokenSegments = ({ context }: Standing, then: CheckContext): Remark[] =>
  Object.entries(context.segments).flatMap(([id, condition]) => {
    const before = new Set(errors(checkStoredSegment(id, condition, context)));
    return errors(checkStoredSegment(id, condition, then))
      .filter((text) => !before.has(text))
      .map((text) => remark(MISFIT, { line: 1, column: 1 }, `The segment "${id}" would break: ${text}`));
  });

const errors = (remarks: readonly Remark[]): string[] =>
  remarks.filter((r) => r.severity === 'error').map((r) => r.message);

const errorsOf = (definition: Journey, context: CheckContext): string[] => errors(checkDefinition(definition, context));

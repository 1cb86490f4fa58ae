import { ownOf } from '#shared/own-of.ts';
import type { CheckContext } from '#shared/publish/context.ts';
import { standingOf } from '#shared/store/counters.ts';
import { olderOf } from '#shared/store/journeys.ts';
import type { ImpactDeps } from './impact.ts';
import type { Standing } from './standing.ts';

/** A file that says nothing of it moves nobody, so that nobody has to be counted. */
const MOVES = '"move"';

/** So many versions back a file may name steps that are gone. */
const LOOKED_BACK = 100;

/** The steps that the versions have had, and how many stand on each; undefined where nobody is moved. */
export async function insideOf(
  id: string,
  text: string,
  { catalogue }: Standing,
  { table, published, clock }: ImpactDeps,
): Promise<CheckContext['inside']> {
  const live = ownOf(catalogue.journeys, id);
  if (!live || !text.includes(MOVES)) return undefined;
  const versions = [live.version, ...olderOf(live, clock.now()).map(({ version }) => version)];
  const ever = Array.from({ length: Math.min(live.version, LOOKED_BACK) }, (_, back) => live.version - back);
  const compiled = await Promise.all(ever.map((version) => published.version(id, version)));
  const standing = new Map<string, number>();
  for (const { step, contacts } of await standingOf(table, id, versions))
    standing.set(step, (standing.get(step) ?? 0) + contacts);
  // Who has not taken a turn yet begins with the first step, whichever that is.
  standing.delete('');
  return {
    steps: [...new Set(compiled.flatMap(({ nodes }) => [...nodes.keys()]))],
    standing: Object.fromEntries(standing),
    hash: live.hash,
  };
}

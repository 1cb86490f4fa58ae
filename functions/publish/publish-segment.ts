import { walk } from '#shared/condition/leaves.ts';
import type { Journey } from '#shared/journey/journey.ts';
import { ownOf } from '#shared/own-of.ts';
import { nameOfFile } from '#shared/publish/check-file.ts';
import { checkSegment } from '#shared/publish/check-segment.ts';
import { hasErrors, inOrder } from '#shared/publish/remarks.ts';
import { conditionPlaces, stepPlaces } from '#shared/publish/walk.ts';
import { type LiveJourney, putCatalogue } from '#shared/store/journeys.ts';
import { putSegments } from '#shared/store/segments.ts';
import { originOf, type Upload } from '#shared/store/waiting.ts';
import { redefinedWrites } from './calendar.ts';
import { broken } from './held.ts';
import { overtaken, refused } from './lacking.ts';
import type { Outcome, PublishDeps } from './publish.ts';
import { standing } from './standing.ts';

/** A segment acts at once, so it is held against every journey that names one first. */
export async function publishSegment(upload: Upload, text: string, deps: PublishDeps): Promise<Outcome | undefined> {
  const before = await standing(deps);
  const { catalogue, context, segments: stored } = before;
  const known = ownOf(stored.segments, nameOfFile(upload.key));
  if (known && known.sequencer > upload.sequencer) return overtaken(deps.table, upload);
  const { segment, remarks } = checkSegment(upload.key, text, context);
  const then = segment && { ...context, segments: { ...context.segments, [segment.id]: segment.if } };
  const all = inOrder([...remarks, ...(then ? await broken(before, then, deps, namesSegments) : [])]);
  const report = { file: upload.key, remarks: all, live: known !== undefined };
  if (!segment || hasErrors(all)) return refused(report, upload, deps);
  const segments = {
    ...stored.segments,
    [segment.id]: { definition: segment, sequencer: upload.sequencer, from: originOf(upload) },
  };
  const looked = ({ asks, starts }: LiveJourney): boolean => starts === 'segment' || (asks ?? []).includes('segment');
  const isSame = known && JSON.stringify(known.definition.if) === JSON.stringify(segment.if);
  const walks = isSame ? [] : redefinedWrites(catalogue, looked, upload.sequencer, deps.clock.now());
  await deps.table.transact([putSegments({ ...stored, segments }), putCatalogue(catalogue), ...walks]);
  return { report, changed: true };
}

const namesSegments = (journey: Journey): boolean =>
  'segment' in journey.trigger ||
  conditionPlaces(journey, stepPlaces(journey)).some(({ condition }) =>
    [...walk(condition)].some((leaf) => 'segment' in leaf),
  );

import { startingTypes } from '#shared/enrolment/decide.ts';
import { derivedId } from '#shared/enrolment/ids.ts';
import type { Journey, JourneyStatus } from '#shared/journey/journey.ts';
import { ownOf } from '#shared/own-of.ts';
import { checkJourney, nameOfFile } from '#shared/publish/check.ts';
import { type LiveJourney, loadCatalogue, putCatalogue, putVersion } from '#shared/store/journeys.ts';
import { calendarWrites, insideWrites } from './calendar.ts';
import { checkContext } from './held.ts';
import { notePending, overtaken } from './pending.ts';
import type { Outcome, PublishDeps, Upload } from './publish.ts';

/** Status is the journey's, not a version's: to pause is not to publish. */
const frozenOf = ({ status: _, publish: __, allow: ___, $schema: ____, ...frozen }: Journey): object => frozen;

/**
 * A journey file becomes the next version, unless only its status changed or it is what is live already. A draft is
 * checked and changes nothing.
 */
export async function publishJourney(upload: Upload, text: string, deps: PublishDeps): Promise<Outcome | undefined> {
  const { table, clock } = deps;
  const catalogue = await loadCatalogue(table);
  const name = nameOfFile(upload.key);
  const live = ownOf(catalogue.journeys, name);
  if (live && live.sequencer > upload.sequencer) return overtaken(table, upload);
  const context = await checkContext(table);
  const { journey, remarks } = checkJourney(upload.key, text, context);
  const report = { file: upload.key, remarks, ...(live && { live: live.version }) };
  if (!journey || journey.status === 'draft') {
    await notePending(table, upload, journey === undefined);
    return { report: journey ? { ...report, draft: true } : report, changed: false };
  }
  const next = nextOf(journey, live, upload);
  // The same upload told of again still says what it did.
  const again = live?.sequencer === upload.sequencer;
  const unchanged = !again && live?.hash === next.hash && live.status === next.status;
  const journeys = { ...catalogue.journeys, [journey.id]: next };
  const version =
    next.version === live?.version
      ? []
      : [putVersion(journey, next.version, { hash: next.hash, sequencer: upload.sequencer, at: clock.now() })];
  const calendar = [
    ...calendarWrites(journey, next, live, context.settings, clock.now()),
    ...insideWrites(journey, next, live, clock.now()),
  ];
  await table.transact([...version, putCatalogue({ ...catalogue, journeys }), ...calendar]);
  // Not before it is live: whoever is cut off in between finds it waiting still.
  await notePending(table, upload, false);
  const more = { ...(unchanged && { unchanged }), ...(next.status === 'closing' && { closing: true }) };
  return { report: { ...report, published: next.version, ...more }, changed: true };
}

function nextOf(
  journey: Journey & { status: JourneyStatus },
  live: LiveJourney | undefined,
  { sequencer }: Upload,
): LiveJourney {
  const hash = derivedId('journey', JSON.stringify(frozenOf(journey)));
  const version = live?.hash === hash ? live.version : (live?.version ?? 0) + 1;
  const { type } = journey.trigger;
  const starts = type === 'event' || type === 'manual' ? {} : { starts: type };
  return { version, status: journey.status, events: startingTypes(journey), sequencer, hash, ...starts };
}

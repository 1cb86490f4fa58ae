import type { Journey } from '#shared/journey/journey.ts';
import { ownOf } from '#shared/own-of.ts';
import { checkJourney } from '#shared/publish/check.ts';
import { nameOfFile } from '#shared/publish/check-file.ts';
import type { CheckContext, TestResults } from '#shared/publish/context.ts';
import { journeyFacts } from '#shared/publish/facts.ts';
import type { Impact } from '#shared/publish/impact.ts';
import type { Report } from '#shared/publish/print.ts';
import { hasErrors, inOrder, MISFIT, type Remark, remark } from '#shared/publish/remarks.ts';
import { type LiveJourney, putCatalogue, putVersion } from '#shared/store/journeys.ts';
import { originOf, type Upload } from '#shared/store/waiting.ts';
import { calendarWrites, insideWrites } from './calendar.ts';
import { broken, brokenSegments } from './held.ts';
import { impactOf } from './impact.ts';
import { insideOf } from './inside.ts';
import { testsOf } from './journey-tests.ts';
import { overtaken, refused } from './lacking.ts';
import { nextOf } from './next-version.ts';
import type { Outcome, PublishDeps } from './publish.ts';
import { type Standing, standing } from './standing.ts';

/**
 * A journey file becomes the next version, unless only its status changed or it is what is live already. A draft is
 * checked and changes nothing.
 */
export async function publishJourney(upload: Upload, text: string, deps: PublishDeps): Promise<Outcome | undefined> {
  const before = await standing(deps);
  const live = ownOf(before.catalogue.journeys, nameOfFile(upload.key));
  const twin = twinOf(live, upload);
  if (live && !twin && live.sequencer > upload.sequencer) return overtaken(deps.table, upload);
  const tests = onceOf(await testsOf(text, before, deps));
  const inside = await insideOf(nameOfFile(upload.key), text, before, deps);
  const context = { ...before.context, tests, ...(inside && { inside }) };
  const alone = checkJourney(upload.key, text, context).journey;
  // Counted before it goes live: afterwards those inside have begun to move.
  const figures = alone && (await impactOf(alone, before, deps, { upload }));
  const checked = checkJourney(upload.key, text, { ...context, ...(figures && { population: figures.population }) });
  const remarks = inOrder([
    ...checked.remarks,
    ...(twin === undefined ? [] : await doubled(twin, upload, deps)),
    ...(checked.journey ? await breaks(checked.journey, before, deps) : []),
  ]);
  const journey = hasErrors(remarks) ? undefined : checked.journey;
  const report = {
    file: upload.key,
    remarks,
    ...(live && { live: live.version }),
    ...(journey && saidBy(figures?.impact)),
  };
  if (!journey) return refused(report, upload, deps);
  if (journey.status === 'draft') return { report: { ...report, draft: true }, changed: false };
  const next = await goLive(journey, live, upload, before, deps);
  return { report: { ...report, published: next.version, ...saidOf(next, live) }, changed: true };
}

const saidBy = (impact: Impact | undefined): Pick<Report, 'impact'> =>
  impact && Object.keys(impact).length > 0 ? { impact } : {};

/** A journey is checked twice, and its tests run once. */
function onceOf(run: NonNullable<CheckContext['tests']>): NonNullable<CheckContext['tests']> {
  let results: TestResults | undefined;
  return (journey) => {
    results ??= run(journey);
    return results;
  };
}

async function goLive(
  journey: Journey,
  live: LiveJourney | undefined,
  upload: Upload,
  { catalogue, context }: Standing,
  deps: PublishDeps,
): Promise<LiveJourney> {
  const now = deps.clock.now();
  const next = await nextOf(journey, live, upload, deps);
  const journeys = { ...catalogue.journeys, [journey.id]: next };
  const more = { hash: next.hash, sequencer: upload.sequencer, at: now, from: originOf(upload) };
  const version = next.version === live?.version ? [] : [putVersion(journey, next.version, more)];
  const walks = [
    ...calendarWrites(journey, next, live, context.settings, now),
    ...insideWrites(journey, next, live, now),
  ];
  await deps.table.transact([...version, putCatalogue({ ...catalogue, journeys }), ...walks]);
  return next;
}

/** What a marketer would not see by the number of the version. The same upload told of again still says what it did. */
function saidOf(next: LiveJourney, live: LiveJourney | undefined): Pick<Report, 'unchanged' | 'closing' | 'paused'> {
  const again = live?.sequencer === next.sequencer;
  const unchanged = !again && live?.hash === next.hash && live.status === next.status;
  return {
    ...(unchanged && { unchanged }),
    ...(next.status === 'closing' && { closing: true }),
    ...(next.status === 'paused' && { paused: true }),
  };
}

/** The other file that this journey was published from: `journeys/cart.jsonc` beside `journeys/cart.json`. */
const twinOf = (live: LiveJourney | undefined, { key }: Upload): string | undefined =>
  live?.file === key ? undefined : live?.file;

/** S3 orders the uploads of one key only, so of two files of one id nobody can tell which is the newer. */
async function doubled(twin: string, { key }: Upload, { bucket }: PublishDeps): Promise<Remark[]> {
  if (!(await bucket.get(twin))) return [];
  const text = `The journey "${nameOfFile(key)}" comes from ${twin} already. Keep one of the two files and remove the other.`;
  return [remark(MISFIT, { line: 1, column: 1 }, text)];
}

/** Whether others count on what this one does not offer, or does not offer any more. */
async function breaks(journey: Journey, before: Standing, deps: PublishDeps): Promise<Remark[]> {
  const { context } = before;
  const facts = journeyFacts(journey);
  const known = ownOf(context.journeys, journey.id);
  if (known && JSON.stringify(known) === JSON.stringify(facts)) return [];
  const then = {
    ...context,
    journeys: { ...context.journeys, [journey.id]: facts },
    // Its file has come: what others ask of it is held against what it is now.
    coming: (context.coming ?? []).filter((id) => id !== journey.id),
  };
  // Of one that was not there they can only have asked what it sends.
  const concerns = (other: Journey): boolean =>
    other.id !== journey.id && (known !== undefined || JSON.stringify(other).includes(`"${journey.id}/`));
  return [...brokenSegments(before, then), ...(await broken(before, then, deps, concerns))];
}

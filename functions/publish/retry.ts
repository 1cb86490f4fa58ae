import { type Upload, waitingUploads } from '#shared/store/waiting.ts';
import type { PublishDeps } from './publish.ts';

/** Files tried again by one call; the rest goes back to the queue. A file takes a tenth of a second. */
const A_CALL = 50;

/** What is to be tried again: files behind this place, and whether any before it has changed something. */
export type Round = { readonly after: string; readonly progress: boolean };

/** Settings and pools stand alone; segments and templates need settings; journeys need all of them, and one another. */
const RANKS = ['settings.json', 'pools/', 'segments/', 'templates/', 'journeys/'];
const placeOf = (key: string): string => `${RANKS.findIndex((start) => key.startsWith(start))} ${key}`;

/** Everything that may have lacked the file that has just been published. Settings may name segments. */
export const roundFor = (key: string): Round => ({
  after: key.startsWith('segments/') ? '' : placeOf(key).slice(0, 1),
  progress: false,
});

/**
 * Tries the waiting files again, in an order in which none lacks what comes later. A round takes each file once; only if
 * it has changed something, for files that need others of their kind, another follows.
 */
export async function retry(
  round: Round,
  deps: PublishDeps,
  tryAgain: (upload: Upload) => Promise<boolean>,
): Promise<void> {
  const all = (await waitingUploads(deps.table)).map((upload) => ({ upload, place: placeOf(upload.key) }));
  const waiting = all.filter(({ place }) => place > round.after).sort((a, b) => (a.place < b.place ? -1 : 1));
  const now = waiting.slice(0, A_CALL);
  let changed = 0;
  for (const { upload } of now) if (await tryAgain(upload)) changed += 1;
  const progress = round.progress || changed > 0;
  const last = now.at(-1);
  if (last && waiting.length > now.length) await deps.again.send([{ waiting: { after: last.place, progress } }]);
  // Those of the calls before as well: they may lack what has gone live just now.
  else if (progress && all.length > changed) await deps.again.send([{ waiting: { after: '', progress: false } }]);
}

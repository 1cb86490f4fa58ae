import { parentPort, workerData } from 'node:worker_threads';
import { BadInput } from '#apps/cli/bad-input.ts';
import type { Order, Word } from './elsewhere.ts';
import { playShare } from './play.ts';

/** A thread that plays a share of a back-test. */

const { request, share }: Order = workerData;
const say = (word: Word): void => parentPort?.postMessage(word);

try {
  say({ counted: await playShare(request, share, (played) => say({ played })) });
} catch (error) {
  // An error of another class does not arrive as what it is.
  if (!(error instanceof BadInput)) throw error;
  say({ badInput: error.message });
}

import { parentPort } from 'node:worker_threads';
import { play } from './part.ts';
import { Shops } from './shops.ts';

/** Plays the stretches of seeds that it is given, until it is told that there are no more. */
const shops = new Shops();

parentPort?.on('message', async ({ from, runs }: { from: number; runs: number }) => {
  const part = await play(
    Array.from({ length: runs }, (_, i) => from + i),
    { shops },
  );
  parentPort?.postMessage(part);
});

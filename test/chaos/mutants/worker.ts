import { parentPort } from 'node:worker_threads';
import { play } from '../part.ts';
import { Shops } from '../shops.ts';
import { MUTANTS } from './mutants.ts';

/** `law`: the promise by which it was found, after so many runs. */
export type Found = { readonly runs: number; readonly law: string | undefined };

const shops = new Shops();
const FIRST = 1;

/** Runs worlds with the planted bug that it is told of, until one of them breaks a promise. */
parentPort?.on('message', async ({ name, most }: { name: string; most: number }) => {
  const bend = MUTANTS.find((mutant) => mutant.name === name)?.bend;
  const seeds = Array.from({ length: most }, (_, i) => FIRST + i);
  const { runs, failed } = await play(seeds, { shops, bend, enough: 1, tells: 0 });
  parentPort?.postMessage({ runs, law: failed[0]?.laws[0] } satisfies Found);
});

import { Worker } from 'node:worker_threads';
import { BadInput } from '#apps/cli/bad-input.ts';
import type { PartialBacktest } from '#shared/backtest/tally.ts';
import type { PlayRequest } from './play.ts';
import type { Share } from './prepared.ts';

export type Order = { readonly request: PlayRequest; readonly share: Share };
/** What a thread says: so many contacts more, what it counted, or what its user can mend. */
export type Word = { readonly played: number } | { readonly counted: PartialBacktest } | { readonly badInput: string };

/** Plays a share in a thread of its own. */
export function playElsewhere(
  { shop: { settings, segments }, ...rest }: PlayRequest,
  share: Share,
  show: (contacts: number) => void,
): { readonly counted: Promise<PartialBacktest>; readonly stop: () => void } {
  const order: Order = { request: { ...rest, shop: { settings, segments } }, share };
  const worker = new Worker(new URL('./thread.ts', import.meta.url), { workerData: order });
  const { promise, resolve, reject } = Promise.withResolvers<PartialBacktest>();
  worker.on('message', (word: Word) => {
    if ('played' in word) show(word.played);
    else if ('counted' in word) resolve(word.counted);
    else reject(new BadInput(word.badInput));
  });
  worker.on('error', reject);
  worker.on('exit', (code) => reject(new Error(`a thread of the back-test ended with ${code}`)));
  // Whoever waits for all hears of it; until then it is nobody's.
  promise.catch(() => {});
  return { counted: promise, stop: () => void worker.terminate() };
}

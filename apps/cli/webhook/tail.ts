import timers from 'node:timers/promises';
import * as z from 'zod';
import { BadInput } from '#apps/cli/bad-input.ts';
import { tailStage } from '#apps/cli/target/tail-stage.ts';
import { keptArrivals } from '#apps/local/kept-arrivals.ts';
import { runningIn } from '#apps/local/running.ts';
import { USUAL_URL, withState } from '#apps/local/with-state.ts';
import { type Arrived, arrivedSchema } from './arrived.ts';

const answerSchema = z.object({ last: z.int(), arrivals: z.array(arrivedSchema) });

export type TailRequest = {
  readonly to?: string | undefined;
  readonly data?: string | undefined;
  readonly stage?: string | undefined;
  /** How many of those that are there already. */
  readonly lines: number;
  readonly follow: boolean;
  /** Whether people are shown. */
  readonly show: boolean;
};

/** Tells of each arrival; goes on until it is interrupted, or there is nothing to follow. */
export type RunTail = (request: TailRequest, tell: (arrived: Arrived) => void) => Promise<void>;

const EVERY = 500;

/** Throws BadInput where there is nobody to ask. */
export const runTail: RunTail = async (request, tell) => {
  const { data, to, stage } = request;
  if (stage !== undefined && (data ?? to) !== undefined)
    throw new BadInput('--stage is AWS: it needs neither --data nor --to.');
  if (stage !== undefined) return tailStage(stage, request, tell);
  if (data === undefined || to !== undefined) return follow((to ?? USUAL_URL).replace(/\/+$/, ''), request, tell);
  const running = runningIn(data);
  // One that was killed could not say so.
  return running && (await isThere(running.url)) ? follow(running.url, request, tell) : tellKept(data, request, tell);
};

const isThere = (url: string): Promise<boolean> =>
  fetch(`${url}/api/arrivals?after=${Number.MAX_SAFE_INTEGER}`).then(
    ({ ok }) => ok,
    () => false,
  );

async function tellKept(data: string, { lines, show }: TailRequest, tell: (one: Arrived) => void): Promise<void> {
  const kept = await withState(data, (runtime) => keptArrivals(runtime, lines, show));
  for (const one of kept) tell(one);
}

async function follow(url: string, { lines, follow: goesOn, show }: TailRequest, tell: (one: Arrived) => void) {
  let { last, arrivals } = await ask(url, 0, show);
  for (const one of lines === 0 ? [] : arrivals.slice(-lines)) tell(one);
  while (goesOn) {
    await timers.setTimeout(EVERY);
    ({ last, arrivals } = await ask(url, last, show));
    for (const one of arrivals) tell(one);
  }
}

async function ask(url: string, after: number, show: boolean): Promise<z.infer<typeof answerSchema>> {
  const answer = await fetch(`${url}/api/arrivals?after=${after}${show ? '&show' : ''}`).catch((cause) => {
    throw new BadInput(
      `Nobody answers at ${url}. Start Tropa there (npm start -- --no-sample), or say where it is: --to URL, --data DIR.`,
      { cause },
    );
  });
  if (answer.ok) return answerSchema.parse(await answer.json());
  throw new BadInput(`${url} answers ${answer.status}: what arrives is shown by "npm start" only, and by a new one.`);
}

import { EXAMPLES } from '#apps/local/folder.ts';
import { play } from '#apps/local/play.ts';
import { openRuntime, type Runtime, type RuntimeOptions } from '#apps/local/runtime.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { type BusyHour, OPENS, START } from './busy-hour.ts';

/** The laptop on the day of the busy hour, with what is put around it. Whoever opens it closes it. */
export const openLaptop = (around: Pick<RuntimeOptions, 'engage' | 'act' | 'wrap'>): Runtime =>
  openRuntime({
    start: START,
    eventDays: 400,
    mailsPerSecond: 1000,
    publicUrl: 'http://localhost:4400',
    keepMails: 0,
    ...around,
  });

/** Takes in the sample shop's journeys, and plays what was before the hour: then it opens. */
export async function playPast(runtime: Runtime, past: BusyHour['past']): Promise<void> {
  runtime.upload(EXAMPLES);
  await runtime.drive(plusMillis(START, 30_000));
  await play(runtime, past, { name: 'past', until: OPENS });
}

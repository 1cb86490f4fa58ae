import { openProgress, type Screen } from '#apps/cli/progress.ts';
import type { Watch } from './request.ts';

/** Milliseconds between two lines of how far it is, where nobody knows how far it is to go. */
const LINE_EVERY = 10_000;

/**
 * Works and says how far it is, until it is done or until Ctrl-C: then what is under way is ended properly. Who presses it twice
 * ends the process as usual, and nothing is lost by it either.
 */
export async function watched<T>(task: string, screen: Screen, work: (watch: Watch) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const interrupt = () => {
    screen.write('Stopping after what is under way ...\n');
    controller.abort();
  };
  const progress = openProgress(screen);
  let said = performance.now();
  const seen = (done: number, about?: number): void => {
    if (about !== undefined) progress.show(task, done, Math.max(done, about));
    else if (performance.now() - said >= LINE_EVERY) {
      screen.write(`${task}: looked at ${done.toLocaleString('en')} ...\n`);
      said = performance.now();
    }
  };
  process.once('SIGINT', interrupt);
  try {
    return await work({ seen, signal: controller.signal });
  } finally {
    process.off('SIGINT', interrupt);
    progress.stop();
  }
}

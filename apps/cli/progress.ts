import { Presets, SingleBar } from 'cli-progress';

/** Shows how far a long task is: a bar; where there is no terminal, a line when it begins and one now and then. */
export type Progress = {
  /** A task begins, or goes on: `done` of `total`, in whatever it is counted in. */
  show(task: string, done: number, total: number): void;
  /** The last task is over; the screen is free for other text. */
  stop(): void;
};

export type Screen = NodeJS.WritableStream & { readonly isTTY?: boolean };

/** Progress on a stream, standard error as a rule, so that standard output holds results only. */
export function openProgress(stream: Screen, now = () => performance.now()): Progress {
  return stream.isTTY ? barOn(stream) : linesOn(stream, now);
}

/** Milliseconds between two lines on one task. */
const LINE_EVERY = 10_000;

function barOn(stream: Screen): Progress {
  const format = '{task} {bar} {percentage} % | {duration_formatted}';
  const bar = new SingleBar({ stream, format, hideCursor: true, fps: 5 }, Presets.shades_grey);
  let current: string | undefined;
  const stop = () => {
    if (current !== undefined) bar.stop();
    current = undefined;
  };
  return {
    show: (task, done, total) => {
      if (task !== current) {
        stop();
        bar.start(total, done, { task: task.padEnd(24) });
        current = task;
      }
      bar.setTotal(total);
      bar.update(done);
    },
    stop,
  };
}

function linesOn(stream: Screen, now: () => number): Progress {
  let current: string | undefined;
  let said = 0;
  const say = (text: string): void => {
    stream.write(`${text}\n`);
    said = now();
  };
  return {
    show: (task, done, total) => {
      if (task !== current) say(`${task} ...`);
      else if (now() - said >= LINE_EVERY && total > 0) say(`${task} ... ${Math.floor((100 * done) / total)} %`);
      current = task;
    },
    stop: () => {
      current = undefined;
    },
  };
}

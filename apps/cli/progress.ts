import { Presets, SingleBar } from 'cli-progress';

/** Shows how far a long task is. Where nobody watches (no terminal), each task is one line instead of a bar. */
export type Progress = {
  /** A task begins, or goes on: `done` of `total`, in whatever it is counted in. */
  show(task: string, done: number, total: number): void;
  /** The last task is over; the screen is free for other text. */
  stop(): void;
};

export type Screen = NodeJS.WritableStream & { readonly isTTY?: boolean };

/** Progress on a stream, standard error as a rule, so that standard output holds results only. */
export function openProgress(stream: Screen): Progress {
  return stream.isTTY ? barOn(stream) : linesOn(stream);
}

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

function linesOn(stream: Screen): Progress {
  let current: string | undefined;
  return {
    show: (task) => {
      if (task !== current) stream.write(`${task} ...\n`);
      current = task;
    },
    stop: () => {
      current = undefined;
    },
  };
}

import Table from 'cli-table3';
import type { Demand } from './demand.ts';
import type { Told } from './tell.ts';

const whole = (n: number): string => Math.round(n).toLocaleString('en');

/** As people say a time. */
export function spell(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string => {
  const drawn = new Table({ head: [...head], style: { head: [], border: [] } });
  for (const row of rows) drawn.push([...row]);
  return drawn.toString();
};

export const demandTable = ({ kinds }: Demand): string =>
  table(
    ['event', 'seen', 'calls', 'write units', 'p50', 'p99', 'most', 'starts', 'wakes'],
    Object.entries(kinds).map(([type, { n, calls, writeUnits, starts, wakes }]) => [
      type,
      whole(n),
      calls.toFixed(1),
      writeUnits.mean.toFixed(1),
      ...[writeUnits.p50, writeUnits.p99, writeUnits.most].map(whole),
      starts.toFixed(2),
      wakes.toFixed(2),
    ]),
  );

export const checkTable = (played: object, simulated: object): string =>
  table(
    ['', 'laptop', 'model'],
    Object.entries(played).map(([name, value]) => [
      name,
      whole(Number(value)),
      whole(Number(Reflect.get(simulated, name))),
    ]),
  );

export const stageTable = ({ stages }: Told): string =>
  table(
    ['stage', 'peak queue', 'longest wait', 'throttled', 'still waiting'],
    stages.map(({ stage, peak, longest, throttled, left }) => [
      stage,
      whole(peak),
      spell(longest),
      whole(throttled),
      whole(left),
    ]),
  );

export const wallTable = ({ walls }: Told): string =>
  table(
    ['limit', 'events/s', 'whose'],
    walls.slice(0, 8).map(({ limit, perSecond, whose }) => [limit, whole(perSecond), whose]),
  );

const SHADES = ' ▁▂▃▄▅▆▇█';
const EVERY = 5;

/** One row a figure, one character five minutes, each drawn against its own highest. */
export function timeline({ minutes }: Told): string {
  const rows = [
    ['came', minutes.map(({ come }) => come)],
    ['refused at the door', minutes.map(({ refused }) => refused)],
    ['wait to be recorded', minutes.map(({ enrol }) => enrol)],
    ['recorded', minutes.map(({ recorded }) => recorded)],
    ['due, not looked at', minutes.map(({ due }) => due)],
    ['mails handed over', minutes.map(({ mails }) => mails)],
  ] as const;
  return rows
    .map(([name, values]) => `${name.padEnd(20)} |${drawn(values)}| at most ${whole(Math.max(...values))}`)
    .join('\n');
}

function drawn(values: readonly number[]): string {
  const most = Math.max(1, ...values);
  const parts = Array.from({ length: Math.ceil(values.length / EVERY) }, (_, i) =>
    Math.max(...values.slice(i * EVERY, (i + 1) * EVERY)),
  );
  return parts.map((value) => SHADES[Math.ceil((value / most) * (SHADES.length - 1))]).join('');
}

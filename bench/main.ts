import { Command, InvalidArgumentError } from 'commander';

type Options = { readonly file?: string; readonly events?: number; readonly base?: number; readonly burst?: number };
type Bench = { run(options: Options): Promise<object> };

/** Loaded when asked for: what one bench imports must not weigh on another's figures. */
const BENCHES: Readonly<Record<string, () => Promise<Bench>>> = {
  advance: () => import('./advance.ts'),
  backtest: () => import('./backtest.ts'),
  besthour: () => import('./besthour.ts'),
  cold: () => import('./cold.ts'),
  edit: () => import('./edit.ts'),
  ingest: () => import('./ingest.ts'),
  load: () => import('./load.ts'),
  cost: () => import('./cost.ts'),
  deaths: () => import('./deaths.ts'),
  kills: () => import('./kills.ts'),
  mailing: () => import('./mailing.ts'),
  path: () => import('./path.ts'),
  publish: () => import('./publish.ts'),
  render: () => import('./render.ts'),
  stream: () => import('./stream.ts'),
  wait: () => import('./wait.ts'),
};

/** Three digits after the point: more is noise. */
const rounded = (_: string, value: unknown): unknown =>
  typeof value === 'number' ? Math.round(value * 1000) / 1000 : value;

function count(written: string): number {
  if (/^[1-9]\d{0,8}$/.test(written)) return Number(written);
  throw new InvalidArgumentError('Write a number, as 1000000.');
}

/** `npm run bench -- <name> [--file F] [--events N] [--base N] [--burst N]`: a table on standard error, one line of JSON on standard output. */
const program: Command = new Command('bench');
program
  .argument('<name>', Object.keys(BENCHES).join(', '))
  .option('--file <file>', 'measure with this file instead of generated data')
  .option('--events <n>', 'how many events "stream" makes up and "load" watches, or contacts "mailing" queues', count)
  .option('--base <n>', 'events a second of the hour of "load"', count)
  .option('--burst <n>', 'events a second of its bursts', count)
  .action(async (name: string, options: Options) => {
    const bench = BENCHES[name];
    if (!bench) program.error(`no bench is called ${name}: ${Object.keys(BENCHES).join(', ')}`);
    const { run } = await bench();
    console.log(JSON.stringify(await run(options), rounded));
  });
await program.parseAsync();

import { Command } from 'commander';

type Bench = { run(options: { file?: string }): Promise<object> };

/** Loaded when asked for: what one bench imports must not weigh on another's figures. */
const BENCHES: Readonly<Record<string, () => Promise<Bench>>> = {
  advance: () => import('./advance.ts'),
  backtest: () => import('./backtest.ts'),
  cold: () => import('./cold.ts'),
  edit: () => import('./edit.ts'),
  cost: () => import('./cost.ts'),
  path: () => import('./path.ts'),
  publish: () => import('./publish.ts'),
  wait: () => import('./wait.ts'),
};

/** Three digits after the point: more is noise. */
const rounded = (_: string, value: unknown): unknown =>
  typeof value === 'number' ? Math.round(value * 1000) / 1000 : value;

/** `npm run bench -- <name> [--file F]`: a table on standard error, one line of JSON on standard output. */
const program: Command = new Command('bench');
program
  .argument('<name>', Object.keys(BENCHES).join(', '))
  .option('--file <file>', 'measure with this file instead of generated data')
  .action(async (name: string, { file }: { file?: string }) => {
    const bench = BENCHES[name];
    if (!bench) program.error(`no bench is called ${name}: ${Object.keys(BENCHES).join(', ')}`);
    const { run } = await bench();
    console.log(JSON.stringify(await run(file === undefined ? {} : { file }), rounded));
  });
await program.parseAsync();

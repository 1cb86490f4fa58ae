import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Table from 'cli-table3';
import { build } from 'esbuild';
import * as z from 'zod';
import { ENVIRONMENTS } from '#functions/environment.ts';
import { FUNCTION_NAMES, type FunctionName } from '#functions/wiring.ts';
import { BUNDLING, ROOT } from '#infra/bundling.ts';

const ROUNDS = 9;

/** MJML is three megabytes by itself, and nobody waits for publish. */
const LIMITS = { kb: 500, importMs: 70 };
const LIMITS_OF: Partial<Record<FunctionName, typeof LIMITS>> = { publish: { kb: 4096, importMs: 400 } };

/** `cpuMs` far below `importMs` means that the machine had other things to do. */
type Times = { readonly importMs: number; readonly cpuMs: number };
type Measured = Times & { readonly kb: number };

/** What a cold start pays for each function: the size of its bundle, and how long Node takes to load and run it. */
export async function run(): Promise<object> {
  const folder = mkdtempSync(join(tmpdir(), 'tropa-cold-'));
  try {
    for (const name of FUNCTION_NAMES) await bundle(name, bundleOf(folder, name));
    const rounds = Array.from({ length: ROUNDS }, () => roundOf(folder));
    const functions = Object.fromEntries(
      FUNCTION_NAMES.map((name): [FunctionName, Measured] => [
        name,
        {
          kb: Math.round(statSync(bundleOf(folder, name)).size / 1024),
          importMs: median(rounds.map((times) => times[name]?.importMs ?? Number.NaN)),
          cpuMs: median(rounds.map((times) => times[name]?.cpuMs ?? Number.NaN)),
        },
      ]),
    );
    const over = FUNCTION_NAMES.filter((name) => isOver(name, functions[name]));
    print(functions);
    return { bench: 'cold', functions, over };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const bundleOf = (folder: string, name: FunctionName): string => join(folder, `${name}.cjs`);

/** As the stacks bundle it. */
async function bundle(name: FunctionName, outfile: string): Promise<void> {
  const { mainFields, ...how } = BUNDLING;
  await build({
    ...how,
    mainFields: [...mainFields],
    entryPoints: [`${ROOT}functions/${name}/handler.ts`],
    absWorkingDir: ROOT,
    bundle: true,
    logLevel: 'error',
    outfile,
  });
}

/** Each function once: round by round, what else the machine does meanwhile hits all alike. */
const roundOf = (folder: string): Partial<Record<FunctionName, Times>> =>
  Object.fromEntries(FUNCTION_NAMES.map((name) => [name, importTimes(name, bundleOf(folder, name))]));

/** Runs in a process of its own that has loaded nothing but this. */
const IMPORT = `
const cpu = process.cpuUsage();
const start = performance.now();
require(process.argv[1]);
const importMs = performance.now() - start;
const { user, system } = process.cpuUsage(cpu);
console.log(JSON.stringify({ importMs, cpuMs: (user + system) / 1000 }));`;

const timesSchema = z.object({ importMs: z.number(), cpuMs: z.number() });

/** Milliseconds, the making of all clients included. */
function importTimes(name: FunctionName, file: string): Times {
  const told = execFileSync(process.execPath, ['-e', IMPORT, file], { env: environmentOf(name), encoding: 'utf8' });
  return timesSchema.parse(JSON.parse(told));
}

const VALUES = ['https://bench.example', '1', '{}', 'null'];

/** Anything that the function's schema accepts. */
function environmentOf(name: FunctionName): Record<string, string> {
  const names = Object.entries(ENVIRONMENTS[name].shape).map(([key, schema]) => {
    return [key, VALUES.find((value) => schema.safeParse(value).success) ?? ''];
  });
  return {
    ...Object.fromEntries(names),
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'a',
    AWS_SECRET_ACCESS_KEY: 'b',
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return Math.round((sorted[Math.floor(sorted.length / 2)] ?? 0) * 10) / 10;
}

function isOver(name: FunctionName, measured: Measured | undefined): boolean {
  const { kb, importMs } = LIMITS_OF[name] ?? LIMITS;
  return measured === undefined || measured.kb > kb || measured.importMs > importMs;
}

function print(functions: Readonly<Record<string, Measured>>): void {
  const table = new Table({ head: ['function', 'KB', 'at most', 'ms', 'at most', 'CPU ms', ''] });
  for (const name of FUNCTION_NAMES) {
    const { kb = 0, importMs = 0, cpuMs = 0 } = functions[name] ?? {};
    const limits = LIMITS_OF[name] ?? LIMITS;
    table.push([name, kb, limits.kb, importMs, limits.importMs, cpuMs, isOver(name, functions[name]) ? 'over' : '']);
  }
  console.error(table.toString());
}

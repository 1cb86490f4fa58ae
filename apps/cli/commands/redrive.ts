import { Argument, Command } from 'commander';
import * as z from 'zod';
import type { Streams } from '#apps/cli/commands/replay.ts';
import { type Target, targetFields, targetOf, withTargetOptions } from '#apps/cli/target/options.ts';
import { QUEUES, type QueueName } from '#functions/wiring.ts';

/** What redrive is asked to do. */
export type RedriveRequest = {
  readonly queue: QueueName;
  readonly target: Target;
  /** Only dead letters whose reason contains this. */
  readonly reason?: string | undefined;
  readonly dryRun: boolean;
};

export type RedriveResult = {
  /** All dead letters of the queue, meant or not, by reason. */
  readonly dead: Readonly<Record<string, number>>;
  /** Those that were meant. */
  readonly found: Readonly<Record<string, number>>;
  readonly redriven: number;
  /** Of those, how many died again. */
  readonly diedAgain: number;
};
export type RunRedrive = (request: RedriveRequest) => Promise<RedriveResult>;

const names = Object.values(QUEUES).map(({ name }) => name);
const isQueue = (name: string): name is QueueName => Object.hasOwn(QUEUES, name);
const optionsSchema = z.object({
  ...targetFields,
  reason: z.string().optional(),
  dryRun: z.boolean().default(false),
  json: z.boolean().default(false),
});

/** `tropa redrive`: sends what ended in a dead-letter queue through its queue once more. */
export function redriveCommand(
  run: RunRedrive,
  streams: Streams = { out: process.stdout, err: process.stderr },
): Command {
  return withTargetOptions(new Command('redrive'))
    .description('Send what could not be worked on through its queue once more, once the cause is mended.')
    .addArgument(new Argument('<queue>', 'whose dead letters').choices(names))
    .option('--reason <text>', 'only those whose reason contains this')
    .option('--dry-run', 'say what would be sent, send nothing')
    .option('--json', 'print the result as one line of JSON')
    .action(async (queue: unknown, options: unknown) => {
      const { json, reason, dryRun, ...given } = optionsSchema.parse(options);
      const name = z.string().refine(isQueue).parse(queue);
      if (!isQueue(name)) return;
      const result = await run({ queue: name, target: targetOf(given), reason, dryRun });
      streams.out.write(`${json ? JSON.stringify(result) : printed(result, dryRun)}\n`);
    });
}

function printed({ dead, found, redriven, diedAgain }: RedriveResult, dryRun: boolean): string {
  const all = Object.values(dead).reduce((sum, n) => sum + n, 0);
  if (all === 0) return 'No dead letters.';
  const reasons = lines(found);
  if (reasons.length === 0) return [`None with this reason, of ${all}:`, ...lines(dead)].join('\n');
  const end = dryRun ? 'Nothing was sent: a dry run.' : `${redriven} sent again, ${diedAgain} of them died again.`;
  return ['Dead letters by reason:', ...reasons, end].join('\n');
}

const lines = (counts: Readonly<Record<string, number>>): string[] =>
  Object.entries(counts)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([reason, n]) => `  ${String(n).padStart(6)}  ${reason}`);

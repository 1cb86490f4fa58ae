import Table from 'cli-table3';
import { Command } from 'commander';
import * as z from 'zod';
import type { Streams } from '#apps/cli/commands/replay.ts';
import { sayTime } from '#apps/cli/say-time.ts';
import { type Target, targetFields, targetOf, withTargetOptions } from '#apps/cli/target/options.ts';
import type { JourneySummary } from '#apps/local/summary.ts';
import type { JourneyStatus } from '#shared/journey/journey.ts';
import type { Standing } from '#shared/report/census.ts';
import type { PoolCounts } from '#shared/store/code-counts.ts';

/** What is published, what has come of it, and where everybody stands. */
export type StatusReport = {
  /** The shop's, of which printed times are. */
  readonly zone: string;
  /** Journeys whose newest upload is a draft; what is live of them, if anything is, stays live. */
  readonly drafts: readonly string[];
  readonly journeys: Readonly<
    Record<string, { readonly version: number; readonly status: JourneyStatus } & Partial<JourneySummary>>
  >;
  readonly standing: readonly Standing[];
  /** Coupon codes of each pool. */
  readonly pools: Readonly<Record<string, PoolCounts>>;
};
export type RunStatus = (request: {
  readonly target: Target;
  readonly journey?: string | undefined;
}) => Promise<StatusReport>;

const optionsSchema = z.object({ ...targetFields, json: z.boolean().default(false) });

/** `tropa status`: who is where. */
export function statusCommand(
  run: RunStatus,
  streams: Streams = { out: process.stdout, err: process.stderr },
): Command {
  return withTargetOptions(new Command('status'))
    .description('Say which journeys are published, how many are inside, and at which step they stand.')
    .argument('[journey]', 'only this journey')
    .option('--json', 'print the result as one line of JSON')
    .action(async (journey: unknown, options: unknown) => {
      const { json, ...given } = optionsSchema.parse(options);
      const report = await run({ target: targetOf(given), journey: z.string().optional().parse(journey) });
      streams.out.write(`${json ? JSON.stringify(report) : printed(report)}\n`);
    });
}

function printed({ zone, drafts, journeys, standing, pools }: StatusReport): string {
  const table = new Table({
    head: ['Journey', 'status', 'version', 'entered', 'inside', 'converted', 'finished'],
    style: { head: [], border: [], compact: true },
  });
  for (const [id, one] of Object.entries(journeys)) {
    const { status, version, entries = 0, inside = 0, converted = 0, finished = 0 } = one;
    const newer = drafts.includes(id) ? `${status}, and a newer draft` : status;
    table.push([id, newer, version, entries, inside, converted, finished]);
  }
  for (const id of drafts.filter((one) => !Object.hasOwn(journeys, one)))
    table.push([id, 'draft: not live', '', 0, 0, 0, 0]);
  const where = new Table({
    head: ['Journey', 'version', 'stands at', 'contacts', 'longest since'],
    style: { head: [], border: [], compact: true },
  });
  for (const { journey, version, step, contacts, since } of standing) {
    where.push([journey, version, step || '(the beginning)', contacts, sayTime(since, zone)]);
  }
  const inside = standing.length === 0 ? 'Nobody is inside.' : `${where}\nTimes are those of ${zone}, the shop's.`;
  return [String(table), inside, ...mailTable(journeys), ...callTable(journeys), ...poolTable(pools)].join('\n');
}

/** What became of the messages. What programs did by themselves stands beside what people did, and not in it. */
function mailTable(journeys: StatusReport['journeys']): string[] {
  const all = Object.entries(journeys).flatMap(([id, { messages = {} }]) =>
    Object.entries(messages).map(([step, counts]) => ({ id, step, ...counts })),
  );
  const table = new Table({
    head: ['Journey', 'message', 'sent', 'opened', 'clicked', 'opened by programs', 'clicked by programs'],
    style: { head: [], border: [], compact: true },
  });
  for (const { id, step, sent, opened, clicked, machineOpened, machineClicked } of all)
    table.push([id, step, sent, opened, clicked, machineOpened, machineClicked]);
  return all.length === 0 ? [] : [String(table)];
}

function callTable(journeys: StatusReport['journeys']): string[] {
  const all = Object.entries(journeys).flatMap(([id, { calls = {} }]) =>
    Object.entries(calls).map(([step, counts]) => ({ id, step, ...counts })),
  );
  const table = new Table({
    head: ['Journey', 'call', 'called', 'failed', 'went otherwise', 'fields left out'],
    style: { head: [], border: [], compact: true },
  });
  for (const { id, step, called, failed, otherwise, cut } of all)
    table.push([id, step, called, failed, otherwise, cut]);
  return all.length === 0 ? [] : [String(table)];
}

function poolTable(pools: StatusReport['pools']): string[] {
  const all = Object.entries(pools);
  const table = new Table({
    head: ['Pool', 'codes left', 'given', 'used'],
    style: { head: [], border: [], compact: true },
  });
  for (const [pool, { left, given, used }] of all) table.push([pool, left, given, used]);
  return all.length === 0 ? [] : [String(table)];
}

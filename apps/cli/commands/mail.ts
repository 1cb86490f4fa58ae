import Table from 'cli-table3';
import { Command } from 'commander';
import * as z from 'zod';
import { readOptions } from '#apps/cli/commands/read-options.ts';
import type { Streams } from '#apps/cli/commands/replay.ts';
import { printReceptions, type Receptions } from '#apps/cli/mail/receptions.ts';
import { type Target, targetFields, targetOf, withTargetOptions } from '#apps/cli/target/options.ts';
import { type Scope, scopeOf } from '#shared/sending/breaker.ts';
import { type Flow, type Halt, haltOf } from '#shared/sending/flow.ts';
import { providerOf } from '#shared/sending/provider.ts';
import { takenToday, warmUpDay } from '#shared/sending/warm-up.ts';

/** What may leave at all, and who has last said so. */
export type MailStatus = {
  readonly now: string;
  readonly flow: Flow;
  /** How the mails of the last days were received. */
  readonly received: Receptions;
  readonly log: readonly { readonly at: string; readonly what: string; readonly by: string; readonly reason: string }[];
};
export type MailRuns = {
  readonly pause: (target: Target, said: { readonly all: boolean; readonly reason: string }) => Promise<MailStatus>;
  /** No scopes: everything. */
  readonly resume: (
    target: Target,
    said: { readonly scopes: readonly Scope[]; readonly reason: string },
  ) => Promise<MailStatus>;
  readonly status: (target: Target) => Promise<MailStatus>;
};

const reason = z.string().trim().min(1, 'say why').max(500);
const pauseSchema = z.object({ ...targetFields, reason, all: z.boolean().default(false) });
const named = z.string().trim().min(1, 'says nothing');
const resumeSchema = z.object({
  ...{ ...targetFields, reason },
  ...{ journey: named.optional(), topic: named.optional(), domain: named.optional() },
});
const statusSchema = z.object({ ...targetFields, json: z.boolean().default(false) });

const WHY = 'why, for whoever looks at it later';
const ALL_STOPS =
  'Order confirmations and everything else that customers wait for stop, too. They wait, and go when you say "tropa mail resume".';

/** `tropa mail`: stops all mail at once, lets it go again, and says what may leave. */
export function mailCommand(
  { pause, resume, status }: MailRuns,
  streams: Streams = { out: process.stdout, err: process.stderr },
): Command {
  const say = (found: MailStatus, target: Target): void => void streams.out.write(`${printed(found, target)}\n`);
  return new Command('mail')
    .description(
      'Look at mails and send one to yourself; stop all mail at once, let it go again, and say what may leave.',
    )
    .addCommand(
      withTargetOptions(new Command('pause'))
        .description('Stop marketing mail within ten seconds. What waits is kept, and judged anew when it may go.')
        .requiredOption('--reason <text>', WHY)
        .option('--all', 'transactional mail, too: order confirmations wait')
        .action(async (options: unknown) => {
          const { all, reason: why, ...given } = readOptions(pauseSchema, options);
          if (all) streams.err.write(`${ALL_STOPS}\n`);
          const target = targetOf(given);
          say(await pause(target, { all, reason: why }), target);
        }),
    )
    .addCommand(
      withTargetOptions(new Command('resume'))
        .description(
          'Let mail go again: the oldest first, at the rate of the account. Without a part: all that stands still.',
        )
        .requiredOption('--reason <text>', WHY)
        .option('--journey <id>', 'only marketing mail of this journey, which bounces or complaints have halted')
        .option('--topic <id>', 'only that of this topic')
        .option('--domain <domain>', 'only that to this mailbox provider, as gmail.com')
        .action(async (options: unknown) => {
          const { reason: why, journey, topic, domain, ...given } = readOptions(resumeSchema, options);
          const scopes = [
            ...(journey === undefined ? [] : [scopeOf('journey', journey)]),
            ...(topic === undefined ? [] : [scopeOf('topic', topic)]),
            ...(domain === undefined ? [] : [scopeOf('to', providerOf(domain) ?? domain)]),
          ];
          const target = targetOf(given);
          say(await resume(target, { scopes, reason: why }), target);
        }),
    )
    .addCommand(
      withTargetOptions(new Command('status'))
        .description('Say what may leave, what stops it, and how mails were received.')
        .option('--json', 'print the result as one line of JSON')
        .action(async (options: unknown) => {
          const { json, ...given } = readOptions(statusSchema, options);
          const target = targetOf(given);
          const found = await status(target);
          if (json) streams.out.write(`${JSON.stringify(found)}\n`);
          else say(found, target);
        }),
    );
}

function printed({ now, flow, received, log }: MailStatus, target: Target): string {
  const table = new Table({ style: { head: [], border: [], compact: true } });
  table.push(...rowsOf(flow, now));
  const said = log.map(({ at, what, by, reason: why }) => `${at}  ${what}, ${by}: ${why}`);
  return [table.toString(), printReceptions(received, target), ...said].join('\n');
}

function rowsOf(flow: Flow, now: string): [string, string][] {
  const { pause, account, slow } = flow;
  const lane = (name: 'marketing' | 'transactional'): [string, string] => {
    const halt = haltOf(flow, name, now);
    const why = halt === 'mail-paused' && pause ? `, by ${pause.by} since ${pause.at}: ${pause.reason}` : '';
    return [name, halt ? `${HALTS[halt]}${why}` : 'goes'];
  };
  const quota = account && (account.perDay > 0 ? `${account.sent} of ${account.perDay} a day` : 'none');
  return [
    lane('marketing'),
    lane('transactional'),
    ['rate of SES', account ? `${account.perSecond} a second, asked at ${account.at}` : 'not asked'],
    ['slowed', slow ? `to ${slow.rate} a second at ${slow.at}` : 'no'],
    ['quota of SES', quota ?? 'not asked'],
    ['SES says', account ? `${account.enforcement}${account.production ? '' : ', in its sandbox'}` : 'not asked'],
    ['slots today', String(takenToday(flow, now))],
    ['warm-up', warmUpOf(flow, now)],
  ];
}

function warmUpOf(flow: Flow, now: string): string {
  const { plan, warm } = flow;
  const day = warmUpDay(plan, now);
  if (!plan || !day) return plan ? 'over' : 'no plan';
  const full = warm && warm.until > now ? `, full until ${warm.until}` : '';
  const when = plan.since > now ? `begins on ${plan.since}` : `day ${day.number} of ${day.of}`;
  return `${when}: ${takenToday(flow, now)} of ${day.mails} mails${full}`;
}

const HALTS: Readonly<Record<Halt, string>> = {
  'mail-paused': 'paused',
  'account-stopped': 'stopped: SES takes no mail of the account',
  quota: "stopped: the day's quota of SES is reached",
  breaker: 'halted: too much of it bounces or is called spam',
  'warm-up': 'waits for tomorrow: the plan of a new domain is full',
};

import Table from 'cli-table3';
import type { OpenTarget } from '#apps/cli/target/open.ts';
import { flagsOf, type Target } from '#apps/cli/target/options.ts';
import { ownOf } from '#shared/own-of.ts';
import { flagOf, nameOf, saidOf } from '#shared/sending/announce-halt.ts';
import { ALL, type Breaker, NONE, percentOf, type Reception, type Scope, type Trip } from '#shared/sending/breaker.ts';
import type { Flow } from '#shared/sending/flow.ts';
import { loadReceptions, receivedSince } from '#shared/store/receptions.ts';
import { plusMillis } from '#shared/time/instant.ts';

/** How the mails of a scope were received in the last days, and why it stands still, if it does. */
export type ScopeReception = Reception & {
  readonly scope: Scope;
  readonly bouncePercent: number;
  readonly complaintPercent: number;
  /** It was let go again, and no mail of before counts. */
  readonly since?: string;
  readonly trip?: Trip;
};
export type Receptions = { readonly limits: Breaker; readonly scopes: readonly ScopeReception[] };

const DAY = 86_400_000;

/** All marketing first, then what stands still, then by the number of mails. */
export async function receptionsOf({ table, clock, published }: OpenTarget, flow: Flow): Promise<Receptions> {
  const { breaker: limits } = await published.settings();
  const now = clock.now();
  const rows = await loadReceptions(table, plusMillis(now, -limits.days * DAY), now);
  const { trips = {}, fresh = {} } = flow;
  const received = receivedSince(rows.values(), fresh);
  const scopes = [...new Set([ALL, ...Object.keys(trips), ...Object.keys(received)])].map((scope): ScopeReception => {
    const own = ownOf(received, scope) ?? NONE;
    const [since, trip] = [ownOf(fresh, scope), ownOf(trips, scope)];
    return {
      scope,
      ...own,
      bouncePercent: percentOf(own.bounces, own.mails),
      complaintPercent: percentOf(own.complaints, own.mails),
      ...(since !== undefined && { since }),
      ...(trip && { trip }),
    };
  });
  const rank = ({ scope, trip }: ScopeReception) => (scope === ALL ? 0 : trip ? 1 : 2);
  return { limits, scopes: scopes.sort((a, b) => rank(a) - rank(b) || b.mails - a.mails) };
}

/** Lines of a terminal. */
const MOST = 20;

export function printReceptions({ limits, scopes }: Receptions, target: Target): string {
  const { bounces, complaints, days } = limits;
  const table = new Table({
    head: [`last ${days} days`, 'mails', `bounces, limit ${bounces} %`, `complaints, limit ${complaints} %`, 'stands'],
    style: { head: [], border: [], compact: true },
  });
  for (const one of scopes.slice(0, MOST))
    table.push([
      one.scope,
      one.mails,
      `${one.bounces} (${one.bouncePercent} %)`,
      `${one.complaints} (${one.complaintPercent} %)`,
      one.trip ? `HALTED at ${one.trip.at}` : one.since === undefined ? 'goes' : `goes, counted since ${one.since}`,
    ]);
  const halted = scopes.flatMap(({ scope, trip }) =>
    trip ? [`${saidOf(scope, trip)}. Once that is mended: ${command(scope, flagsOf(target))}`] : [],
  );
  const more = scopes.length > MOST ? [`and ${scopes.length - MOST} more; --json has them all`] : [];
  return [table.toString(), ...more, ...halted].join('\n');
}

const command = (scope: Scope, whose: string): string =>
  `npx tropa mail resume${flagOf(scope)} ${whose} --reason "..."`;

/** What can be let go, for who has named what does not stand still. */
export const whatStands = ({ trips = {} }: Flow, target: Target): string =>
  Object.keys(trips).length === 0
    ? 'Nothing of it stands still.'
    : `What stands still: ${Object.keys(trips)
        .map((scope) => `${nameOf(scope)} (${command(scope, flagsOf(target))})`)
        .join('; ')}.`;

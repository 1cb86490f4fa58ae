import { ConditionFailed, Conflict } from '#shared/errors.ts';
import { ownOf } from '#shared/own-of.ts';
import { haltHints, haltsEntry, saidOf } from '#shared/sending/announce-halt.ts';
import { type Trip, verdictOn } from '#shared/sending/breaker.ts';
import type { Flow } from '#shared/sending/flow.ts';
import { changeFlow, loadFlow, noteOnFlow, noteTold, tripFlow } from '#shared/store/flow.ts';
import { stretchIn } from '#shared/store/keys.ts';
import { loadReceptions, receivedSince } from '#shared/store/receptions.ts';
import type { IndexEntry } from '#shared/store/table.ts';
import { type Instant, plusMillis } from '#shared/time/instant.ts';
import type { ReviewDeps, Run } from './review.ts';

const DAY = 86_400_000;

/** What was read of how mails are received: since when, and the checkpoint of each row. */
export type Judged = { readonly from: Instant; readonly seen: ReadonlyMap<string, string> };

/** Has marketing stand still wherever too much of it bounces or is called spam, and says so. */
export async function judge(flow: Flow, deps: ReviewDeps): Promise<Judged> {
  const { table, clock, published } = deps;
  const now = clock.now();
  const { breaker } = await published.settings();
  const from = plusMillis(now, -breaker.days * DAY);
  const rows = await loadReceptions(table, from, now);
  const { trips, fresh = {} } = flow;
  let isTripped = false;
  for (const [scope, received] of Object.entries(receivedSince(rows.values(), fresh))) {
    const trip = ownOf(trips, scope) ? undefined : verdictOn(received, breaker, now);
    if (trip) isTripped = (await tripped(scope, trip, ownOf(fresh, scope), deps)) || isTripped;
  }
  if (isTripped) await announce(await loadFlow(table), deps);
  return { from, seen: new Map([...rows].map(([sk, { checkpoint }]) => [sk, checkpoint])) };
}

/** False where somebody was faster, or has just let it go. */
async function tripped(scope: string, trip: Trip, fresh: Instant | undefined, deps: ReviewDeps): Promise<boolean> {
  const said = saidOf(scope, trip);
  try {
    await deps.table.transact([tripFlow(scope, trip, fresh), noteOnFlow(trip.at, `halt ${scope}`, 'breaker', said)]);
  } catch (error) {
    if (error instanceof ConditionFailed || error instanceof Conflict) return false;
    throw error;
  }
  deps.log.error('marketing mail stands still', { scope, said });
  return true;
}

/** Tells whoever looks after the shop of each trip: over the bus, and by mail. Once, but for a run that breaks off. */
async function announce(flow: Flow, { table, bus, tell, published }: ReviewDeps): Promise<void> {
  const { trips = {}, told = {} } = flow;
  const news = Object.fromEntries(Object.entries(trips).filter(([scope, { at }]) => ownOf(told, scope) !== at));
  if (Object.keys(news).length === 0) return;
  const refused = await bus.put([haltsEntry(news)]);
  if (refused.length > 0) throw new Error('the bus refused what stands still');
  await tell.send(haltHints(news, await published.settings()));
  await table.write(changeFlow(noteTold(news)));
}

/** Each minute: counts what stands still, and tells of what nobody was told of. */
export async function watchTrips(flow: Flow, deps: ReviewDeps): Promise<void> {
  if (Object.keys(flow.trips ?? {}).length > 0) deps.metrics.count('MarketingHalted', 1);
  try {
    await announce(flow, deps);
  } catch (error) {
    deps.metrics.count('ReviewFailed', 1, { kind: 'breaker' });
    deps.log.error('nobody could be told of what stands still; it is tried again', {}, error);
  }
}

/** Ten minutes of which something bad was told. They stay due if more was told meanwhile. */
export async function reviewReception(entry: IndexEntry, _: Instant, { table, judged }: Run): Promise<void> {
  const { from, seen } = await judged();
  const known = seen.get(entry.sk);
  if (known === undefined && stretchIn(entry) >= from) return;
  const checkpoint = known ?? (await table.get(entry))?.['checkpoint'];
  if (typeof checkpoint !== 'string') return;
  const { pk, sk } = entry;
  try {
    await table.write({
      kind: 'update',
      key: { pk, sk },
      change: { remove: [['duePk'], ['due']] },
      if: { equals: { checkpoint } },
    });
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
  }
}

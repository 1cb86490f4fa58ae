import { identitiesOf, surely } from '#shared/contact/identity.ts';
import { type HintDeps, hint } from '#shared/enrolment/hints.ts';
import { refOfName } from '#shared/enrolment/names.ts';
import { ConditionFailed, Conflict, Unprocessable } from '#shared/errors.ts';
import type { Event } from '#shared/event/event.ts';
import { MOST_HOPS } from '#shared/event/own.ts';
import type { ParkedReason } from '#shared/event/parked-reasons.ts';
import { putEvents } from '#shared/event/put.ts';
import type { Bus, Clock } from '#shared/ports.ts';
import { moreOf, putsOf, RECEIPT_DAYS, type Retention } from '#shared/store/events.ts';
import { type EnrolmentRef, receiptKey } from '#shared/store/keys.ts';
import { park } from '#shared/store/parked.ts';
import { identityKeyOf, loadProfile } from '#shared/store/profiles.ts';
import type { Published } from '#shared/store/published.ts';
import type { Table, Write } from '#shared/store/table.ts';
import { type Instant, plusMillis } from '#shared/time/instant.ts';
import { decide } from './decide.ts';
import { enterMore } from './enter-more.ts';
import { merge } from './merge.ts';
import { type Parsed, parse } from './parse.ts';
import { sinceErased, whose } from './whose.ts';

export type EnrolDeps = HintDeps & {
  readonly clock: Clock;
  readonly published: Published;
  readonly bus: Bus;
  readonly retention: Retention;
};

/** `erased`: of somebody who has been erased since; nothing of it is kept. */
export type Recorded = 'recorded' | 'duplicate' | 'parked' | 'erased';

const ATTEMPTS = 8;
const DAY = 86_400_000;

/**
 * Records one event: who it concerns, what it changes in the profile, which passages hear it and which begin, all in
 * one transaction; then gives the hints that follow from the rows, and tells of what has changed. The same event again
 * changes nothing and does the rest again, so whoever is interrupted may simply call again.
 * Throws Unprocessable for what is no event, and Conflict when others were faster too often.
 */
export async function enrol(input: unknown, deps: EnrolDeps): Promise<Recorded> {
  const parsed = parse(input, deps.clock.now());
  const { event } = parsed;
  const recorded = await insist(event, () => record(parsed, deps), deps);
  if (recorded.unentered !== undefined) await enterAll(event, recorded.unentered, deps);
  return recorded.as;
}

/** Each transaction takes some of the journeys that the event's own had no room for. */
async function enterAll(event: Event, contact: string, deps: EnrolDeps): Promise<void> {
  let hints: EnrolmentRef[] | undefined = [];
  while (hints) {
    hints = await insist(event, () => enterMore(event, contact, deps), deps);
    await giveHints(hints ?? [], deps);
  }
}

async function insist<T>({ id }: Event, work: () => Promise<T>, { clock }: EnrolDeps): Promise<T> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ConditionFailed || error instanceof Conflict)) throw error;
      // Somebody wrote in between: read again, decide again, after a pause that grows.
      await clock.sleep(20 * 2 ** attempt);
    }
  }
  throw new Conflict(`event ${id} met other writers ${ATTEMPTS} times`);
}

/** `unentered`: the contact, when the event has still to be held against some journeys. */
type Outcome = { readonly as: Recorded; readonly unentered?: string };

async function record(parsed: Parsed, deps: EnrolDeps): Promise<Outcome> {
  const { told } = parsed;
  const { table, clock } = deps;
  const identities = identitiesOf(surely(parsed.event));
  const [receipt, ...owners] = await table.batchGet([receiptKey(parsed.event.id), ...identities.map(identityKeyOf)]);
  const event = sinceErased(parsed.event, owners);
  if (receipt) {
    const contact = String(receipt['contact']);
    await repeatHints(contact, deps);
    await putEvents(deps.bus, putsOf(receipt));
    return { as: 'duplicate', ...(moreOf(receipt).length > 0 && { unentered: contact }) };
  }
  const reason = parkedFor(event, clock.now(), deps.retention);
  if (reason) {
    await table.write(park(event, reason, clock.now()));
    return { as: 'parked' };
  }
  const whoseEvent = await whose(event, owners, table);
  if (!whoseEvent) {
    deps.metrics.count('ErasedContact', 1);
    return { as: 'erased' };
  }
  const joined = await merge(event, whoseEvent, deps);
  if (joined) {
    await giveHints(joined, deps);
    return record(parsed, deps);
  }
  const { writes, hints, hasMore, happenings } = await decide({ event, told, ...whoseEvent, now: clock.now() }, deps);
  await store(writes, event, table);
  await giveHints(hints, deps);
  await putEvents(deps.bus, happenings);
  return { as: 'recorded', ...(hasMore && { unentered: whoseEvent.contact }) };
}

/** What the table can never hold would come again for ever. */
async function store(writes: readonly Write[], { id }: Event, table: Table): Promise<void> {
  try {
    await table.transact(writes);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new Unprocessable('unstorable', `event ${id}: ${error.message}`, { cause: error });
  }
}

/** Why an event is put aside for a person to look at, instead of being recorded. */
function parkedFor(event: Event, now: Instant, retention: Retention): ParkedReason | undefined {
  if ((event.hops ?? 0) > MOST_HOPS) return 'too-many-hops';
  // An older one may have been counted before its receipt expired. History says itself that it is old.
  const tooOld =
    retention.receiptDays !== undefined && !event.historic && event.at < plusMillis(now, -RECEIPT_DAYS * DAY);
  return tooOld ? 'too-old' : undefined;
}

async function repeatHints(contact: string, deps: EnrolDeps): Promise<void> {
  const profile = await loadProfile(deps.table, contact);
  if (!profile) return;
  await giveHints(
    Object.keys(profile.inside).map((name) => refOfName(profile.contact, name)),
    deps,
  );
}

async function giveHints(refs: readonly EnrolmentRef[], deps: EnrolDeps): Promise<void> {
  await Promise.all(refs.map((ref) => hint(ref, deps)));
}

import type { Call } from '#shared/call/call.ts';
import { touchedBetween } from '#shared/condition/needs.ts';
import { applied, changing } from '#shared/contact/change.ts';
import type { Profile } from '#shared/contact/profile.ts';
import { zoneOf } from '#shared/contact/zone.ts';
import { leaveDoor, leaveProfile, watchedUntil } from '#shared/enrolment/closing.ts';
import {
  type Enrolment,
  type LegInput,
  legInputSchema,
  type TurnOutput,
  wakesAt,
} from '#shared/enrolment/enrolment.ts';
import { refOf } from '#shared/enrolment/hints.ts';
import { isWornOut, legEnd, nextLegOf } from '#shared/enrolment/leg.ts';
import { nameOn } from '#shared/enrolment/names.ts';
import { runTurn } from '#shared/enrolment/run-turn.ts';
import type { ProfileChange, TurnResult } from '#shared/enrolment/turn.ts';
import { ConditionFailed, Conflict } from '#shared/errors.ts';
import type { Event } from '#shared/event/event.ts';
import { isWanted } from '#shared/event/happenings.ts';
import { factHappenings, profileHappenings } from '#shared/event/notice.ts';
import { SKEW } from '#shared/event/order.ts';
import { putEvents } from '#shared/event/put.ts';
import { ownOf } from '#shared/own-of.ts';
import type { Bus, Clock, Metrics, Queue } from '#shared/ports.ts';
import { journeyTouched, looksFor } from '#shared/segment/watching.ts';
import { queueCall } from '#shared/store/calls.ts';
import { giveCode } from '#shared/store/codes.ts';
import { loadDoors, loadEnrolment, putDoor, putTurn } from '#shared/store/enrolments.ts';
import { ContactFacts } from '#shared/store/facts.ts';
import { loadMessage, queueMessage } from '#shared/store/messages.ts';
import { loadProfile, partsOf, putProfile } from '#shared/store/profiles.ts';
import type { Published } from '#shared/store/published.ts';
import { passageScope } from '#shared/store/scope.ts';
import type { Table, Write } from '#shared/store/table.ts';
import { earlierOf, type Instant, laterOf, plusMillis } from '#shared/time/instant.ts';

export type AdvanceDeps = {
  readonly table: Table;
  readonly clock: Clock;
  readonly published: Published;
  readonly bus: Bus;
  readonly metrics: Metrics;
  /** What endpoints are to be told. */
  readonly calls: Queue;
  /** The outbox's hints, by lane. */
  readonly outbox: { readonly transactional: Queue; readonly marketing: Queue };
};

const ATTEMPTS = 8;

/**
 * One turn of a passage: reads what stands, decides, writes state and effects at once, and puts out what is to be sent.
 * A repeated turn puts out the same again and returns the same; it never decides from the state that it has left itself.
 * Throws Conflict when others were faster too often; the state machine tries again.
 */
export async function advance(input: unknown, deps: AdvanceDeps): Promise<TurnOutput> {
  const leg = legInputSchema.parse(input);
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const before = await loadEnrolment(deps.table, leg);
    if (before?.state !== 'inside' || before.leg !== leg.leg || before.turn > leg.turn)
      return repeat(leg, before, deps);
    try {
      // A leg that broke off may not have put out what its last turn wrote.
      if (before.next === 'start' && before.puts) await putEvents(deps.bus, before.puts);
      const { enrolment, messages, events, calls } = await take(before, leg, attempt, deps);
      await putOut(messages, events, calls, deps);
      return outputOf(leg, enrolment, deps.clock.now());
    } catch (error) {
      if (!(error instanceof ConditionFailed || error instanceof Conflict)) throw error;
      // Something was heard, or the profile changed, while this turn was being decided.
      await deps.clock.sleep(20 * 2 ** attempt);
    }
  }
  throw new Conflict(`turn ${leg.turn + 1} met other writers ${ATTEMPTS} times`);
}

/** What the turn has left already, put out and returned once more. A leg that is over learns in pause that it is. */
async function repeat(leg: LegInput, enrolment: Enrolment | undefined, deps: AdvanceDeps): Promise<TurnOutput> {
  if (enrolment && enrolment.leg === leg.leg) {
    const messages = await Promise.all(enrolment.out.map((id) => loadMessage(deps.table, enrolment.contact, id)));
    await putOut(
      messages.filter((message) => message !== undefined),
      enrolment.puts ?? [],
      (enrolment.calls ?? []).map((id) => ({ contact: enrolment.contact, id })),
      deps,
    );
  }
  return outputOf(leg, enrolment, deps.clock.now());
}

/** A passage that is over waits for nothing: its moment has come by any clock, so that pause gets its minute to say so. */
const outputOf = (leg: LegInput, enrolment: Enrolment | undefined, now: Instant): TurnOutput => ({
  ...refOf(leg),
  leg: leg.leg,
  turn: enrolment?.leg === leg.leg ? enrolment.turn : leg.turn,
  wakeAt: enrolment?.cursor ? earlierOf(wakesAt(enrolment) ?? now, legEnd(enrolment)) : plusMillis(now, -SKEW),
});

async function take(before: Enrolment, leg: LegInput, attempt: number, deps: AdvanceDeps): Promise<TurnResult> {
  const { table, published } = deps;
  const [journey, settings, segments, profile, { journeys }] = await Promise.all([
    published.version(before.journey, before.version),
    published.settings(),
    published.segments(),
    loadProfile(table, before.contact),
    published.catalogue(),
  ]);
  if (!profile) throw new Error(`contact ${before.contact} of passage ${before.id} has no profile`);
  const now = momentOf(leg, before, deps.clock.now());
  const zone = zoneOf(profile, settings);
  const paused = ownOf(journeys, before.journey)?.status === 'paused';
  const facts = new ContactFacts(table, partsOf(profile), { draw: `${before.id} ${before.turn} ${attempt}` });
  const changed = changing(profile, settings, now);
  const scope = (enrolment: Enrolment, changes: readonly ProfileChange[], since?: Instant) =>
    passageScope({ profile: changed(changes), settings, segments, facts, now }, enrolment, since);
  const result = await facts.settle(() => runTurn({ journey, enrolment: before, now, zone, scope, paused }));
  const { profile: left, keptOut } = applied(profile, result.changes, settings, now);
  const cause = { id: `${before.id}/${before.turn + 1}`, at: now, hops: before.trigger.hops ?? 0 };
  const events = [...result.events, ...(await noticed(result, profileHappenings(profile, left, cause), published))];
  const { token: _, attempt: __, puts: ___, calls: ____, ...rest } = result.enrolment;
  const turned: Enrolment = {
    ...rest,
    turn: before.turn + 1,
    turnSeq: before.seq,
    out: result.messages.map((message) => message.id),
    ...(events.length > 0 && { puts: events }),
    ...(result.calls.length > 0 && { calls: result.calls.map(({ id }) => id) }),
  };
  // Before Step Functions ends the execution. Who hints at the passage starts the next, or review within minutes.
  const enrolment = turned.state === 'inside' && isWornOut(turned, now) ? nextLegOf(turned, now) : turned;
  const until = watchedUntil(journey, enrolment, zone);
  const ended = enrolment.state === 'inside' ? [] : [journeyTouched(nameOn(profile, enrolment))];
  const touched = new Set([...(left === profile ? [] : touchedBetween(profile, left)), ...ended]);
  const profileAfter = enrolment.state === 'inside' ? left : leaveProfile(left, enrolment, until);
  const writes = [
    putTurn(enrolment, before, now, until),
    ...result.messages.map(queueMessage),
    ...result.calls.map(queueCall),
    ...result.codes.flatMap((code) => giveCode(code, { contact: profile.contact, journey: before.journey, at: now })),
    ...(await closingWrites(enrolment, { before: profile, changed: left, until }, deps)),
    ...(await looksFor(profileAfter, touched, {
      published,
      now,
      but: stays(profile, enrolment),
      hops: (before.trigger.hops ?? 0) + 1,
    })),
  ];
  await commit(table, writes);
  for (const pool of result.lacking) deps.metrics.count('PoolEmpty', 1, { pool });
  if (keptOut > 0) deps.metrics.count('TraitsKeptOut', keptOut);
  return { ...result, events, enrolment };
}

/** What the turn has changed on the contact and what it did not send, as far as somebody wants to know. Who withdraws consent says so itself. */
async function noticed(
  { messages }: TurnResult,
  onProfile: readonly Event[],
  published: Published,
): Promise<readonly Event[]> {
  const all = [...onProfile.filter(({ type }) => type !== 'unsubscribed'), ...messages.flatMap(factHappenings)];
  if (all.length === 0) return [];
  const wanted = await published.wanted();
  return all.filter((happening) => isWanted(wanted, happening));
}

/** A passage that goes on sees by itself what it changes; one that is over watches for its goal like any other. */
const stays = (profile: Profile, enrolment: Enrolment): string[] =>
  enrolment.state === 'inside' ? [nameOn(profile, enrolment)] : [];

/** A timer that fired a moment early by another clock has fired all the same; one of a leg that is renewed has not. */
function momentOf(leg: LegInput, enrolment: Enrolment, clock: Instant): Instant {
  const meant = wakesAt(enrolment);
  const early = leg.timedOut === true && meant !== undefined && meant <= plusMillis(clock, SKEW);
  return early ? laterOf(clock, meant) : clock;
}

type Ending = { readonly before: Profile; readonly changed: Profile; readonly until: Instant | undefined };

/** What a turn changes on the contact: update steps, and at the end of the passage its place on the profile and its door. */
async function closingWrites(enrolment: Enrolment, ending: Ending, deps: AdvanceDeps): Promise<Write[]> {
  const { before, changed } = ending;
  if (enrolment.state === 'inside')
    return changed === before ? [] : [putProfile({ ...changed, rev: before.rev + 1 }, before)];
  const [door] = await loadDoors(deps.table, partsOf(before), [enrolment]);
  const after = leaveDoor(door, enrolment);
  return [
    putProfile({ ...leaveProfile(changed, enrolment, ending.until), rev: before.rev + 1 }, before),
    ...putDoor(before.contact, enrolment.journey, enrolment.key, after, after.due ?? after.quiet?.until),
  ];
}

const commit = (table: Table, writes: readonly Write[]): Promise<unknown> => {
  const [first] = writes;
  return writes.length === 1 && first ? table.write(first) : table.transact(writes);
};

async function putOut(
  messages: TurnResult['messages'],
  events: TurnResult['events'],
  told: readonly Pick<Call, 'contact' | 'id'>[],
  { outbox, calls, bus }: AdvanceDeps,
): Promise<void> {
  await putEvents(bus, events);
  for (const lane of ['transactional', 'marketing'] as const) {
    const bodies = messages
      .filter((message) => message.state === 'queued' && message.lane === lane)
      .map(({ contact, id }) => ({ contact, message: id }));
    if (bodies.length > 0) await outbox[lane].send(bodies);
  }
  if (told.length > 0) await calls.send(told.map(({ contact, id }) => ({ contact, call: id })));
}

import { answerListener, type Call } from '#shared/call/call.ts';
import { applied, changing } from '#shared/contact/change.ts';
import { leaveDoor, leaveProfile, watchedUntil } from '#shared/enrolment/closing.ts';
import { type Enrolment, wakesAt } from '#shared/enrolment/enrolment.ts';
import { hearFact, isOwed } from '#shared/enrolment/hear.ts';
import { keptOf } from '#shared/enrolment/kept-data.ts';
import { hearing } from '#shared/enrolment/late.ts';
import { nameOf } from '#shared/enrolment/names.ts';
import { runTurn } from '#shared/enrolment/run-turn.ts';
import { hearState } from '#shared/enrolment/state.ts';
import type { TurnInput, TurnResult } from '#shared/enrolment/turn.ts';
import type { Event } from '#shared/event/event.ts';
import type { CompiledJourney } from '#shared/journey/compile.ts';
import type { Message, MessageFact } from '#shared/message/message.ts';
import { ownOf } from '#shared/own-of.ts';
import { withSent } from '#shared/sending/caps.ts';
import { capsOf } from '#shared/sending/gate.ts';
import { withheld } from '#shared/sending/permission.ts';
import { passageScope } from '#shared/store/scope.ts';
import type { Instant } from '#shared/time/instant.ts';
import { arrangeDates } from './calendar.ts';
import { noticeMessage, noticeProfile } from './notice.ts';
import { stepReason, UNEXPLAINED } from './reasons.ts';
import { contactOf, doorOf, type Play, setDoor, tellOf, zoneIn } from './world.ts';

/** How passages go on: what `advance`, `send` and `track` do with rows. */

/** More turns at one moment than any story has, so that a journey that never comes to rest is noticed. */
const TURNS_AT_ONCE = 10_000;

/** Runs every passage that is owed a turn, until none is. */
export function settle(play: Play, now: Instant): void {
  for (let turns = 0; turns < TURNS_AT_ONCE; turns += 1) {
    const next = insideOf(play).find((passage) => isDue(passage, now) || hearsState(play, passage, now));
    if (!next) return;
    advance(play, next, now);
  }
  throw new Error(`the passages of ${play.contact} took ${TURNS_AT_ONCE} turns at ${now}`);
}

const isDue = (passage: Enrolment, now: Instant): boolean =>
  passage.next === 'start' || isOwed(passage) || (wakesAt(passage) ?? now) <= now;

/** Something on the contact has become true that the passage asks about where it stands. */
function hearsState(play: Play, passage: Enrolment, now: Instant): boolean {
  const { profile, world } = play;
  const journey = world.journeys.get(passage.journey)?.journey;
  if (!profile || !journey || journey.asks.length === 0) return false;
  const scope = (since: Instant | undefined) => passageScope(contactOf(play, profile, now), passage, since);
  return hearState(journey, passage, scope).length > 0;
}

export const insideOf = ({ profile, memory }: Play): Enrolment[] =>
  Object.keys(profile?.inside ?? {}).flatMap((name) => memory.passagesByName.get(name) ?? []);

function advance(play: Play, before: Enrolment, now: Instant): void {
  const { profile, world } = play;
  const journey = world.journeys.get(before.journey)?.journey;
  if (!profile || !journey) throw new Error(`nobody plays ${before.journey} for ${play.contact}`);
  const zone = zoneIn(world, profile);
  const changed = changing(profile, world.settings, now);
  const scope: TurnInput['scope'] = (enrolment, changes, since) =>
    passageScope(contactOf(play, changed(changes), now), enrolment, since);
  const trace: TurnInput['trace'] =
    world.tell &&
    ((node, came, here) => {
      const reason = world.explains ? stepReason(node, came, here) : UNEXPLAINED;
      tellOf(play, now, before, { what: 'step', step: node.step, came, ...reason });
    });
  const result = runTurn({ journey, enrolment: before, now, zone, scope, arms: world.arms, trace });
  const after: Enrolment = { ...result.enrolment, turn: before.turn + 1, turnSeq: before.seq };
  play.memory.passagesByName.set(nameOf(after), after);
  keep(play, journey, { ...result, enrolment: after }, now);
  tellEnd(play, before, after, now);
  for (const message of result.messages) put(play, message, journey, now);
  for (const call of result.calls) makeCall(play, call, now);
}

/** What a turn leaves on the contact and on the bus. */
function keep(play: Play, journey: CompiledJourney, result: TurnResult, now: Instant): void {
  const { enrolment, changes, events, codes } = result;
  const { profile, world } = play;
  if (!profile) return;
  const changed = applied(profile, changes, world.settings, now).profile;
  if (changes.length > 0) tellOf(play, now, enrolment, { what: 'changed', changes });
  const until = watchedUntil(journey, enrolment, zoneIn(world, profile));
  play.profile = enrolment.state === 'inside' ? changed : leaveProfile(changed, enrolment, until);
  if (enrolment.state !== 'inside') setDoor(play, enrolment, leaveDoor(doorOf(play, enrolment), enrolment));
  if (changes.length > 0) arrangeDates(play, profile, now);
  const cause = { id: `${enrolment.id}/${enrolment.turn}`, at: now, hops: enrolment.trigger.hops ?? 0 };
  if (changes.length > 0) noticeProfile(play, profile, cause, 'unsubscribed');
  for (const code of codes) play.memory.codes.give(code);
  for (const event of events) {
    tellOf(play, now, enrolment, { what: 'emitted', type: event.type });
    play.bus.push(event);
  }
}

function tellEnd(play: Play, before: Enrolment, after: Enrolment, now: Instant): void {
  if (after.converted && !before.converted)
    tellOf(play, now, after, { what: 'converted', value: after.converted.value });
  if (after.state !== 'inside')
    tellOf(play, now, after, { what: 'ended', outcome: after.outcome ?? after.state, n: after.n });
}

/** The endpoint answers at once, as the story says it; one of which nothing is said takes everything. */
function makeCall(play: Play, call: Call, now: Instant): void {
  const said = ownOf(play.world.answers, call.endpoint) ?? {};
  const end = said === false ? { ok: false } : { ok: true, reply: keptOf(call.answer ? said : {}, { left: {} }) };
  play.memory.calls.set(call.id, { ...call, ...end, state: 'done', endedAt: now });
  tellOf(play, now, call, { what: 'called', call, ok: end.ok });
  const passage = play.memory.passagesByName.get(nameOf(call));
  if (!passage || !call.waits) return;
  const heard = hearing(passage, [answerListener(call.step)], { event: call.id, type: 'call', at: now });
  play.memory.passagesByName.set(nameOf(passage), heard);
}

/** One that may go is sent and arrives at once; the others are withheld, as at the moment of sending. */
function put(play: Play, message: Message, journey: CompiledJourney, now: Instant): void {
  play.memory.say(message);
  const isOver = message.state === 'done';
  const reason = isOver ? (message.reason ?? 'expired') : withheldBy(play, message, journey, now);
  if (reason === undefined) send(play, message, journey, now);
  else withhold(play, message, reason, now);
}

function withhold(play: Play, message: Message, reason: string, now: Instant): void {
  const over: Message = { ...message, state: 'done', reason, facts: { withheld: now } };
  play.memory.say(over);
  tellOf(play, now, message, { what: 'withheld', step: message.step, message: over, reason });
  // A step that passed it over has told its passage by going on.
  if (message.state === 'done') noticeMessage(play, over, ['withheld'], now);
  else hearOfMessage(play, over, ['withheld'], now);
}

function send(play: Play, message: Message, journey: CompiledJourney, now: Instant): void {
  const { profile, world, memory } = play;
  const { step, channel, topic } = message;
  const caps = capsOf({ journey, topic }, world.settings);
  const counted = { at: now, channel, topic, journey: journey.id };
  if (caps.length > 0 && profile) memory.count(withSent(memory.counted(), counted, caps, zoneIn(world, profile)));
  const sent: Message = { ...message, state: 'done', facts: { sent: now, delivered: now } };
  memory.say(sent);
  tellOf(play, now, message, { what: 'sent', step, message: sent });
  hearOfMessage(play, message, ['sent', 'delivered'], now);
}

function withheldBy(play: Play, message: Message, journey: CompiledJourney, now: Instant): string | undefined {
  const { profile, world } = play;
  const enrolment = play.memory.passagesByName.get(nameOf(message));
  if (!profile || !enrolment) return 'left';
  return withheld({
    ...contactOf(play, profile, now),
    message,
    enrolment,
    journey,
    status: world.journeys.get(journey.id)?.status,
    suppressed: false,
    alsoAsked: undefined,
    zone: zoneIn(world, profile),
  });
}

/** What becomes of a message: of a click perhaps on which link. */
export type Said = { readonly fact: MessageFact; readonly link?: string | undefined };

/** What has become of the newest message of a step, as the provider or the contact says it; false when there is none. */
export function tellFact(play: Play, journey: string, step: string, { fact, link }: Said, now: Instant): boolean {
  const message = play.memory.messages({ journey }).find((one) => one.step === step && one.facts.sent !== undefined);
  if (!message) return false;
  const { delivered, ...others } = message.facts;
  // One that comes back has not arrived after all.
  const facts = { ...(fact === 'bounced' ? others : message.facts), [fact]: message.facts[fact] ?? now };
  const links = link === undefined ? message.links : [...new Set([...(message.links ?? []), link])];
  play.memory.say({ ...message, facts, ...(links && { links }) });
  play.world.tell?.({ at: now, what: 'fact', journey, step, fact });
  hearOfMessage(play, message, [fact], now, link);
  const said = withdrawal(message, fact, now);
  if (said) play.bus.push(said);
  return true;
}

function hearOfMessage(play: Play, message: Message, facts: readonly MessageFact[], now: Instant, link?: string): void {
  noticeMessage(play, message, facts, now, link);
  const passage = play.memory.passagesByName.get(nameOf(message));
  const journey = play.world.journeys.get(message.journey)?.journey;
  if (!passage || !journey) return;
  let heard = passage;
  for (const fact of facts) {
    const listeners = hearFact(journey, message.step, fact);
    const said = { event: message.id, type: `message.${fact}`, at: now };
    if (listeners.length > 0) heard = hearing(heard, listeners, said);
  }
  if (heard !== passage) play.memory.passagesByName.set(nameOf(passage), heard);
}

/** Who unsubscribes, or reports a mail as spam, withdraws consent with it. */
function withdrawal(message: Message, fact: MessageFact, now: Instant): Event | undefined {
  if (fact !== 'unsubscribed' && fact !== 'complained') return undefined;
  const { id, channel, contact, lane } = message;
  const topic = fact === 'complained' || lane === 'transactional' ? 'marketing' : message.topic;
  return {
    id: `${fact}:${id}`,
    type: fact === 'complained' ? 'message.complained' : 'unsubscribed',
    at: now,
    source: 'tropa',
    contact,
    identities: {},
    consents: [{ channel, topic, state: 'denied', at: now, source: fact, wording: fact }],
    data: { journey: message.journey, step: message.step, topic: message.topic },
  };
}

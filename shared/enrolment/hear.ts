import { consentOn } from '#shared/condition/consent.ts';
import { evaluate } from '#shared/condition/evaluate.ts';
import { fieldsOf } from '#shared/condition/lookup.ts';
import { toldBy } from '#shared/condition/messages.ts';
import { type Scope, scopeWith } from '#shared/condition/scope.ts';
import type { Profile } from '#shared/contact/profile.ts';
import type { Event, StoredEvent } from '#shared/event/event.ts';
import { isSince } from '#shared/event/order.ts';
import { isOwnType, JOURNEY_LEFT } from '#shared/event/own.ts';
import { SOURCE } from '#shared/event/put.ts';
import { type CompiledJourney, GOAL, TOLD_TO_LEAVE, UNSUBSCRIBED } from '#shared/journey/compile.ts';
import type { Listener } from '#shared/journey/listeners.ts';
import type { MessageFact } from '#shared/message/message.ts';
import { kindOfTopic, type Settings } from '#shared/settings/settings.ts';
import { isFresh } from './decide.ts';
import type { Enrolment } from './enrolment.ts';
import { nameOf } from './names.ts';

/**
 * The listeners of a passage that hear this event, which arrives now. The goal and the exits hear what happened since the
 * trigger (never the trigger itself), however late it comes; a waitFor hears whatever arrives within a day, and forgets
 * on entering it what came before.
 */
export function hear(
  event: Event,
  enrolment: Enrolment,
  journey: CompiledJourney,
  scope: Scope,
  settings: Settings,
): string[] {
  if (event.id === enrolment.trigger.event) return [];
  const inTime = isSince({ ...event, arrived: scope.now }, enrolment.trigger);
  const fresh = isFresh(event, scope.now);
  const heard = journey.listeners
    .filter((listener) => (listener.owner.startsWith('!') ? inTime : fresh))
    .filter((listener) => hearsEvent(listener, event, scope))
    .map((listener) => listener.id);
  return [
    ...heard,
    ...(withdraws(event, journey, settings, scope.profile) ? [UNSUBSCRIBED] : []),
    ...(sendsAway(event, enrolment) ? [TOLD_TO_LEAVE] : []),
  ];
}

/** Whether a step of another passage makes this one leave. */
function sendsAway({ type, source, data }: Event, enrolment: Enrolment): boolean {
  if (type !== JOURNEY_LEFT || source !== SOURCE) return false;
  const { journeys, by } = data;
  return Array.isArray(journeys) && journeys.includes(enrolment.journey) && by !== nameOf(enrolment);
}

/** Whether a listener listens for such an event. */
export function hearsEvent(
  listener: Listener,
  event: Pick<StoredEvent, 'id' | 'type' | 'at' | 'data'>,
  scope: Scope,
): boolean {
  if (!('types' in listener)) return false;
  if (listener.types === 'any' && isOwnType(event.type)) return false;
  if (listener.types !== 'any' && !listener.types.includes(event.type)) return false;
  return listener.where === undefined || evaluate(listener.where, scopeWith(scope, { data: fieldsOf(event) }));
}

/**
 * Whether the contact withdraws here what the journey stands on: `profile`, which has folded the event, allows none of
 * the channels that the journey writes on any more. A journey with a transactional topic stands on nothing.
 */
export function withdraws(event: Event, journey: CompiledJourney, settings: Settings, profile: Profile): boolean {
  const { topic } = journey;
  const denied = (event.consents ?? []).filter((c) => c.state === 'denied' && [topic, 'marketing'].includes(c.topic));
  if (denied.length === 0 || kindOfTopic(settings, topic) !== 'marketing') return false;
  const written = journey.channels.map((channel) => channel ?? settings.channels.default);
  const concerned = written.length > 0 ? written : denied.map(({ channel }) => channel);
  return concerned.every((channel) => consentOn(profile, settings, channel, topic) === 'denied');
}

/** After these nothing more will come of a message: whoever waits for it need not wait on. */
const LAST_WORDS: readonly MessageFact[] = ['withheld', 'unknown', 'failed', 'bounced'];

/** The listeners of a passage that a new fact of one of its messages concerns. */
export const hearFact = (journey: CompiledJourney, step: string, fact: MessageFact): string[] =>
  journey.listeners
    .filter((l) => 'step' in l && l.step === step)
    .filter(
      (l) =>
        'statuses' in l && (LAST_WORDS.includes(fact) || l.statuses.some((status) => toldBy(status).includes(fact))),
    )
    .map((l) => l.id);

/** Whether this listener can wake the passage where it stands now. */
const isActive = (id: string, enrolment: Enrolment): boolean =>
  id === UNSUBSCRIBED || id.startsWith('!') || id.startsWith(`${enrolment.cursor?.step ?? GOAL}/`);

/**
 * Whether a pause is owed a wake: something was heard since the last turn, by a listener that is active where the
 * passage stands. The turn then judges the whole condition; if it is not true yet the passage pauses again.
 */
export const isOwed = (enrolment: Enrolment): boolean =>
  enrolment.seq > enrolment.turnSeq && Object.keys(enrolment.heard).some((id) => isActive(id, enrolment));

import { consentOn } from '#shared/condition/consent.ts';
import { evaluate } from '#shared/condition/evaluate.ts';
import type { PassageFacts, Scope } from '#shared/condition/scope.ts';
import { pausedUntil } from '#shared/contact/break.ts';
import type { Profile } from '#shared/contact/profile.ts';
import type { Enrolment } from '#shared/enrolment/enrolment.ts';
import { countGoal, exitOf } from '#shared/enrolment/wake.ts';
import type { CompiledJourney } from '#shared/journey/compile.ts';
import type { JourneyStatus } from '#shared/journey/journey.ts';
import type { Message } from '#shared/message/message.ts';
import type { Settings } from '#shared/settings/settings.ts';
import { passageScope } from '#shared/store/scope.ts';
import type { Instant } from '#shared/time/instant.ts';
import { addressOf } from './address.ts';

/** Why a message is not sent, as the report shows it. */
export type Withheld =
  | 'goal-reached'
  | 'left'
  | 'archived'
  | 'no-address'
  | 'no-consent'
  | 'paused-by-contact'
  | 'suppressed'
  | 'kept-out';

export type SendQuestion = {
  readonly message: Message;
  readonly enrolment: Enrolment;
  readonly journey: CompiledJourney;
  readonly status: JourneyStatus | undefined;
  readonly profile: Profile;
  readonly suppressed: boolean;
  /** Who else has this address: two customers of one shop may share it, and each may say no for both. */
  readonly alsoAsked: Profile | undefined;
  readonly settings: Settings;
  readonly segments: Scope['segments'];
  readonly facts: PassageFacts;
  readonly now: Instant;
  readonly zone: string;
};

/**
 * Whether a message may go at this moment; undefined when it may. What was true when its step ran need not be true any
 * more: the contact may have bought, left or withdrawn consent since.
 */
export function withheld(question: SendQuestion): Withheld | undefined {
  const { message, profile, status, suppressed } = question;
  if (status === 'archived') return 'archived';
  const gone = goneReason(question);
  if (gone) return gone;
  if (addressOf(question.enrolment, profile) === undefined) return 'no-address';
  if (suppressed) return 'suppressed';
  if (message.lane === 'transactional') return undefined;
  const saidBy = (who: Profile) => consentOn(who, question.settings, message.channel, message.topic);
  if (saidBy(profile) !== 'granted') return 'no-consent';
  if (question.alsoAsked && saidBy(question.alsoAsked) === 'denied') return 'no-consent';
  const pausedBy = (who: Profile | undefined) => who && pausedUntil(who, question.now) !== undefined;
  if (pausedBy(profile) || pausedBy(question.alsoAsked)) return 'paused-by-contact';
  return keptOut(question) ? 'kept-out' : undefined;
}

/** The passage has reached its goal or left, or has heard what will make it: its next turn just has not come yet. */
function goneReason(question: SendQuestion): Withheld | undefined {
  const { message, enrolment, journey, ...asked } = question;
  const { profile, settings, segments, facts, now, zone } = asked;
  // Who has bought again still wants the confirmation of the first order: a goal ends persuasion, not service.
  const leavesByGoal = message.lane === 'marketing' && journey.definition.goal?.leave !== false;
  if (enrolment.state === 'converted') return leavesByGoal ? 'goal-reached' : undefined;
  if (enrolment.state === 'exited') return 'left';
  if (enrolment.state !== 'inside') return leftSince(question) ? 'left' : undefined;
  const contact = { profile, settings, segments, facts, now };
  const input = {
    journey,
    enrolment,
    now,
    zone,
    scope: (e: Enrolment, _: unknown, since?: Instant) => passageScope(contact, e, since),
  };
  if (leavesByGoal && countGoal(input, enrolment, []).converted) return 'goal-reached';
  return exitOf(input, enrolment, []) === undefined ? undefined : 'left';
}

/**
 * Whether an exit has come true for a passage that is over. Nobody tells it of events any more (its goal is watched, see
 * closing.ts), so what has happened since it began is asked for: without listeners, a condition looks at the events.
 */
function leftSince({ enrolment, journey, ...contact }: SendQuestion): boolean {
  const { exits } = journey.definition;
  return exits?.some((exit) => evaluate(exit.if, passageScope(contact, enrolment, enrolment.entered))) ?? false;
}

/** The shop keeps some people out of all marketing, its staff for example. */
function keptOut({ profile, settings, segments, facts, now, journey }: SendQuestion): boolean {
  return (
    settings.suppress !== undefined &&
    evaluate(settings.suppress, { now, settings, segments, profile, file: journey.id, facts })
  );
}

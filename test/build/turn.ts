import type { Call } from '#shared/call/call.ts';
import type { Fields, Scope } from '#shared/condition/scope.ts';
import { applied } from '#shared/contact/change.ts';
import type { Profile } from '#shared/contact/profile.ts';
import type { FreeCode, HeldCode } from '#shared/coupon/coupon.ts';
import type { Enrolment } from '#shared/enrolment/enrolment.ts';
import { runTurn } from '#shared/enrolment/run-turn.ts';
import type { TurnInput, TurnResult } from '#shared/enrolment/turn.ts';
import type { StoredEvent } from '#shared/event/event.ts';
import type { CompiledJourney } from '#shared/journey/compile.ts';
import type { Message } from '#shared/message/message.ts';
import { type Counted, NOTHING_SENT } from '#shared/sending/caps.ts';
import type { Settings } from '#shared/settings/settings.ts';
import type { Instant } from '#shared/time/instant.ts';
import { KnownFacts } from '#test/shared/condition/build.ts';
import { enrolment } from './enrolment.ts';
import { profile } from './profile.ts';
import { settings } from './settings.ts';

export const NOW = '2026-03-02T09:00:00.000Z';

export type Situation = {
  readonly now?: Instant;
  readonly zone?: string;
  readonly profile?: Partial<Profile>;
  readonly settings?: Settings;
  readonly events?: StoredEvent[];
  /** Data of the event that started the passage. */
  readonly trigger?: Fields;
  /** Newest message of each step that has said something. */
  readonly counted?: Counted;
  readonly held?: Record<string, HeldCode>;
  readonly free?: Record<string, FreeCode>;
  readonly own?: Readonly<Record<string, Message>>;
  readonly calls?: Record<string, Call>;
};

/** Everything that a turn may look at, of a contact of whom nothing is known unless the test says it. */
export function turnInput(journey: CompiledJourney, passage: Partial<Enrolment>, given: Situation = {}): TurnInput {
  const { now = NOW, zone = 'Europe/Warsaw', settings: shop = settings(), events = [], trigger = {}, own = {} } = given;
  const { counted = NOTHING_SENT, held = {}, free = {}, calls = {} } = given;
  const before = profile(given.profile);
  const scope = (one: Enrolment, changes: Parameters<TurnInput['scope']>[1], since?: Instant): Scope => ({
    now,
    settings: shop,
    segments: {},
    profile: applied(before, changes, shop, now).profile,
    file: journey.id,
    entry: one.entered,
    ...(since !== undefined && { since }),
    trigger: { ...trigger, id: one.trigger.event, type: one.trigger.type, at: one.trigger.at },
    steps: one.left,
    heard: one.heard,
    own,
    facts: new KnownFacts({ events, counted, held, free, calls }),
  });
  return { journey, enrolment: enrolment(passage), now, zone, scope };
}

export const turn = (journey: CompiledJourney, passage: Partial<Enrolment> = {}, given: Situation = {}): TurnResult =>
  runTurn(turnInput(journey, passage, given));

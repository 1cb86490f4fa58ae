import type { Window } from '#shared/condition/condition.ts';
import { evaluate } from '#shared/condition/evaluate.ts';
import type { Scope } from '#shared/condition/scope.ts';
import type { Channel } from '#shared/event/event.ts';
import type { CompiledJourney } from '#shared/journey/compile.ts';
import { kindOfTopic, type Settings } from '#shared/settings/settings.ts';
import { type Instant, laterOf, plusMillis } from '#shared/time/instant.ts';
import { closesAt, nextOpen } from '#shared/time/window.ts';
import { bestMoment, habitsOf } from './best-hour.ts';
import { allowedBy, type Counted, NOTHING_SENT, type Scoped } from './caps.ts';
import type { Hold } from './hold.ts';

/** When a message may go: the step's own window, quiet times and caps. Consent and suppression are not asked here. */

export type Gated = {
  readonly journey: Pick<CompiledJourney, 'id' | 'definition'>;
  readonly channel: Channel;
  readonly topic: string;
  readonly when?: Window | undefined;
  /** At the contact's best hour until then. */
  readonly bestUntil?: Instant | undefined;
};

export type GateScope = {
  /** Of this moment, for the conditions of caps. */
  readonly scope: Scope;
  /** What has gone already; asked for only where a cap bears on the message. */
  readonly counted: () => Counted;
  readonly zone: string;
};

/** More turns than windows and caps can pass the ball to each other before they agree. */
const ROUNDS = 100;

/** Caps that may bear on a message: the shop's, and the journey's about its own. Service is not capped. */
export function capsOf({ journey, topic }: Pick<Gated, 'journey' | 'topic'>, settings: Settings): Scoped[] {
  if (kindOfTopic(settings, topic) !== 'marketing') return [];
  return [
    ...settings.caps.map((cap) => ({ cap })),
    ...(journey.definition.caps ?? []).map((cap) => ({ cap, journey: journey.id })),
  ];
}

/** The end of the quiet time that is on at that moment; undefined when none is. Service knows no quiet time. */
function quietUntil({ journey, channel, topic }: Gated, at: Instant, { scope, zone }: GateScope): Instant | undefined {
  if (kindOfTopic(scope.settings, topic) !== 'marketing') return undefined;
  const shopZone = scope.settings.shop.timeZone;
  return [...scope.settings.quiet, ...(journey.definition.quiet ?? [])]
    .filter(({ channels }) => channels === undefined || channels.includes(channel))
    .flatMap((window) => closesAt(window, at, zone, shopZone) ?? [])
    .reduce<Instant | undefined>((latest, end) => (latest === undefined ? end : laterOf(latest, end)), undefined);
}

/** When the step's own window is open, or the contact's best hour has come; undefined when it never is. */
function openingOf({ when, bestUntil, ...gated }: Gated, at: Instant, asked: GateScope): Instant | undefined {
  if (bestUntil !== undefined) return bestFor(gated, bestUntil, at, asked);
  return when === undefined ? at : nextOpen(when, at, asked.zone, asked.scope.settings.shop.timeZone);
}

/** The best hour is looked for in the day that begins then. */
export const bestBy = (began: Instant): Instant => plusMillis(began, 24 * 3_600_000);

/** The contact's best moment from one on, outside the quiet times of such a message. */
export function bestFor(gated: Gated, until: Instant, from: Instant, asked: GateScope): Instant {
  const { scope, zone } = asked;
  const isQuiet = (at: Instant): boolean => quietUntil(gated, at, asked) !== undefined;
  return bestMoment(habitsOf(scope.profile, zone, scope.settings), { until, isQuiet }, from);
}

/**
 * The first moment from `scope.now` on at which the message may go, and what held it back until then: undefined when
 * nothing did. `at` is undefined when it never may, as far as can be seen now.
 */
export function mayGoAt(gated: Gated, asked: GateScope): { at: Instant | undefined; hold?: Hold } {
  const { scope, counted, zone } = asked;
  const caps = capsOf(gated, scope.settings).filter(({ cap }) => cap.if === undefined || evaluate(cap.if, scope));
  const known = caps.length > 0 ? counted() : NOTHING_SENT;
  const message = { channel: gated.channel, topic: gated.topic, journey: gated.journey.id };
  let at: Instant = scope.now;
  let hold: Hold | undefined;
  for (let round = 0; round < ROUNDS; round += 1) {
    const quiet = quietUntil(gated, at, asked);
    const open = openingOf(gated, at, asked);
    const allowed = caps.map((cap) => allowedBy(cap, message, known, at, zone));
    if (open === undefined) return { at: undefined, hold: 'window' };
    if (allowed.includes(undefined)) return { at: undefined, hold: 'cap' };
    const free = allowed.reduce<Instant>((latest, one) => laterOf(latest, one ?? latest), at);
    const next = laterOf(laterOf(quiet ?? at, open), free);
    if (next === at) return { at, ...(hold && { hold }) };
    hold ??= quiet !== undefined ? 'quiet' : open > at ? 'window' : 'cap';
    at = next;
  }
  return { at: undefined, hold: hold ?? 'window' };
}

import { ownOf } from '#shared/own-of.ts';
import type { Json } from '#shared/store/table.ts';
import { type Instant, plusMillis } from '#shared/time/instant.ts';
import { dayNumber, dayOf, localDate, localInstant, readTime } from '#shared/time/local.ts';
import { nextDay } from '#shared/time/moment.ts';
import { ago, ahead, arrival, type Moving, movingOf, NOW } from '#shared/time/moving.ts';
import type { InstantExpression, Ops } from './condition.ts';
import type { LeafOf } from './judge.ts';
import { standpoint } from './lookup.ts';
import { deliveredAt, SETTLED, sentAt } from './messages.ts';
import type { Scope } from './scope.ts';
import { elementsOf } from './values.ts';

/** When what moves with now passes what stands still: the moments at which one leaf may be answered otherwise. */

/** Beyond it nothing is reckoned: calendars end in the year 9999. */
const FAR = '9990';

/** The first of some moments that is there at all. */
export const soonest = (moments: Iterable<Instant | undefined>): Instant | undefined => {
  let first: Instant | undefined;
  for (const moment of moments) if (moment !== undefined && (first === undefined || moment < first)) first = moment;
  return first;
};

/** When a moving moment passes the next of these. */
function passing(moving: Moving, marks: Iterable<Instant>, now: Instant): Instant | undefined {
  const here = moving.at(now);
  const next = soonest([...marks].filter((mark) => mark > here));
  return next === undefined || next > FAR ? undefined : arrival(moving, next);
}

/** It is reached, and it is passed. */
const around = (at: Instant): Instant[] => [at, plusMillis(at, 1)];

const tomorrowOf = (day: string): string => dayOf(dayNumber(day) + 1);
const daysAround = (day: string, zone: string): Instant[] =>
  [day, tomorrowOf(day)].flatMap((one) => around(localInstant(one, zone)));

export type Span = { readonly within?: string | undefined; readonly since?: InstantExpression | undefined };

/** The next of these times that falls out of a span. */
export function leaving({ within, since }: Span, times: readonly Instant[], scope: Scope): Instant | undefined {
  const from = standpoint(scope);
  const moving = [within === undefined ? undefined : ago(within, from.zone), movingOf(since, from)];
  const marks = times.flatMap(around);
  return soonest(moving.map((one) => one && passing(one, marks, scope.now)));
}

/** The next moment at which operators may say something else of a value. */
export function opsMoment(value: Json | undefined, ops: Ops, scope: Scope): Instant | undefined {
  const from = standpoint(scope);
  const { within, next, every } = ops;
  const moving = [
    ...[ops.before, ops.after].flatMap((said) => movingOf(said, from) ?? []),
    ...(within === undefined ? [] : [ago(within, from.zone), NOW]),
    ...(next === undefined ? [] : [ahead(next, from.zone), NOW]),
    ...(every === undefined ? [] : [NOW]),
  ];
  return soonest(
    elementsOf(value).flatMap((one) =>
      typeof one === 'string'
        ? moving.map((m) => passing(m, marksOf(one, every, m.at(scope.now), from.zone), scope.now))
        : [],
    ),
  );
}

/** The time that a value says, with its day; of one that comes again its next two times from a moment on. */
function marksOf(value: string, every: Ops['every'], here: Instant, zone: string): Instant[] {
  if (every === undefined) {
    const time = readTime(value, zone);
    return time ? [...around(time.at), ...daysAround(localDate(time.at, zone), zone)] : [];
  }
  const one = nextDay(value, every, localDate(here, zone), zone);
  const two = one === undefined ? undefined : nextDay(value, every, tomorrowOf(one), zone);
  return [one, two].flatMap((day) => (day === undefined ? [] : daysAround(day, zone)));
}

/** The next moment at which messages fall out of a span, or come to be among those that have been out long enough. */
export function messageMoment(leaf: LeafOf<'message'>, own: string | undefined, scope: Scope): Instant | undefined {
  const message = own === undefined ? undefined : ownOf(scope.own, own);
  const all = own === undefined ? scope.facts.messages({}) : message ? [message] : [];
  const times = all.flatMap((one) => [sentAt(one), plusMillis(one.queuedAt, SETTLED)]);
  const settled =
    leaf.among === undefined
      ? undefined
      : passing(
          ago('P2D', standpoint(scope).zone),
          all.flatMap((one) => around(deliveredAt(one))),
          scope.now,
        );
  return soonest([leaving(leaf, times, scope), settled]);
}

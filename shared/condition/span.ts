import type { Timed } from '#shared/event/order.ts';
import { subtractDuration } from '#shared/time/duration.ts';
import { resolveInstant } from '#shared/time/expression.ts';
import { type Instant, laterOf, plusMillis } from '#shared/time/instant.ts';
import type { InstantExpression } from './condition.ts';
import { standpoint } from './lookup.ts';
import type { Scope } from './scope.ts';

type Asked = { readonly since?: InstantExpression | undefined; readonly within?: string | undefined };

/**
 * From when something counts, both ends included. There is no upper end: an event may lie up to five minutes ahead of
 * the clock, and has happened all the same.
 */
export type Span = {
  /** Without it the whole history counts. */
  readonly start?: Instant | undefined;
  /** Whether it is reckoned from the passage itself, whose own trigger does not count then. */
  readonly fromPassage: boolean;
  /** The trigger, where the span begins with it and what came after it may say that it was before: clocks differ. */
  readonly doubtful?: Timed | undefined;
};

const isOfPassage = (since: InstantExpression): boolean =>
  typeof since === 'string' ? since === 'entry' : 'trigger' in since;

function ofPassage(start: Instant | undefined, { cause, now }: Scope): Omit<Span, 'start'> {
  // Nothing has arrived after a trigger that arrives now.
  const isDoubtful = start !== undefined && start === cause?.at && cause.arrived !== undefined && cause.arrived < now;
  return { fromPassage: start !== undefined, ...(isDoubtful && { doubtful: cause }) };
}

/** The span of a leaf, `otherwise` when it names none. Undefined when its `since` stands for no moment. */
export function spanOf({ since, within }: Asked, scope: Scope, otherwise: Instant | undefined): Span | undefined {
  if (since === undefined && within === undefined) return { start: otherwise, ...ofPassage(otherwise, scope) };
  const from = standpoint(scope);
  const start = since === undefined ? undefined : resolveInstant(since, from);
  if (since !== undefined && start === undefined) return undefined;
  const fromPassage = since !== undefined && isOfPassage(since);
  if (within === undefined) return { start, ...(fromPassage ? ofPassage(start, scope) : { fromPassage }) };
  // The window is half open at its beginning, and an instant has whole milliseconds.
  const reach = plusMillis(subtractDuration(scope.now, within, from.zone), 1);
  return { start: start === undefined ? reach : laterOf(start, reach), fromPassage };
}

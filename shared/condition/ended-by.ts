import type { Heard } from '#shared/enrolment/enrolment.ts';
import { ownOf } from '#shared/own-of.ts';
import type { Json } from '#shared/store/table.ts';
import type { Instant } from '#shared/time/instant.ts';
import type { Condition } from './condition.ts';
import { evaluate } from './evaluate.ts';
import { matchingEvents } from './events.ts';
import { asks, type LeafOf } from './judge.ts';
import { isLink, ownStepOf } from './messages.ts';
import type { Fields, Scope } from './scope.ts';

/** What made a condition true, and what it says of itself. */
export type Ending = { readonly at: Instant; readonly data: Fields };

/**
 * The event or message that made a condition true that holds now: of several that had to, the last; of several that would
 * do, the first. Undefined where it was nothing that has data.
 */
export function endedBy(condition: Condition, scope: Scope): Ending | undefined {
  if (!evaluate(condition, scope)) return undefined;
  if ('all' in condition) return outermost(condition.all, scope, (a, b) => a.at >= b.at);
  if ('any' in condition) return outermost(condition.any, scope, (a, b) => a.at <= b.at);
  if (asks('event', condition)) return ofEvent(condition, scope);
  return asks('message', condition) ? ofMessage(condition, scope) : undefined;
}

function outermost(
  parts: readonly Condition[],
  scope: Scope,
  goesBefore: (a: Ending, b: Ending) => boolean,
): Ending | undefined {
  const found = parts.flatMap((part) => endedBy(part, scope) ?? []);
  return found.reduce<Ending | undefined>((a, b) => (a && goesBefore(a, b) ? a : b), undefined);
}

/** What was heard first; of an amount or a span, the newest. */
function ofEvent(leaf: LeafOf<'event'>, scope: Scope): Ending | undefined {
  const heard = leaf.listener === undefined ? undefined : ownOf(scope.heard, leaf.listener);
  const event = heard && (heard.n === 1 || isPlain(leaf)) ? firstHeard(heard, scope) : newestOf(leaf, scope);
  return event && { at: event.at, data: event.data };
}

const firstHeard = ({ type, at, event }: Heard, { facts }: Scope) =>
  facts.events({ types: [type], since: at }).find(({ id }) => id === event);

const newestOf = (leaf: LeafOf<'event'>, scope: Scope) => matchingEvents(leaf, scope, evaluate)[0];

const PLAIN = ['event', 'where', 'listener', 'note'];
const isPlain = (leaf: LeafOf<'event'>): boolean => Object.keys(leaf).every((key) => PLAIN.includes(key));

function ofMessage(leaf: LeafOf<'message'>, { own }: Scope): Ending | undefined {
  const step = ownStepOf(leaf);
  const message = step === undefined ? undefined : ownOf(own, step);
  if (!message) return undefined;
  const asked = leaf.link;
  const link = message.links?.find((clicked) => asked === undefined || isLink(clicked, asked));
  const times = [leaf.is ?? 'sent'].flat().flatMap((status) => message.facts[status] ?? []);
  const data: Record<string, Json> = { channel: message.channel, ...(link !== undefined && { link }) };
  return { at: times[0] ?? message.queuedAt, data };
}

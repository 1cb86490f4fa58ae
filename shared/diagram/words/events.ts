import { aggregateOf } from '#shared/condition/aggregate.ts';
import type { Aggregate, EventLeaf, InstantExpression, Ops } from '#shared/condition/condition.ts';
import { type Count, countsIn, sayCounts, whether } from './counts.ts';
import { type Clause, notSo, sayOps } from './operators.ts';
import { sayInstant, sayStretch } from './times.ts';
import { counted, listed, oneOrMore } from './values.ts';

/** Conditions on events: "purchase happened at least 3 times in the last 90 days". */

type Span = { readonly since?: InstantExpression | undefined; readonly within?: string | undefined };

/** " since their entry in the last 7 days"; nothing where no span is written. */
export function saySpan({ since, within }: Span): string {
  const from = since === undefined ? '' : ` since ${sayInstant(since)}`;
  return `${from}${within === undefined ? '' : ` in the last ${sayStretch(within)}`}`;
}

export const sayEvents = (event: string | readonly string[]): string =>
  event === 'any' ? 'any event' : listed(oneOrMore(event), 'or');

/** What has to be said of them if none happened. */
function sayNone(event: string | readonly string[], asked: string, span: string): string {
  if (event === 'any') return `no event${asked} happened${span}`;
  const types = oneOrMore(event);
  if (types.length === 1) return `${types.join()}${asked} did not happen${span}`;
  return `neither ${listed(types, 'nor')}${asked} happened${span}`;
}

const AGGREGATES: { readonly [A in Aggregate]: (path: string, events: string) => string } = {
  sum: (path, events) => `the sum of ${path} over ${events}`,
  avg: (path, events) => `the average ${path} of ${events}`,
  min: (path, events) => `the ${path === 'at' ? 'earliest' : `smallest ${path} of`} ${events}`,
  max: (path, events) => `the ${path === 'at' ? 'latest' : `greatest ${path} of`} ${events}`,
  first: (path, events) => `the ${path === 'at' ? 'first' : `${path} of the first`} ${events}`,
  last: (path, events) => `the ${path === 'at' ? 'last' : `${path} of the last`} ${events}`,
  distinct: (path, events) => `the number of different ${path} over ${events}`,
};

function sayHappening(events: string, none: string, counts: readonly Count[], span: string): Clause {
  const yes = `${events} happened${span}`;
  const asked = whether(counts);
  if (asked !== undefined) return asked ? { yes, no: none } : { yes: none, no: yes };
  const often = sayCounts(counts, (n) => counted(n, 'time'));
  return { yes: `${events} happened ${often.yes}${span}`, no: `${events} happened ${often.no}${span}` };
}

/** What of a leaf applies to the count or the aggregate: `within` is always the span. */
function opsOf({
  is,
  isNot,
  gt,
  gte,
  lt,
  lte,
  contains,
  startsWith,
  endsWith,
  before,
  after,
  next,
  every,
  exists,
}: Ops) {
  const ops = { is, isNot, gt, gte, lt, lte, contains, startsWith, endsWith, before, after, next, every, exists };
  return ops satisfies { [O in Exclude<keyof Ops, 'within'>]-?: unknown };
}

/** `where` is what is asked of each event, in words. */
export function sayEventLeaf(leaf: EventLeaf, where: string | undefined): Clause {
  const which = where === undefined ? '' : ` (${where})`;
  const events = `${sayEvents(leaf.event)}${which}`;
  const span = saySpan(leaf);
  const ops = opsOf(leaf);
  const asked = aggregateOf(leaf);
  if (asked) return sayOps(`${AGGREGATES[asked.aggregate](asked.path, events)}${span}`, ops);
  const counts = countsIn(ops);
  if (counts) return sayHappening(events, sayNone(leaf.event, which, span), counts, span);
  const { yes } = sayOps(`the number of ${events}${span}`, ops);
  return { yes, no: notSo(yes) };
}

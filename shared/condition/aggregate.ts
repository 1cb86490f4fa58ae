import type { StoredEvent } from '#shared/event/event.ts';
import type { Json } from '#shared/store/table.ts';
import { readTime } from '#shared/time/local.ts';
import type { Aggregate, EventLeaf } from './condition.ts';
import { readField } from './lookup.ts';
import { asNumber, asText, elementsOf } from './values.ts';

/** Values reckoned over the data of events. Over no values there is none. */

/** Decimals add up with an error in the last places, and 0.1 + 0.2 is meant to be 0.3. */
const round = (value: number): number => {
  const rounded = Math.round(value * 1e6) / 1e6;
  return Number.isFinite(rounded) ? rounded : value;
};

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** The smallest: of numbers when there are any, else of dates. `sign` -1 makes it the greatest. */
function least(values: readonly Json[], zone: string, sign: 1 | -1): Json | undefined {
  const numbers = values.map(asNumber).filter((value) => value !== undefined);
  if (numbers.length > 0) return numbers.reduce((a, b) => (sign * (b - a) < 0 ? b : a));
  const times = values.flatMap((value) => {
    const time = typeof value === 'string' ? readTime(value, zone) : undefined;
    return time ? [{ value, at: time.at }] : [];
  });
  const earlier = (a: string, b: string) => (sign === 1 ? a < b : a > b);
  return times.length === 0 ? undefined : times.reduce((a, b) => (earlier(b.at, a.at) ? b : a)).value;
}

type Reckon = (values: readonly Json[], numbers: readonly number[], zone: string) => Json | undefined;

/** Of values from the newest event to the oldest. */
const AGGREGATES: { readonly [A in Aggregate]: Reckon } = {
  sum: (_, numbers) => (numbers.length === 0 ? undefined : round(sum(numbers))),
  avg: (_, numbers) => (numbers.length === 0 ? undefined : round(sum(numbers) / numbers.length)),
  min: (values, _, zone) => least(values, zone, 1),
  max: (values, _, zone) => least(values, zone, -1),
  first: (values) => values.at(-1),
  last: (values) => values[0],
  distinct: (values) =>
    values.length === 0 ? undefined : new Set(values.map((v) => asText(v) ?? JSON.stringify(v))).size,
};

const isAggregate = (name: string): name is Aggregate => Object.hasOwn(AGGREGATES, name);

type Asked = { readonly aggregate: Aggregate; readonly path: string };

/** Of each leaf what follows; null where it asks for none. */
const known = new WeakMap<EventLeaf, Asked | null>();

/** Which aggregate a leaf asks for, and of which path. */
export function aggregateOf(leaf: EventLeaf): Asked | undefined {
  const before = known.get(leaf);
  if (before !== undefined) return before ?? undefined;
  const asked = readAggregate(leaf);
  known.set(leaf, asked ?? null);
  return asked;
}

function readAggregate(leaf: EventLeaf): Asked | undefined {
  for (const name of Object.keys(leaf)) {
    const path = isAggregate(name) ? leaf[name] : undefined;
    if (isAggregate(name) && path !== undefined) return { aggregate: name, path };
  }
  return undefined;
}

/** The aggregate of a path over events, newest first. The elements of a list count one by one; `first` and `last` take the list. */
export function aggregate(
  kind: Aggregate,
  path: string,
  events: readonly StoredEvent[],
  zone: string,
): Json | undefined {
  const found = events.map((event) => readField(event, path)).filter((value) => elementsOf(value).length > 0);
  const whole = kind === 'first' || kind === 'last';
  const values = found.flatMap((value) => (value === undefined ? [] : whole ? [value] : elementsOf(value)));
  const numbers = values.map(asNumber).filter((value) => value !== undefined);
  return AGGREGATES[kind](values, numbers, zone);
}

import { plain } from '#shared/plain.ts';
import type { Arrived } from './arrived.ts';

const short = (text: string): string => plain(text).slice(0, 300);

const SHORT = 8;

const timeOf = (instant: string): string => {
  const date = new Date(instant);
  return Number.isNaN(date.getTime()) ? ''.padEnd(8) : date.toTimeString().slice(0, 8);
};

/** One line an arrival: when by the machine's clock, from whom, what, what came of it and why, which event, and whose. */
export function printArrival({
  source,
  what,
  outcome,
  reason,
  event,
  arrived = '',
  contact,
  identities,
}: Arrived): string {
  const who = identities ? Object.values(identities).join(' ') : contact?.slice(0, SHORT);
  return [
    timeOf(arrived),
    short(source).padEnd(11),
    short(what).padEnd(24),
    short(outcome).padEnd(9),
    event === undefined ? undefined : short(event),
    who === undefined ? undefined : `contact ${short(who)}`,
    reason === undefined ? undefined : short(reason),
  ]
    .filter((part) => part !== undefined)
    .join('  ')
    .trimEnd();
}

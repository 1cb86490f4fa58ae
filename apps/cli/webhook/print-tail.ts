import type { Arrived } from './tail.ts';

/** Anybody at all may have posted it: nothing of it steers the terminal. */
const plain = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}]/gu, '?').slice(0, 300);

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
    plain(source).padEnd(11),
    plain(what).padEnd(24),
    plain(outcome).padEnd(9),
    event === undefined ? undefined : plain(event),
    who === undefined ? undefined : `contact ${plain(who)}`,
    reason === undefined ? undefined : plain(reason),
  ]
    .filter((part) => part !== undefined)
    .join('  ')
    .trimEnd();
}

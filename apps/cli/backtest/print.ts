import Table from 'cli-table3';
import { PRICES_OF } from '#apps/local/meter.ts';
import { type Column, columnsOf, hoursOf, ranked, upTo } from '#shared/backtest/spans.ts';
import type { Backtest } from '#shared/backtest/tally.ts';
import { plain } from '#shared/diagram/plain.ts';
import type { Journey } from '#shared/journey/journey.ts';
import type { Cost } from './estimate.ts';
import type { Head } from './prepared.ts';

/** A back-test for people. */

const n = (value: number): string => value.toLocaleString('en', { maximumFractionDigits: 1 });
const share = (part: number, whole: number): string =>
  whole === 0 ? n(part) : `${n(part)} (${Math.round((100 * part) / whole)} %)`;
const listed = (columns: readonly Column[]): string =>
  columns.map((column) => `${plain(column.name)} ${n(column.n)}`).join(', ') || 'none';

const table = (head: string[], rows: string[][]): string => {
  const colAligns = head.map((_, i): 'left' | 'right' => (i === 0 ? 'left' : 'right'));
  const drawn = new Table({ head, style: { head: [], border: [], compact: true }, colAligns });
  drawn.push(...rows);
  return drawn.toString();
};

export function printBacktest(journey: Journey, head: Head, test: Backtest, cost: Cost): string {
  const { mails, goal } = test;
  const steps = Object.entries(mails.bySteps).map(([step, m]) => [step, n(m.sent), listed(ranked(m.withheld))]);
  return [
    `${plain(journey.name)}: ${n(test.events)} events of ${n(test.contacts)} contacts, ${head.first.slice(0, 10)} to ${head.last.slice(0, 10)}`,
    '',
    `Entered    ${n(test.entries)} times, ${n(test.entrants)} contacts; ${n(test.held)} held out for comparison`,
    `Not let in ${listed(ranked(test.refused))}`,
    ...ranked(test.because).map((column) => `           ${n(column.n)} ${plain(column.name)}`),
    `Ended      ${listed(ranked(test.outcomes))}; still inside ${n(test.inside)}`,
    ...goalLines(journey, test),
    '',
    table(['Mail', 'sent', 'withheld'], steps),
    `Mails      ${n(mails.sent)}; put off by windows, quiet times or caps: ${n(mails.putOff)}`,
    `Contacts   ${
      upTo(6, mails.perContact)
        .map((column) => `${n(column.n)} with ${column.name}`)
        .join(', ') || 'none with a mail'
    }`,
    `Hours      ${listed(hoursOf(mails.byHour).filter((hour) => hour.n > 0))}`,
    busiest(mails.byDay),
    '',
    `On AWS about $${cost.infrastructure.toFixed(2)}, and $${cost.mails.toFixed(2)} for the mails, at list prices of ${PRICES_OF}.`,
    ...limits(journey, goal.reached),
  ].join('\n');
}

function goalLines({ goal: wanted }: Journey, { goal, held }: Backtest): string[] {
  if (!wanted) return [];
  const { reached, beforeAnyMail, mailsAfter, value, heldReached } = goal;
  return [
    `Goal       ${n(reached)}, worth ${n(Math.round(value))}; before any mail, so anyway: ${share(beforeAnyMail, reached)}`,
    ...(mailsAfter > 0 ? [`           ${n(mailsAfter)} mails went to who had reached it already`] : []),
    ...(held > 0 ? [`           ${share(heldReached, held)} of those held out reached it`] : []),
  ];
}

function busiest(byDay: Backtest['mails']['byDay']): string {
  const days = ranked(byDay);
  const { unit, columns } = columnsOf(byDay);
  const mean = columns.length === 0 ? 0 : columns.reduce((sum, one) => sum + one.n, 0) / columns.length;
  const [most] = days;
  return `Days       ${most ? `at most ${n(most.n)}, on ${most.name}; ${n(mean)} a ${unit} on average` : 'none'}`;
}

/** What a reader would else take the numbers for. */
function limits({ entry }: Journey, reached: number): string[] {
  const caps = entry?.cap ? ['The caps on entry are left out: each contact is played for themselves.'] : [];
  const past =
    reached > 0 ? ['Goals are those of the past, when none of these mails went out: no effect is measured.'] : [];
  return [...caps, ...past];
}

import { type Backtest, nothingCounted, type PartialBacktest, type StepMails } from './tally.ts';

/** The parts of one back-test as a whole: the same however many parts there were. */
export function wholeOf(parts: readonly PartialBacktest[]): Backtest {
  const { goal, ...whole } = parts.reduce((sum, { counts }) => both(sum, counts), nothingCounted());
  const values = parts.flatMap((part) => part.values).sort(([a], [b]) => a - b);
  return { ...whole, goal: { ...goal, value: values.reduce((sum, [, value]) => sum + value, 0) } };
}

function both(a: Backtest, b: Backtest): Backtest {
  return {
    contacts: a.contacts + b.contacts,
    events: a.events + b.events,
    entries: a.entries + b.entries,
    entrants: a.entrants + b.entrants,
    held: a.held + b.held,
    refused: byName(a.refused, b.refused, plus),
    because: byName(a.because, b.because, plus),
    outcomes: byName(a.outcomes, b.outcomes, plus),
    inside: a.inside + b.inside,
    turns: a.turns + b.turns,
    mails: {
      sent: a.mails.sent + b.mails.sent,
      perContact: byName(a.mails.perContact, b.mails.perContact, plus),
      byDay: byName(a.mails.byDay, b.mails.byDay, plus),
      byHour: byName(a.mails.byHour, b.mails.byHour, plus),
      bySteps: byName(a.mails.bySteps, b.mails.bySteps, ofStep),
      putOff: a.mails.putOff + b.mails.putOff,
    },
    goal: {
      reached: a.goal.reached + b.goal.reached,
      heldReached: a.goal.heldReached + b.goal.heldReached,
      value: a.goal.value + b.goal.value,
      beforeAnyMail: a.goal.beforeAnyMail + b.goal.beforeAnyMail,
      mailsAfter: a.goal.mailsAfter + b.goal.mailsAfter,
    },
  };
}

const plus = (a: number, b: number): number => a + b;

const ofStep = (a: StepMails, b: StepMails): StepMails => ({
  sent: a.sent + b.sent,
  withheld: byName<number>(a.withheld, b.withheld, plus),
});

/** A name that only one of them has stays as it is. */
function byName<T>(a: Record<string, T>, b: Record<string, T>, add: (a: T, b: T) => T): Record<string, T> {
  const sums = new Map(Object.entries(a));
  for (const [name, value] of Object.entries(b)) {
    const known = sums.get(name);
    sums.set(name, known === undefined ? value : add(known, value));
  }
  return Object.fromEntries(sums);
}

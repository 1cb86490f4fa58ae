import { zoneOf } from '#shared/contact/zone.ts';
import type { Enrolment } from '#shared/enrolment/enrolment.ts';
import { nameOf } from '#shared/enrolment/names.ts';
import type { Message } from '#shared/message/message.ts';
import type { Settings } from '#shared/settings/settings.ts';
import type { ContactPlay } from '#shared/simulation/contact-play.ts';
import type { Line } from '#shared/simulation/line.ts';
import { localClock, localDate } from '#shared/time/local.ts';

export type Count = Record<string, number>;
export type StepMails = { sent: number; withheld: Count };

/** What one journey would have done with a shop's past: the form that `--json` prints, kept stable. */
export type Backtest = {
  contacts: number;
  events: number;
  /** Passages that began, those of who is held out for comparison among them. */
  entries: number;
  /** Contacts who entered at least once. */
  entrants: number;
  held: number;
  /** Entries that were refused, by reason; and of those refused by the entry's condition, by the part that decided. */
  refused: Count;
  because: Count;
  /** Passages that are over, by outcome, and those that still go on at the end. */
  outcomes: Count;
  inside: number;
  turns: number;
  mails: {
    sent: number;
    /** Contacts who got one, by how many they got. */
    perContact: Count;
    /** By day and by hour of the contact's own clock, from "00" to "23". */
    byDay: Count;
    byHour: Count;
    bySteps: Record<string, StepMails>;
    /** Sends that had to wait for a window, quiet times or a cap. */
    putOff: number;
  };
  goal: {
    /** Passages that reached it, without those of who is held out. */
    reached: number;
    heldReached: number;
    value: number;
    /** Reached before the passage had sent anything: these would have bought anyway. */
    beforeAnyMail: number;
    /** Mails that went out to who had reached the goal already. */
    mailsAfter: number;
  };
};

export const nothingCounted = (): Backtest => ({
  ...{ contacts: 0, events: 0, entries: 0, entrants: 0, held: 0, inside: 0, turns: 0 },
  ...{ refused: {}, because: {}, outcomes: {} },
  mails: { sent: 0, perContact: {}, byDay: {}, byHour: {}, bySteps: {}, putOff: 0 },
  goal: { reached: 0, heldReached: 0, value: 0, beforeAnyMail: 0, mailsAfter: 0 },
});

const more = (count: Count, name: string, by = 1): void => {
  count[name] = (count[name] ?? 0) + by;
};

/** What was counted of some of the contacts; values by the contact's place among all, so that they are added in order. */
export type PartialBacktest = { readonly counts: Backtest; readonly values: readonly (readonly [number, number])[] };

/** Counts what becomes of one contact after the other. */
export class Tally {
  readonly counts = nothingCounted();
  readonly values: [number, number][] = [];
  readonly #settings: Settings;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** What only the telling knows: the play keeps who came in, and not who was turned away. */
  readonly tell = (line: Line): void => {
    const { refused, because, mails } = this.counts;
    if (line.what === 'refused') {
      more(refused, line.reason);
      for (const part of line.because) more(because, part);
    }
    if (line.what === 'step' && line.step.type === 'send' && line.came !== 'passed-over' && 'pause' in line.came)
      mails.putOff += 1;
  };

  /** A contact whose story is over. `place`: which of all contacts it is. */
  add(
    { profile, passages, messages }: Pick<ContactPlay, 'profile' | 'passages' | 'messages'>,
    events: number,
    place: number,
  ): void {
    const { counts } = this;
    counts.contacts += 1;
    counts.events += events;
    if (!profile || passages.length === 0) return;
    counts.entrants += 1;
    const zone = zoneOf(profile, this.#settings);
    const sent = messages.filter(({ facts }) => facts.sent !== undefined);
    for (const message of messages) this.#mail(message, zone);
    const own = Map.groupBy(sent, nameOf);
    const value = passages.reduce((sum, one) => sum + this.#passage(one, own.get(nameOf(one)) ?? []), 0);
    if (value !== 0) this.values.push([place, value]);
    if (sent.length > 0) more(counts.mails.perContact, String(sent.length));
  }

  #mail({ step, facts, reason }: Message, zone: string): void {
    const { mails } = this.counts;
    const own = mails.bySteps[step] ?? { sent: 0, withheld: {} };
    mails.bySteps[step] = own;
    if (facts.sent === undefined) {
      more(own.withheld, reason ?? 'unknown');
      return;
    }
    own.sent += 1;
    mails.sent += 1;
    more(mails.byDay, localDate(facts.sent, zone));
    more(mails.byHour, localClock(facts.sent, zone).slice(0, 2));
  }

  /** The value of the goal, 0 where it was not reached. */
  #passage({ state, outcome, converted, turn }: Enrolment, sent: readonly Message[]): number {
    const { counts } = this;
    const { goal } = counts;
    counts.entries += 1;
    counts.turns += turn;
    if (state === 'held') counts.held += 1;
    else if (state === 'inside') counts.inside += 1;
    else more(counts.outcomes, outcome ?? state);
    if (!converted) return 0;
    if (state === 'held') {
      goal.heldReached += 1;
      return 0;
    }
    goal.reached += 1;
    const before = sent.filter(({ facts }) => (facts.sent ?? '') <= converted.at).length;
    if (before === 0) goal.beforeAnyMail += 1;
    goal.mailsAfter += sent.length - before;
    return converted.value ?? 0;
  }
}

import type { Enrolment } from '#shared/enrolment/enrolment.ts';
import { readEnrolment } from '#shared/store/enrolments.ts';
import { fromMillis } from '#shared/time/instant.ts';
import type { Changed } from '../world/memory-table.ts';
import type { Ledger } from './ledger.ts';

/** What the longest chain of faults takes: an hour of retries, and review. */
const SOON = 2 * 3_600_000;

/** The ways of all passages through their journeys, and what must hold at each of their steps. */
export class Ways {
  /** Since when a passage has stood still, because its journey was paused. */
  readonly #still = new Map<string, number>();
  /** Since when a passage has been owed a wake. */
  readonly #owed = new Map<string, number>();
  readonly #ledger: Pick<Ledger, 'broken' | 'statuses'>;

  constructor(ledger: Pick<Ledger, 'broken' | 'statuses'>) {
    this.#ledger = ledger;
  }

  /** What is over stays over. */
  changed({ before, after }: Changed, now: number): void {
    const [was, is] = [readEnrolment(before), readEnrolment(after)];
    if (was && is) this.#wake(was, is, now);
    if (was && is) this.#statusHonoured(was, is, now);
    if (was && is && was.state !== 'inside' && is.state !== was.state && is.state !== 'converted')
      this.#ledger.broken(
        'a passage that is over stays over',
        `${is.journey} of ${is.contact} went from ${was.state} to ${is.state}`,
      );
    if (was && is && is.seq < was.seq)
      this.#ledger.broken('what was heard stays heard', `${is.journey} of ${is.contact}: ${was.seq} to ${is.seq}`);
    if (was && is && is.version < was.version)
      this.#ledger.broken('nobody goes back to an earlier version', `${is.journey}: ${was.version} to ${is.version}`);
    if (was && is && is.turn < was.turn)
      this.#ledger.broken('turns only grow', `${is.journey}: ${was.turn} to ${is.turn}`);
  }

  /** Whoever has heard what they wait for goes on soon: a turn is taken, whatever the row says of what is owed. */
  #wake(was: Enrolment, is: Enrolment, now: number): void {
    const name = `${is.journey} ${is.n} of ${is.contact}`;
    const since = this.#owed.get(name);
    const isTaken = is.state !== 'inside' || is.turn !== was.turn;
    if (!isTaken && since === undefined && heardBy(is) > heardBy(was)) this.#owed.set(name, now);
    if (!isTaken || since === undefined) return;
    this.#owed.delete(name);
    if (now > since + SOON)
      this.#ledger.broken(
        'no wake-up is lost',
        `${name} heard something at ${fromMillis(since)} and went on at ${fromMillis(now)}`,
      );
  }

  /** Whoever stood still goes on soon after their journey does. */
  #statusHonoured(was: Enrolment, is: Enrolment, now: number): void {
    const name = `${is.journey} ${is.n} of ${is.contact}`;
    if (was.turn === is.turn) return;
    const since = this.#still.get(name);
    const { status, since: said = 0 } = this.#ledger.statuses.get(is.journey) ?? {};
    if (is.state === 'inside' && is.cursor?.stalled !== undefined) this.#still.set(name, since ?? now);
    else this.#still.delete(name);
    if (is.state === 'inside' && status === 'archived' && now > said + SOON)
      this.#ledger.broken('who is in an archived journey leaves it', `${name}, archived ${fromMillis(said)}`);
    if (since !== undefined && status !== 'paused' && now > Math.max(since, said) + SOON)
      this.#ledger.broken(
        'who stood still goes on with their journey',
        `${name} stood since ${fromMillis(since)}, the journey goes on since ${fromMillis(said)}`,
      );
  }

  /** Those that have been owed a wake until now. */
  rest(now: number): void {
    for (const [name, since] of this.#owed)
      if (now > since + SOON)
        this.#ledger.broken('no wake-up is lost', `${name} heard something at ${fromMillis(since)} and sleeps on`);
  }
}

/** How often it has heard something that it waits for where it stands. */
const heardBy = (passage: Enrolment): number =>
  Object.entries(passage.heard).reduce((sum, [id, { n }]) => sum + (isActive(id, passage) ? n : 0), 0);

const isActive = (listener: string, { cursor }: Enrolment): boolean =>
  listener.startsWith('!') || listener.startsWith(`${cursor?.step ?? '!goal'}/`);

import type { LocalEntry } from '#apps/local/bus.ts';
import type { MailEntry } from '#apps/local/mails.ts';
import { type SesKind, sesEntry } from '#apps/local/ses-events.ts';
import { MailAmbiguous, MailDeferred, MailRejected } from '#shared/errors.ts';
import type { Mail } from '#shared/ports.ts';
import type { Random } from '../random.ts';
import type { FaultKind } from './faults.ts';
import type { Scheduler } from './scheduler.ts';

/** A mail that SES took. */
export type Taken = { readonly id: string; readonly at: number; readonly mail: Mail };

const HOUR = 3_600_000;
/** When somebody opens or clicks, if they do. */
const LATER = [60_000, HOUR, HOUR, 6 * HOUR, 24 * HOUR] as const;
/** Until an event of SES reaches the bus. */
const DELAYS = [0, 0, 300, 300, 5000, 120_000, HOUR / 3, 5 * HOUR] as const;

export type SesOptions = {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly put: (entry: LocalEntry) => void;
  /** Asked before a mail is taken. */
  readonly onTaken: (taken: Taken) => void;
};

/** SES: takes mail or says no, and tells later, twice and in any order what became of it. */
export class Ses {
  readonly taken: Taken[] = [];
  readonly #options: SesOptions;

  constructor(options: SesOptions) {
    this.#options = options;
  }

  send(mail: Mail, fault: FaultKind | undefined): { id: string } {
    if (fault === 'refused') throw new MailDeferred('ThrottlingException', 'too fast', { about: 'rate' });
    if (fault === 'rejected') throw new MailRejected('MessageRejected', 'no');
    if (fault === 'ambiguous') throw new MailAmbiguous('the connection broke');
    const id = `ses-${this.taken.length + 1}`;
    const taken = { id, at: this.#options.scheduler.millis, mail };
    this.taken.push(taken);
    this.#options.onTaken(taken);
    this.#answer(taken);
    if (fault === 'lost') throw new MailAmbiguous('the answer was lost');
    return { id };
  }

  /** A mail that has gone comes back just now. */
  bounce(taken: Taken): void {
    this.#tell(taken, 'Bounce', 0);
  }

  #answer(taken: Taken): void {
    const { random } = this.#options;
    this.#tell(taken, 'Send', 0);
    const bounces = random.chance(0.04);
    if (bounces) this.#tell(taken, 'Bounce', random.pick(LATER));
    if (bounces) return;
    this.#tell(taken, 'Delivery', 2000);
    if (random.chance(0.35)) this.#tell(taken, 'Open', random.pick(LATER));
    if (random.chance(0.3)) this.#tell(taken, 'Click', random.pick(LATER));
    if (random.chance(0.03)) this.#tell(taken, 'Complaint', random.pick(LATER));
  }

  #tell({ id, at, mail }: Taken, kind: SesKind, after: number): void {
    const { scheduler, random, put } = this.#options;
    const { journey = '', step = '' } = mail.tags;
    const entry = (): MailEntry => ({
      ...{ n: 0, id, to: mail.to, subject: '', journey, step, tags: mail.tags },
      at: new Date(at).toISOString(),
    });
    const times = random.chance(0.05) ? 2 : 1;
    const happened = new Date(scheduler.millis + after).toISOString();
    for (let n = 0; n < times; n += 1)
      scheduler.after(after + random.pick(DELAYS), () => put(sesEntry(entry(), kind, happened)));
  }
}

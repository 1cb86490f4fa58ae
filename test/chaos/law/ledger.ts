import type { Stored } from '#shared/adapters/sqlite/apply.ts';
import type { Enrolment } from '#shared/enrolment/enrolment.ts';
import type { Event } from '#shared/event/event.ts';
import { readEnrolment } from '#shared/store/enrolments.ts';
import { kindOf, type RowKind } from '#shared/store/keys.ts';
import { fromMillis } from '#shared/time/instant.ts';
import type { Changed } from '../world/memory-table.ts';
import type { Taken } from '../world/ses.ts';
import type { Watch, World } from '../world/world.ts';
import { checkClaim } from './claims.ts';
import { type Claim, type InForce, noteSettings } from './limits.ts';
import { noteAnswer, noteMerge, type Refusal } from './merges.ts';
import { checkModel } from './model.ts';
import type { Violation } from './violation.ts';

/** What the longest chain of faults takes: an hour of retries, and review. */
const SOON = 2 * 3_600_000;

type Live = Readonly<Record<string, { readonly status: string }>>;

const COUNTED: readonly RowKind[] = ['event', 'message', 'enrolment'];

/** Violations of one kind are told of once or twice: the first one matters. */
const MOST = 3;

/** What a world has done, as somebody sees it who watches every commit, and what must hold at each. */
export class Ledger {
  readonly violations: Violation[] = [];
  readonly events = new Map<string, Event>();
  /** Mails that SES took, by message. */
  readonly taken = new Map<string, Taken[]>();
  /** What was uploaded of each file, the newest last. */
  readonly uploads = new Map<string, readonly string[]>();
  readonly inForce: InForce[] = [];
  /** Claims of marketing mails, by the contact they were decided for. */
  readonly claims = new Map<string, readonly Claim[]>();
  /** What was said of each journey's status last, and when. */
  readonly statuses = new Map<string, { readonly status: string; readonly since: number }>();
  /** Contacts whose profiles were deleted. */
  readonly erased = new Set<string>();
  /** When an identity's owner was erased last, by its partition. */
  readonly buried = new Map<string, string>();
  /** Rows as they stood when they were deleted: what was counted of them stays counted. */
  readonly gone: Stored[] = [];
  /** By the contact that survived. */
  readonly refusals = new Map<string, readonly Refusal[]>();
  passages = 0;
  /** Since when a passage has stood still, because its journey was paused. */
  readonly #still = new Map<string, number>();
  /** Since when a passage has been owed a wake. */
  readonly #owed = new Map<string, number>();

  readonly watch: Watch = {
    onCommit: (changed, world) => this.#committed(changed, world),
    onAnswered: (link, by, world) => noteAnswer(link, by, world, this),
    onTaken: (taken) => {
      const { message = '' } = taken.mail.tags;
      const all = this.taken.get(message) ?? [];
      this.taken.set(message, all);
      all.push(taken);
    },
  };

  posted(event: Event): void {
    this.events.set(event.id, event);
  }

  broken(law: string, seen: string): void {
    if (this.violations.filter((one) => one.law === law).length < MOST) this.violations.push({ law, seen });
  }

  #committed(changed: readonly Changed[], world: World): void {
    checkModel(changed, world, this);
    for (const one of changed) {
      const kind = kindOf(one.key);
      if (kind === 'message' && one.before && one.before['state'] === 'queued' && one.after?.['state'] === 'claimed')
        checkClaim(one.after, world, this);
      if (kind === 'catalogue') this.#status(one, world.scheduler.millis);
      noteSettings(one, world, this);
      if (kind === 'enrolment' && one.before && one.after) this.#passage(one, world.scheduler.millis);
      if (kind === 'enrolment' && !one.before) this.passages += 1;
      if (kind === 'profile' && one.before && !one.after) this.erased.add(String(one.before['contact']));
      if (kind === 'profile' && one.after?.['mergedInto'] !== undefined && one.before?.['mergedInto'] === undefined)
        noteMerge(one, world, this);
      if (kind === 'identity' && typeof one.after?.['erased'] === 'string')
        this.buried.set(one.key.pk, one.after['erased']);
      if (one.before && !one.after && COUNTED.includes(kind)) this.gone.push(one.before);
      if (kind === 'message' && one.before && one.after) this.#facts(one);
    }
  }

  #status({ after }: Changed, now: number): void {
    for (const [id, { status }] of Object.entries((after?.['journeys'] ?? {}) as Live))
      if (this.statuses.get(id)?.status !== status) this.statuses.set(id, { status, since: now });
  }

  /** What is over stays over. */
  #passage({ before, after }: Changed, now: number): void {
    const [was, is] = [readEnrolment(before), readEnrolment(after)];
    if (was && is) this.#wake(was, is, now);
    if (was && is) this.#statusHonoured(was, is, now);
    if (was && is && was.state !== 'inside' && is.state !== was.state && is.state !== 'converted')
      this.broken(
        'a passage that is over stays over',
        `${is.journey} of ${is.contact} went from ${was.state} to ${is.state}`,
      );
    if (was && is && is.seq < was.seq)
      this.broken('what was heard stays heard', `${is.journey} of ${is.contact}: ${was.seq} to ${is.seq}`);
    if (was && is && is.version < was.version)
      this.broken('nobody goes back to an earlier version', `${is.journey}: ${was.version} to ${is.version}`);
    if (was && is && is.turn < was.turn) this.broken('turns only grow', `${is.journey}: ${was.turn} to ${is.turn}`);
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
      this.broken(
        'no wake-up is lost',
        `${name} heard something at ${fromMillis(since)} and went on at ${fromMillis(now)}`,
      );
  }

  /** Whoever stood still goes on soon after their journey does. */
  #statusHonoured(was: Enrolment, is: Enrolment, now: number): void {
    const name = `${is.journey} ${is.n} of ${is.contact}`;
    if (was.turn === is.turn) return;
    const since = this.#still.get(name);
    const { status, since: said = 0 } = this.statuses.get(is.journey) ?? {};
    if (is.state === 'inside' && is.cursor?.stalled !== undefined) this.#still.set(name, since ?? now);
    else this.#still.delete(name);
    if (is.state === 'inside' && status === 'archived' && now > said + SOON)
      this.broken('who is in an archived journey leaves it', `${name}, archived ${fromMillis(said)}`);
    if (since !== undefined && status !== 'paused' && now > Math.max(since, said) + SOON)
      this.broken(
        'who stood still goes on with their journey',
        `${name} stood since ${fromMillis(since)}, the journey goes on since ${fromMillis(said)}`,
      );
  }

  /** Those that have been owed a wake until now. */
  rest(now: number): void {
    for (const [name, since] of this.#owed)
      if (now > since + SOON)
        this.broken('no wake-up is lost', `${name} heard something at ${fromMillis(since)} and sleeps on`);
  }

  /** Facts only grow. */
  #facts({ before, after }: Changed): void {
    const [was, is] = [before?.['facts'], after?.['facts']];
    if (typeof was !== 'object' || was === null || typeof is !== 'object' || is === null) return;
    for (const [fact, at] of Object.entries(was))
      if (Reflect.get(is, fact) !== at) this.broken('facts of a message only grow', `${fact} was taken back`);
  }
}

/** How often it has heard something that it waits for where it stands. */
const heardBy = (passage: Enrolment): number =>
  Object.entries(passage.heard).reduce((sum, [id, { n }]) => sum + (isActive(id, passage) ? n : 0), 0);

const isActive = (listener: string, { cursor }: Enrolment): boolean =>
  listener.startsWith('!') || listener.startsWith(`${cursor?.step ?? '!goal'}/`);

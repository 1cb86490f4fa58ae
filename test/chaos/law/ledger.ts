import type { Stored } from '#shared/adapters/sqlite/apply.ts';
import type { Event } from '#shared/event/event.ts';
import { kindOf, type RowKind } from '#shared/store/keys.ts';
import type { Changed } from '../world/memory-table.ts';
import type { Taken } from '../world/ses.ts';
import type { Watch, World } from '../world/world.ts';
import { checkClaim } from './claims.ts';
import { type Claim, type InForce, noteSettings } from './limits.ts';
import { noteAnswer, noteMerge, type Refusal } from './merges.ts';
import { checkModel } from './model.ts';
import type { Violation } from './violation.ts';
import { Ways } from './ways.ts';

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
  readonly ways = new Ways(this);

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
      if (kind === 'enrolment' && one.before && one.after) this.ways.changed(one, world.scheduler.millis);
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

  /** Facts only grow. */
  #facts({ before, after }: Changed): void {
    const [was, is] = [before?.['facts'], after?.['facts']];
    if (typeof was !== 'object' || was === null || typeof is !== 'object' || is === null) return;
    for (const [fact, at] of Object.entries(was))
      if (Reflect.get(is, fact) !== at) this.broken('facts of a message only grow', `${fact} was taken back`);
  }
}

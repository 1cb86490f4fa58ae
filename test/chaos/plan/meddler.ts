import type { Event } from '#shared/event/event.ts';
import { kindOf, profileKey } from '#shared/store/keys.ts';
import { Random } from '../random.ts';
import type { Changed } from '../world/memory-table.ts';
import type { World } from '../world/world.ts';

const STREAM = 11;
/** How often somebody acts at the very moment at which a message is put out, or a turn is taken. */
const AMID = { message: 0.5, turn: 0.15, wake: 0.2, bounce: 0.1, walk: 0.5 } as const;
/** Pauses whose end is met, in milliseconds. */
const [SOONEST, LATEST] = [1000, 12 * 86_400_000];
const SOON = [0, 0, 0, 0, 5, 400] as const;
const MOST = 15;

/**
 * Contacts who do something just when it is least convenient: races that a plan made beforehand would hardly ever meet.
 * What they do depends on nothing but the seed and the moment.
 */
export class Meddler {
  readonly #random: Random;
  readonly #post: (event: Event) => void;
  readonly #seen = new Set<string>();
  #moment = 0;
  #deeds = 0;

  constructor(seed: number, post: (event: Event) => void) {
    this.#random = new Random(seed, STREAM);
    this.#post = post;
  }

  committed(changed: readonly Changed[], world: World): void {
    if (this.#moment !== world.scheduler.millis) {
      this.#moment = world.scheduler.millis;
      this.#random.moment(this.#moment);
    }
    for (const { key, before, after } of changed) {
      const kind = kindOf(key);
      if (kind === 'message' && !before && after?.['state'] === 'queued') {
        this.#perhaps(AMID.message, String(after['contact']), world, String(after['topic']));
        this.#bounce(String(after['contact']), world);
      }
      if (kind === 'enrolment') this.#seen.add(String(after?.['contact'] ?? key.pk.slice('C#'.length)));
      // While a walk goes from contact to contact.
      if (kind === 'walk' && before && this.#seen.size > 0)
        this.#perhaps(AMID.walk, this.#random.pick([...this.#seen]), world);
      if (kind === 'enrolment' && before && after?.['state'] === 'inside' && before['turn'] !== after['turn']) {
        this.#perhaps(AMID.turn, String(after['contact']), world);
        const { wakeAt } = (after['cursor'] ?? {}) as { wakeAt?: string };
        if (wakeAt !== undefined && this.#random.chance(AMID.wake)) this.#at(wakeAt, String(after['contact']), world);
      }
    }
  }

  /** An earlier mail to the same contact comes back just now. */
  #bounce(contact: string, { ses }: World): void {
    if (!this.#random.chance(AMID.bounce)) return;
    const earlier = ses.taken.find(({ mail }) => mail.tags['contact'] === contact);
    if (earlier) ses.bounce(earlier);
  }

  /** Something happens in the very moment in which a pause ends. */
  #at(wakeAt: string, contact: string, world: World): void {
    const at = Date.parse(wakeAt);
    if (at < world.scheduler.millis + SOONEST || at > world.scheduler.millis + LATEST) return;
    world.scheduler.at(at, () => this.#perhaps(1, contact, world));
  }

  #perhaps(chance: number, contact: string, world: World, topic?: string): void {
    if (this.#deeds === MOST || !this.#random.chance(chance)) return;
    const identities = world.table.read(profileKey(contact))?.['identities'];
    const { email } = (identities ?? {}) as { email?: string };
    if (email === undefined) return;
    this.#deeds += 1;
    const after = this.#random.pick(SOON);
    const what = this.#random.pick(
      topic === undefined ? DEEDS : [...DEEDS, 'preferences', 'preferences', 'preferences'],
    );
    const id = `m${this.#deeds}-${world.scheduler.millis}`;
    world.scheduler.after(after, () => this.#post(eventOf(id, what, email, world.scheduler.now(), topic ?? 'news')));
  }
}

const DEEDS = ['purchase', 'cart.updated', 'page.viewed', 'registration', 'preferences'];

function eventOf(id: string, type: string, email: string, at: string, topic: string): Event {
  const consent = { channel: 'email', topic, state: 'denied', at, source: 'form', wording: 'Stop' } as const;
  return {
    ...{ id, type, at, source: 'test', identities: { email } },
    data: type === 'purchase' ? { orderId: id, total: 30 } : { cartId: 'c0', total: 60 },
    ...(type === 'preferences' && { consents: [consent] }),
  };
}

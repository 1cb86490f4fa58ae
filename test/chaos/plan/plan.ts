import type { Event, Identities } from '#shared/event/event.ts';
import { JOURNEY_REQUESTED } from '#shared/event/own.ts';
import { fromMillis, type Instant } from '#shared/time/instant.ts';
import { Random } from '../random.ts';
import { type Deed, doerOf, eventsOf } from './deed.ts';
import { journeyFile, MAIL, OTHERS, SEGMENT, SETTINGS, START, TEXTS } from './shop.ts';

/** What happens in a run, all of it decided before it begins. Deeds may be taken out; what is left happens as before. */
export type Plan = {
  readonly seed: number;
  readonly shop: number;
  readonly deeds: readonly Deed[];
  /** Nobody acts at the least convenient moment. */
  readonly quiet?: boolean;
};

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const CONTACTS = { least: 5, more: 2 } as const;
/** Different ones: what is told twice counts once. Many small worlds meet more chances than a few large ones. */
const EVENTS = { least: 50, more: [0, 0, 0, 0, 0, 0, 2, 12] } as const;
/** What a guest does before it turns out who they are, and the event that says so. */
const GUEST = 7;
/** Days in which things happen. */
const DAYS = 9;
/** Seeds that follow each other share shops, which take longer to open than a run does. */
const SHOPS = { together: 24, for: 6000 } as const;
/** In how many worlds somebody turns out to be two, asks to be forgotten, or edits a journey. */
const IN = { guest: 0.35, forgotten: 0.25, edited: 0.4, silent: 0.6, halted: 0.3, others: 0.3 } as const;

/** A moment of one contact's day: round, so that it meets the ends of waits. */
const STEPS = [0, 0, 5 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 6 * HOUR, DAY, 2 * DAY] as const;
/** How long after it happened the shop tells of it. */
const LATE = [0, 0, 0, 0, 0, 0, 1000, 20 * MINUTE, 5 * HOUR, 2 * DAY] as const;

const ZONES = ['Europe/Warsaw', 'Europe/Warsaw', 'Asia/Tokyo', 'America/Lima'] as const;
const CONSENT = { channel: 'email', source: 'form', wording: 'Write to me' } as const;
const TOPICS = ['news', 'offers'] as const;

/** What a contact does, each as often as it stands here. */
const OFTEN = [
  ...['purchase', 'purchase', 'word', 'request', 'traits', 'look', 'look', 'repeat'],
  ...['cart', 'cart', 'cart', 'cart'],
] as const;

class Planner {
  readonly #random: Random;
  readonly #deeds: Deed[] = [];
  readonly #told: Event[] = [];

  constructor(random: Random) {
    this.#random = random;
  }

  plan(): Deed[] {
    const random = this.#random;
    const contacts = CONTACTS.least + random.below(CONTACTS.more + 1);
    const events = EVENTS.least + random.pick(EVENTS.more);
    const guest = random.chance(IN.guest) ? random.below(contacts) : undefined;
    const each = Math.floor((events - (guest === undefined ? 0 : GUEST)) / contacts);
    for (let who = 0; who < contacts; who += 1) this.#live(personOf(who), each);
    if (guest !== undefined) this.#join(guest);
    while (this.#told.length < events) this.#deed(personOf(random.below(contacts)), random.below(DAYS) * DAY);
    if (random.chance(IN.forgotten)) this.#forget(random.below(contacts));
    if (random.chance(IN.edited)) for (let n = 1 + random.below(3); n > 0; n -= 1) this.#edit();
    if (random.chance(IN.halted)) this.#halt();
    if (random.chance(IN.others)) for (let n = 1 + random.below(3); n > 0; n -= 1) this.#editOther();
    return this.#deeds.toSorted((a, b) => a.at - b.at);
  }

  #live(who: Identities, events: number): void {
    const random = this.#random;
    let at = random.pick(STEPS);
    this.#tell(who, at, 'registration', {
      consents: TOPICS.map((topic) => this.#consent(topic, at, random.chance(0.85))),
      traits: {
        timeZone: random.pick(ZONES),
        birthday: random.pick(['1990-03-05', '1985-03-11', '1977-08-01']),
        points: 5,
      },
    });
    for (let n = 1; n < events; n += 1) {
      at = Math.min(at + random.pick(STEPS), DAYS * DAY);
      this.#deed(who, at);
    }
  }

  /** Somebody whom the shop knows buys as a guest by another address, and one event says that they are the same. */
  #join(who: number): void {
    const random = this.#random;
    const guest = { email: `g${who}@shop.example` };
    this.#live(guest, GUEST - 1);
    const at = random.below(DAYS * 24) * HOUR;
    this.#tell({ ...guest, externalId: `x${who}` }, at, random.pick(['purchase', 'registration']), {
      data: { orderId: `joined-${who}`, total: 10 },
    });
  }

  /** Somebody asks to be forgotten, and mostly is not seen again, whatever is told late of before. */
  #forget(who: number): void {
    const random = this.#random;
    const at = random.below(DAYS * 24) * HOUR;
    const { email = '', externalId = '' } = personOf(who);
    const identities = random.chance(0.5) ? { email } : { email, externalId };
    const isLater = (deed: Deed): boolean =>
      'event' in deed && deed.event.at >= moment(at) && [email, `g${who}@shop.example`].includes(doerOf(deed));
    const left = this.#deeds.filter((deed) => !isLater(deed));
    const told = eventsOf(left);
    const isEnough =
      new Set(told.map(({ id }) => id)).size >= EVENTS.least &&
      new Set(told.map(({ identities }) => identities.email)).size >= CONTACTS.least;
    if (random.chance(IN.silent) && isEnough) this.#deeds.splice(0, this.#deeds.length, ...left);
    this.#deeds.push({ at: at + random.pick(LATE), forget: { id: `forget-${who}`, identities } });
  }

  #edit(): void {
    const random = this.#random;
    const at = random.below(DAYS * 24) * HOUR + random.pick(STEPS);
    const edit = { file: journeyFile(random.pick(['j', 'k'])), text: random.below(TEXTS.live) };
    this.#deeds.push({ at, edit });
    // Somebody has forgotten something, and saves once more.
    if (random.chance(0.4)) this.#deeds.push({ at: at + 400, edit: { ...edit, text: random.below(TEXTS.live) } });
  }

  /** Settings, a segment or a mail become another. */
  #editOther(): void {
    const random = this.#random;
    const file = random.pick([SETTINGS, SETTINGS, SEGMENT, MAIL]);
    const at = random.below(DAYS * 24) * HOUR + random.pick(STEPS);
    const edit = { file, text: random.below(OTHERS[file].all) };
    this.#deeds.push({ at, edit });
    if (random.chance(0.3)) this.#deeds.push({ at: at + 400, edit: { ...edit, text: random.below(OTHERS[file].all) } });
  }

  /** A journey is paused, closed or archived, and mostly goes on later, perhaps as another text. */
  #halt(): void {
    const random = this.#random;
    let at = random.below(DAYS * 24) * HOUR + random.pick(STEPS);
    const file = journeyFile(random.pick(['j', 'k']));
    for (let n = 1 + random.below(2); n > 0; n -= 1) {
      const { paused, closing, archived } = TEXTS;
      this.#deeds.push({ at, edit: { file, text: random.pick([paused, paused, closing, archived]) } });
      at += random.pick([400, 5000, ...STEPS]);
      if (random.chance(0.8)) this.#deeds.push({ at, edit: { file, text: random.below(TEXTS.live) } });
      at += random.pick(STEPS);
    }
  }

  #deed(who: Identities, at: number): void {
    const random = this.#random;
    const n = this.#deeds.length;
    const tell = (type: string, more: Partial<Event> = {}): void => this.#tell(who, at, type, more);
    const deeds: Readonly<Record<string, () => void>> = {
      purchase: () => tell('purchase', { data: { orderId: `o${n}`, total: random.pick([10, 25, 90]) } }),
      word: () => tell('preferences', { consents: [this.#consent(random.pick(TOPICS), at, random.chance(0.4))] }),
      request: () => tell(JOURNEY_REQUESTED, { journey: random.pick(['next', 'j', 'k']) }),
      traits: () => tell('registration', { traits: { points: random.below(90), tier: random.pick(['gold', 'iron']) } }),
      look: () => tell(random.pick(['page.viewed', 'product.viewed'])),
      repeat: () => this.#repeat(at),
      cart: () => tell('cart.updated', { data: { cartId: `c${random.below(3)}`, total: random.below(9) * 10 } }),
    };
    deeds[random.pick(OFTEN)]?.();
  }

  #tell({ externalId, email = '' }: Identities, at: number, type: string, more: Partial<Event>): void {
    const random = this.#random;
    const isWhole = random.chance(0.3) || email.startsWith('g');
    const identities = externalId !== undefined && isWhole ? { externalId, email } : { email };
    const id = `e${this.#told.length + 1}`;
    const event: Event = { id, type, at: moment(at), source: 'generic', identities, data: {}, ...more };
    this.#told.push(event);
    this.#deeds.push({ at: at + random.pick(LATE), event });
  }

  /** The shop tells of something again. */
  #repeat(at: number): void {
    const event = this.#random.pick(this.#told);
    const first = this.#deeds.find((deed) => 'event' in deed && deed.event === event)?.at ?? 0;
    this.#deeds.push({ at: Math.max(at, first), event });
  }

  #consent(topic: string, at: number, yes: boolean) {
    return { ...CONSENT, topic, state: yes ? ('granted' as const) : ('denied' as const), at: moment(at) };
  }
}

const personOf = (who: number): Identities => ({ externalId: `x${who}`, email: `c${who}@shop.example` });
const moment = (at: number): Instant => fromMillis(START + at);

export function planOf(seed: number): Plan {
  const random = new Random(seed, 10);
  const shop = Math.floor(seed / SHOPS.for) * SHOPS.together + random.below(SHOPS.together);
  return { seed, shop, deeds: new Planner(random).plan() };
}

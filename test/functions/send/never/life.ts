import { Temporal } from 'temporal-polyfill';
import { respond } from '#functions/respond/respond.ts';
import { send as work } from '#functions/send/send.ts';
import { legInputSchema } from '#shared/enrolment/enrolment.ts';
import { Conflict } from '#shared/errors.ts';
import { type LinkPayload, linkPath } from '#shared/link/token.ts';
import type { Mail } from '#shared/ports.ts';
import { loadEnrolment } from '#shared/store/enrolments.ts';
import { changeFlow, loadFlow, resumeFlow, tripFlow } from '#shared/store/flow.ts';
import { flowKey } from '#shared/store/keys.ts';
import { emailHash } from '#shared/store/profiles.ts';
import { suppress } from '#shared/store/suppressions.ts';
import type { Table } from '#shared/store/table.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { consent, event } from '#test/build/event.ts';
import type { HandLeg, HandShop } from '#test/build/hand-shop.ts';
import { AnswerLost, FaultyTable } from '#test/faults/table.ts';
import { DAYS, type Given, type Left, type Word } from './judge.ts';

const MINUTE = 60_000;
const START = Temporal.Instant.from('2026-03-02T09:00:00Z');
const ADDRESS = 'ann@shop.example';

/** Before each call of the table somebody may do something. */
const intruded = (table: Table, before: () => Promise<void>, seen: { claims: () => void; asks: () => void }): Table =>
  new Proxy(table, {
    get: (target, name) => {
      const member = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return async (...args: unknown[]) => {
        await before();
        if (name === 'transact') seen.claims();
        const [key] = args;
        if (name === 'get' && JSON.stringify(key) === JSON.stringify(flowKey)) seen.asks();
        return Reflect.apply(member, target, args);
      };
    },
  });

type Said = { offers: boolean; news: boolean; marketing: boolean; suppressed: boolean };

const TRIP = { why: 'complaints', mails: 1000, count: 9, limit: 0.1, days: 3 } as const;

/** What somebody does, and what follows from it: a yes counts from before it is written, a no once it is. */
type Act = (shop: HandShop, said: Said, halted: Set<string>, now: string) => Promise<void>;

const tells = async (shop: HandShop, topic: string, now: string, state: 'granted' | 'denied'): Promise<void> => {
  await shop.enrol(event('profile.updated', { at: now, consents: [consent(topic, now, state)] }));
};

/** Presses the button of a page; what it says goes on the bus, and is not recorded yet. */
async function presses(shop: HandShop, act: LinkPayload['act'], body: string): Promise<void> {
  const { contact } = await shop.contact(ADDRESS);
  const token = linkPath({ contact, message: 'm', topic: 'offers', act }, 'secret').slice(3);
  const http = { method: 'POST' };
  const request = { headers: {}, pathParameters: { token }, requestContext: { http }, isBase64Encoded: false, body };
  const { statusCode } = await respond(request, shop.deps);
  if (statusCode !== 200) throw new Error(`the page ${act} answers ${statusCode}`);
}

async function halt(shop: HandShop, halted: Set<string>, part: string, now: string): Promise<void> {
  const { trips = {}, fresh = {} } = await loadFlow(shop.table);
  if (Object.hasOwn(trips, part)) return;
  await shop.table.write(tripFlow(part, { at: now, ...TRIP }, fresh[part]));
  halted.add(part);
}

const WORDS: Readonly<Record<Word, Act>> = {
  yes: async (shop, said, _, now) => {
    await tells(shop, 'marketing', now, 'granted');
    said.marketing = true;
  },
  no: async (shop, said, _, now) => {
    await tells(shop, 'marketing', now, 'denied');
    said.marketing = false;
  },
  'no-topic': async (shop, said, _, now) => {
    await tells(shop, 'offers', now, 'denied');
    said.offers = false;
  },
  'no-on-page': async (shop, said) => {
    await presses(shop, 'preferences', 'act=off');
    said.marketing = false;
  },
  'signs-up': async (shop, _, __, now) => tells(shop, 'news', now, 'granted'),
  confirms: async (shop, said) => {
    // Nobody is asked who wants nothing at all.
    if (said.marketing) said.news = true;
    await presses(shop, 'confirm', 'act=confirm&topic=news');
  },
  suppressed: async (shop, said, _, now) => {
    await shop.table.write(suppress('email', emailHash(ADDRESS), 'complained', now));
    said.suppressed = true;
  },
  pause: async (shop, _, halted, now) => {
    const pause = { lanes: 'marketing', at: now, by: 'ann', reason: 'wrong price' };
    await shop.table.write(changeFlow({ set: [[['pause'], pause]] }));
    halted.add('all');
  },
  halt: (shop, _, halted, now) => halt(shop, halted, 'all', now),
  'halt-topic': (shop, _, halted, now) => halt(shop, halted, 'topic/offers', now),
  'halt-journey': (shop, _, halted, now) => halt(shop, halted, 'journey/j0', now),
  resume: async (shop, _, halted, now) => {
    halted.clear();
    const { trips = {} } = await loadFlow(shop.table);
    const { set = [], remove = [] } = resumeFlow(trips, plusMillis(now, 0));
    const due = [['due'], plusMillis(now, MINUTE)] as const;
    await shop.table.write(changeFlow({ set: [...set, [['duePk'], 'due#0'], due], remove: [...remove, ['pause']] }));
  },
};

export class Life {
  readonly left: Left[] = [];
  readonly #given: Given;
  readonly #shop: HandShop;
  readonly #legs = new Map<string, HandLeg>();
  readonly #said: Said;
  readonly #halted = new Set<string>();
  #isKnown = false;
  #words: Given['words'];
  #chance: number;

  constructor(shop: HandShop, one: Given) {
    this.#shop = shop;
    this.#given = one;
    this.#words = one.words;
    this.#chance = one.seed;
    this.#said = { offers: true, news: !one.double, marketing: true, suppressed: false };
  }

  get #deps() {
    const { warm } = this.#given;
    const perDay = Array.from({ length: 2 * DAYS }, () => warm ?? 1);
    return {
      ...this.#shop.deps,
      ...(warm !== undefined && !this.#isKnown && { warmUp: { since: '2026-03-02', perDay } }),
    };
  }

  /** Notes what leaves, and whether it might when it was claimed: what is said later comes too late. */
  #leave(mail: Mail, { offers, news, marketing, suppressed }: Said, halted: readonly string[]): void {
    const name = mail.tags['journey'] ?? '';
    const topic = this.#given.journeys[Number(name.slice(1))]?.topic ?? '';
    const permitted = (topic === 'news' ? news : offers) && marketing && !suppressed;
    this.left.push({ at: Temporal.Instant.from(this.#shop.clock.now()), journey: name, topic, permitted, halted });
  }

  #draw(below: number): number {
    this.#chance = (Math.imul(this.#chance, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (this.#chance >> 8) % below;
  }

  async #say(amid: boolean): Promise<void> {
    const now = this.#shop.clock.now();
    const minutes = (Date.parse(now) - START.epochMilliseconds) / MINUTE;
    const due = this.#words.filter((word) => word.after <= minutes && word.amid === amid);
    this.#words = this.#words.filter((word) => !due.includes(word));
    for (const { says } of due) await WORDS[says](this.#shop, this.#said, this.#halted, now);
  }

  /** What was said on pages is recorded, sooner or later. */
  async #record(): Promise<void> {
    const said = this.#shop.bus.entries.splice(0).filter(({ detailType }) => detailType === 'preferences.changed');
    for (const { detail } of said) await this.#shop.enrol(detail);
  }

  async #turns(): Promise<void> {
    for (const leg of this.#shop.legs()) if (!this.#legs.has(leg.name)) this.#legs.set(leg.name, leg);
    for (const { name, input } of this.#shop.executions.started) {
      const leg = this.#legs.get(name);
      const passage = await loadEnrolment(this.#shop.table, legInputSchema.parse(input));
      if (!leg || passage?.state !== 'inside') continue;
      if (leg.token === '' || !leg.isPaused) await leg.run();
      else if ((passage.cursor?.wakeAt ?? '') <= this.#shop.clock.now() && leg.timeOut()) {
        await leg.advance({ timedOut: true });
        await leg.pause();
        if (!leg.isPaused) await leg.run();
      }
    }
  }

  /** Each hint is worked on by a sender of its own, some by two, all at the same time; calls of the table fail. */
  async #send(): Promise<void> {
    const hints = this.#shop.outbox.marketing.take();
    const twice = hints.flatMap((hint) => (this.#draw(3) === 0 ? [hint, hint] : [hint]));
    await Promise.all(
      twice.map(async (hint) => {
        const faulty = new FaultyTable(this.#shop.table, () =>
          this.#draw(40) === 0 ? (this.#draw(2) === 0 ? 'conflict' : 'lost') : undefined,
        );
        let said = this.#said;
        let halted: readonly string[] = [];
        const seen = {
          claims: () => {
            said = { ...this.#said };
          },
          asks: () => {
            halted = [...this.#halted];
          },
        };
        const table = intruded(faulty, () => this.#say(true), seen);
        const mailer = {
          send: (mail: Mail) => {
            this.#leave(mail, said, halted);
            return this.#shop.mailer.send(mail);
          },
        };
        const failed = await work([hint], {
          ...this.#deps,
          table,
          mailer,
          claimant: `s${this.#draw(1000)}`,
        }).catch((error) => {
          if (error instanceof Conflict || error instanceof AnswerLost) return [0];
          throw error;
        });
        if (failed.length > 0) this.#shop.outbox.marketing.bodies.push(hint);
      }),
    );
  }

  async live(): Promise<void> {
    const { zone } = this.#given;
    const yes = ['offers', 'news'].map((topic) => consent(topic, '2026-03-01T00:00:00.000Z'));
    const traits = zone === undefined ? {} : { timeZone: zone };
    await this.#shop.enrol(event('cart.updated', { consents: yes, traits }));
    for (let passed = 0; passed < DAYS * 1440; passed += 20) {
      await this.#say(false);
      if (this.#draw(30) === 0) await this.#record();
      await this.#turns();
      await this.#send();
      this.#shop.clock.pass(20 * MINUTE);
      await this.#shop.review(this.#deps);
    }
  }

  /** Nobody says anything more: all may go again, the domain is known, and time passes until nothing may wait any longer. */
  async end(): Promise<void> {
    this.#isKnown = true;
    this.#words = [];
    await WORDS.resume(this.#shop, this.#said, this.#halted, this.#shop.clock.now());
    for (let passed = 0; passed < DAYS * 24; passed += 3) {
      await this.#send();
      this.#shop.clock.pass(180 * MINUTE);
      await this.#shop.review(this.#deps);
    }
  }
}

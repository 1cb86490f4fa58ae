import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { expect, it } from 'vitest';
import { send as work } from '#functions/send/send.ts';
import { legInputSchema } from '#shared/enrolment/enrolment.ts';
import { Conflict } from '#shared/errors.ts';
import type { Mail } from '#shared/ports.ts';
import { loadEnrolment } from '#shared/store/enrolments.ts';
import { emailHash } from '#shared/store/profiles.ts';
import { suppress } from '#shared/store/suppressions.ts';
import type { Table } from '#shared/store/table.ts';
import { consent, event } from '#test/build/event.ts';
import { type HandLeg, HandShop } from '#test/build/hand-shop.ts';
import { journey, send, wait } from '#test/build/journey.ts';
import { settings } from '#test/build/settings.ts';
import { AnswerLost, FaultyTable } from '#test/faults/table.ts';

/**
 * Whatever journeys, caps, zones and quiet times there are, and whoever sends at the same time: no mail leaves against
 * them, and none is lost. What may leave is judged by a page of its own, written from the language and not from the code.
 */

const MINUTE = 60_000;
const START = Temporal.Instant.from('2026-03-02T09:00:00Z');
const DAYS = 4;
const ADDRESS = 'ann@shop.example';

type Cap = { count: number; per?: string; topic?: string };
type Quiet = { from: string; to: string };
type Given = {
  zone: string | undefined;
  caps: Cap[];
  quiet: Quiet[];
  journeys: { priority: number; topic: string; expires: string; waits: string; own: Cap[]; best: boolean }[];
  /** After so many minutes: withdraws, grants, or is suppressed; in the midst of a sending, or between two. */
  words: { after: number; says: 'no' | 'yes' | 'no-topic' | 'suppressed'; amid: boolean }[];
  seed: number;
};

const cap = fc.record(
  { count: fc.nat({ max: 2 }), per: fc.constantFrom('PT6H', 'P1D', 'PT36H'), topic: fc.constantFrom('offers', 'news') },
  { requiredKeys: ['count', 'per'] },
);
const given: fc.Arbitrary<Given> = fc.record({
  zone: fc.constantFrom('Europe/Warsaw', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Auckland', undefined),
  caps: fc.array(cap, { maxLength: 2 }),
  quiet: fc.array(fc.constantFrom({ from: '21:00', to: '09:00' }, { from: '12:00', to: '15:30' }), { maxLength: 2 }),
  journeys: fc.array(
    fc.record({
      priority: fc.constantFrom(20, 50, 80),
      topic: fc.constantFrom('offers', 'news'),
      expires: fc.constantFrom('PT0S', 'PT12H', 'P1D', 'P3D'),
      waits: fc.constantFrom('PT1M', 'PT3H', 'PT11H', 'P1D'),
      own: fc.array(cap, { maxLength: 1 }),
      best: fc.boolean(),
    }),
    { minLength: 2, maxLength: 4 },
  ),
  words: fc.array(
    fc.record({
      after: fc.nat({ max: DAYS * 1440 }),
      says: fc.constantFrom('no', 'yes', 'no-topic', 'suppressed'),
      amid: fc.boolean(),
    }),
    { maxLength: 3 },
  ),
  seed: fc.nat(),
});

type Left = { at: Temporal.Instant; journey: string; topic: string; permitted: boolean };

/** The page: what the language says of a marketing mail that leaves. */
function faults(all: readonly Left[], { zone = 'Europe/Warsaw', caps, quiet, journeys }: Given): string[] {
  return all.flatMap((mail, i) => {
    const local = mail.at.toZonedDateTimeISO(zone);
    const clock = local.toPlainTime().toString().slice(0, 5);
    const isQuiet = quiet.some(({ from, to }) =>
      from < to ? from <= clock && clock < to : from <= clock || clock < to,
    );
    const bearing = [
      ...caps,
      ...(journeys[Number(mail.journey.slice(1))]?.own ?? []).map((one) => ({ ...one, own: true })),
    ];
    const full = bearing.filter((one) => {
      if (one.topic !== undefined && one.topic !== mail.topic) return false;
      const counted = all.slice(0, i + 1).filter((other) => {
        if (one.topic !== undefined && other.topic !== one.topic) return false;
        if ('own' in one && other.journey !== mail.journey) return false;
        const over = other.at.toZonedDateTimeISO(zone).add(one.per ?? 'P99Y');
        return Temporal.Instant.compare(over.toInstant(), mail.at) > 0;
      });
      return counted.length > one.count;
    });
    return [
      ...(mail.permitted ? [] : [`${mail.journey} left without permission at ${local}`]),
      ...(isQuiet ? [`${mail.journey} left in quiet time, ${local}`] : []),
      ...full.map((one) => `${mail.journey} left over ${JSON.stringify(one)} at ${local}`),
    ];
  });
}

/** Before each call of the table somebody may do something. */
const intruded = (table: Table, before: () => Promise<void>, claims: () => void): Table =>
  new Proxy(table, {
    get: (target, name) => {
      const member = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return async (...args: unknown[]) => {
        await before();
        if (name === 'transact') claims();
        return Reflect.apply(member, target, args);
      };
    },
  });

type Said = { offers: boolean; news: boolean; marketing: boolean; suppressed: boolean };

class Life {
  readonly left: Left[] = [];
  readonly #given: Given;
  readonly #shop: HandShop;
  readonly #legs = new Map<string, HandLeg>();
  readonly #said: Said = { offers: true, news: true, marketing: true, suppressed: false };
  #words: Given['words'];
  #chance: number;

  constructor(shop: HandShop, one: Given) {
    this.#shop = shop;
    this.#given = one;
    this.#words = one.words;
    this.#chance = one.seed;
  }

  /** Notes what leaves, and whether it might when it was claimed: what is said later comes too late. */
  #leave(mail: Mail, { offers, news, marketing, suppressed }: Said): void {
    const name = mail.tags['journey'] ?? '';
    const topic = this.#given.journeys[Number(name.slice(1))]?.topic ?? '';
    const permitted = (topic === 'news' ? news : offers) && marketing && !suppressed;
    this.left.push({ at: Temporal.Instant.from(this.#shop.clock.now()), journey: name, topic, permitted });
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
    for (const { says } of due) {
      if (says === 'suppressed') await this.#shop.table.write(suppress('email', emailHash(ADDRESS), 'complained', now));
      else {
        const topic = says === 'no-topic' ? 'offers' : 'marketing';
        const word = consent(topic, now, says === 'yes' ? 'granted' : 'denied');
        await this.#shop.enrol(event('profile.updated', { at: now, consents: [word] }));
      }
      if (says === 'suppressed') this.#said.suppressed = true;
      else if (says === 'no-topic') this.#said.offers = false;
      else this.#said.marketing = says === 'yes';
    }
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
        const claims = () => {
          said = { ...this.#said };
        };
        const table = intruded(faulty, () => this.#say(true), claims);
        const mailer = {
          send: (mail: Mail) => {
            this.#leave(mail, said);
            return this.#shop.mailer.send(mail);
          },
        };
        const failed = await work([hint], {
          ...this.#shop.deps,
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
      await this.#turns();
      await this.#send();
      this.#shop.clock.pass(20 * MINUTE);
      await this.#shop.review();
    }
  }
}

async function lived(one: Given): Promise<{ faults: string[]; lost: string[] }> {
  const journeys = one.journeys.map(({ priority, topic, expires, waits, own, best }, i) =>
    journey({
      ...{ id: `j${i}`, priority, topic, caps: own },
      steps: [wait('w', waits), send('hello', { expires, ...(best && { when: 'best' }) }), send('more', { expires })],
    }),
  );
  const topics = { offers: { kind: 'marketing' }, news: { kind: 'marketing' } } as const;
  const shop = await HandShop.open(journeys, settings({ caps: one.caps, quiet: one.quiet, topics }));
  const life = new Life(shop, one);
  await life.live();
  const ends = ['sent', 'withheld', 'failed', 'unknown'] as const;
  const messages = await shop.messages();
  const lost = messages
    .filter(({ state, facts }) => state === 'done' && !ends.some((fact) => facts[fact] !== undefined))
    .map(({ id }) => id);
  const unnamed = messages.filter(({ facts, reason }) => facts.withheld !== undefined && reason === undefined);
  const unsaid = (await shop.passages()).flatMap(({ journey: id, state, messages: said }) =>
    state === 'finished' && !('more' in said) ? [id] : [],
  );
  return { faults: faults(life.left, one), lost: [...lost, ...unnamed.map(({ id }) => id), ...unsaid] };
}

it('no mail leaves against consent, suppression, a cap or quiet time, and none is lost', async () => {
  await fc.assert(
    fc.asyncProperty(given, async (one) => {
      expect(await lived(one)).toEqual({ faults: [], lost: [] });
    }),
    // A life takes a second: it is not told again smaller.
    {
      endOnFailure: true,
      numRuns: Number(process.env['RUNS'] ?? 20),
      ...(process.env['SEED'] && { seed: Number(process.env['SEED']) }),
    },
  );
}, 600_000);

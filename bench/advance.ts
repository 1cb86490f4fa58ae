import type { EventQuery, Facts, Scope } from '#shared/condition/scope.ts';
import { changing } from '#shared/contact/change.ts';
import type { Profile } from '#shared/contact/profile.ts';
import type { Enrolment } from '#shared/enrolment/enrolment.ts';
import { derivedId } from '#shared/enrolment/ids.ts';
import { runTurn } from '#shared/enrolment/run-turn.ts';
import type { TurnInput } from '#shared/enrolment/turn.ts';
import type { StoredEvent } from '#shared/event/event.ts';
import { type CompiledJourney, compile } from '#shared/journey/compile.ts';
import { journeySchema } from '#shared/journey/journey.ts';
import { NOTHING_SENT } from '#shared/sending/caps.ts';
import { settingsSchema } from '#shared/settings/settings.ts';
import { type Instant, plusMillis } from '#shared/time/instant.ts';

const CONTACTS = 2000;
const ROUNDS = 45;
const EVENTS = 30;
const HOUR = 3_600_000;
const START: Instant = '2026-01-05T08:00:00.000Z';
const ZONE = 'Europe/Warsaw';

const settings = settingsSchema.parse({
  shop: { name: 'Bench', timeZone: 'UTC', locale: 'en', currency: 'EUR' },
  topics: { offers: { kind: 'marketing' } },
  senders: { default: { email: 'hello@bench.example' } },
});

/** Twelve steps, each run once: a sum over thirty events, a window on the contact's clock, mails and what follows them. */
const journey: CompiledJourney = compile(
  journeySchema.parse({
    id: 'j',
    name: 'J',
    status: 'live',
    topic: 'offers',
    trigger: { type: 'event', event: 'cart.updated' },
    goal: { if: { event: 'subscription.started' } },
    exits: [{ if: { event: 'order.refunded' }, outcome: 'refunded' }],
    steps: [
      { type: 'update', id: 'seen', tag: ['seen'], set: { 'cart.total': { trigger: 'total' } } },
      {
        type: 'branch',
        id: 'value',
        cases: [
          {
            name: 'big',
            if: { event: 'purchase', within: 'P90D', sum: 'total', gte: 1000 },
            steps: [{ type: 'update', id: 'big', tag: ['big'] }],
          },
        ],
        otherwise: [{ type: 'update', id: 'small', tag: ['small'] }],
      },
      { type: 'wait', id: 'thursday', until: { days: ['thu'], from: '18:00', to: '20:00' } },
      { type: 'send', id: 'first', template: 'hello' },
      { type: 'waitFor', id: 'clicked', for: { message: 'first', is: 'clicked' }, upTo: 'P2D' },
      {
        type: 'split',
        id: 'test',
        arms: [
          { name: 'a', weight: 50, steps: [{ type: 'wait', id: 'a-wait', for: 'P1D' }] },
          { name: 'b', weight: 50, steps: [{ type: 'wait', id: 'b-wait', for: 'PT12H' }] },
        ],
      },
      { type: 'send', id: 'second', template: 'hello', if: { not: { tag: 'staff' } } },
      { type: 'wait', id: 'rest', for: 'P3D' },
      { type: 'update', id: 'points', add: { points: 10 } },
      { type: 'end', id: 'done', outcome: 'told' },
    ],
  }),
  1,
);

class Kept implements Facts {
  readonly #events: readonly StoredEvent[];
  constructor(events: readonly StoredEvent[]) {
    this.#events = events;
  }
  events({ types, since, limit }: EventQuery): readonly StoredEvent[] {
    const asked = this.#events.filter(
      (event) => (types === 'any' || types.includes(event.type)) && (since === undefined || event.at >= since),
    );
    return limit === undefined ? asked : asked.slice(0, limit);
  }
  messages = () => [];
  passages = () => [];
  counted = () => NOTHING_SENT;
  entries = () => [];
  heldCode = () => undefined;
  freeCode = () => undefined;
}

type Contact = { readonly profile: Profile; readonly facts: Facts; readonly enrolment: Enrolment };

function contactOf(i: number): Contact {
  const entered = plusMillis(START, i * 4 * HOUR);
  const contact = derivedId('contact', String(i));
  const events = Array.from({ length: EVENTS }, (_, n): StoredEvent => {
    const at = plusMillis(entered, -(n + 1) * 60 * HOUR);
    return {
      id: `${contact}-${n}`,
      type: 'purchase',
      at,
      arrived: at,
      data: { total: ((i * 31 + n * 17) % 100) + 0.5 },
    };
  });
  return {
    facts: new Kept(events),
    profile: {
      v: 1,
      contact,
      rev: 1,
      createdAt: START,
      identities: { email: `${i}@bench.example` },
      traits: { timeZone: ZONE },
      traitsAt: {},
      tags: [],
      consents: {},
      last: {},
      purchaseTimes: [],
      inside: {},
      watching: {},
      aka: [],
    },
    enrolment: {
      v: 1,
      contact,
      journey: journey.id,
      key: '',
      n: 1,
      id: derivedId('passage', String(i)).slice(0, 32),
      version: 1,
      state: 'inside',
      entered,
      trigger: { event: `${contact}-cart`, type: 'cart.updated', at: entered },
      seq: 0,
      turnSeq: 0,
      turn: 0,
      leg: 1,
      cursor: null,
      heard: {},
      left: {},
      visits: {},
      messages: {},
      next: 'start',
      out: [],
    },
  };
}

function scopesOf({ profile, facts }: Contact, now: Instant): TurnInput['scope'] {
  const changed = changing(profile, settings, now);
  return (enrolment, changes, since): Scope => ({
    now,
    settings,
    segments: {},
    profile: changed(changes),
    file: journey.id,
    entry: enrolment.entered,
    ...(since !== undefined && { since }),
    trigger: { total: 120, id: enrolment.trigger.event, type: enrolment.trigger.type, at: enrolment.trigger.at },
    steps: enrolment.left,
    heard: enrolment.heard,
    own: {},
    facts,
  });
}

type Played = { readonly steps: number; readonly turns: number; readonly outcome: string | undefined };

/** One contact from the entry to the end, each pause ended by its own moment. */
function play(contact: Contact): Played {
  let { enrolment } = contact;
  let now = enrolment.entered;
  let turns = 0;
  while (enrolment.state === 'inside') {
    enrolment = runTurn({ journey, enrolment, now, zone: ZONE, scope: scopesOf(contact, now) }).enrolment;
    turns += 1;
    now = enrolment.cursor?.wakeAt ?? now;
  }
  const visits = Object.values(enrolment.visits).reduce((a, b) => a + b, 0);
  // The step that ends the passage leaves no visit behind.
  return { steps: visits + 1, turns, outcome: enrolment.outcome };
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

/** Steps a second that the interpreter runs on one core. */
export async function run(): Promise<object> {
  const contacts = Array.from({ length: CONTACTS }, (_, i) => contactOf(i));
  const rates: number[] = [];
  let played: Played[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = performance.now();
    played = contacts.map(play);
    const seconds = (performance.now() - before) / 1000;
    rates.push(played.reduce((sum, { steps }) => sum + steps, 0) / seconds);
  }
  const stray = played.find(({ steps, outcome }) => steps !== 12 || outcome !== 'told');
  if (stray) throw new Error(`a passage went another way: ${JSON.stringify(stray)}`);
  // The first rounds run before the engine has compiled anything.
  const warm = median(rates.slice(15));
  console.error(
    `${Math.round(warm).toLocaleString('en')} steps/s, ${Math.round(rates[0] ?? 0).toLocaleString('en')} in the first round`,
  );
  return {
    stepsPerSecond: Math.round(warm),
    first: Math.round(rates[0] ?? 0),
    steps: 12,
    turns: played[0]?.turns,
    contacts: CONTACTS,
  };
}

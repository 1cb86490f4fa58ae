import { changing } from '#shared/contact/change.ts';
import { fold } from '#shared/contact/fold.ts';
import type { Profile } from '#shared/contact/profile.ts';
import type { Enrolment } from '#shared/enrolment/enrolment.ts';
import { enrolmentOf } from '#shared/enrolment/entry.ts';
import { derivedId } from '#shared/enrolment/ids.ts';
import { runTurn } from '#shared/enrolment/run-turn.ts';
import { triggerOf } from '#shared/enrolment/trigger.ts';
import type { TurnInput } from '#shared/enrolment/turn.ts';
import type { Event } from '#shared/event/event.ts';
import { type CompiledJourney, compile } from '#shared/journey/compile.ts';
import { journeySchema } from '#shared/journey/journey.ts';
import { settingsSchema } from '#shared/settings/settings.ts';
import { Memory } from '#shared/simulation/memory.ts';
import { entryScope, passageScope } from '#shared/store/scope.ts';
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

type Contact = { readonly profile: Profile; readonly facts: Memory; readonly enrolment: Enrolment };

function contactOf(i: number): Contact {
  const now = plusMillis(START, i * 4 * HOUR);
  const contact = derivedId('contact', String(i));
  const facts = new Memory();
  for (let n = 0; n < EVENTS; n += 1) {
    const at = plusMillis(now, -(n + 1) * 60 * HOUR);
    facts.remember({ id: `${n}`, type: 'purchase', at, arrived: at, data: { total: ((i * 31 + n * 17) % 100) + 0.5 } });
  }
  const cart: Event = {
    ...{ id: 'cart', type: 'cart.updated', at: now, source: 'bench' },
    identities: { email: `${i}@bench.example` },
    traits: { timeZone: ZONE },
    data: { total: 120 },
  };
  facts.remember({ ...cart, arrived: now });
  // Without what the purchases would leave on it: it is only looked at.
  const { profile } = fold(undefined, cart, contact, settings);
  const scope = entryScope({ profile, settings, segments: {}, facts, now }, journey.id, cart.data);
  const asked = { journey, status: 'live', door: undefined, key: '', profile, now, zone: ZONE, scope } as const;
  return { profile, facts, enrolment: enrolmentOf({ ...asked, trigger: triggerOf(cart, now) }) };
}

function scopesOf({ profile, facts }: Contact, now: Instant): TurnInput['scope'] {
  const changed = changing(profile, settings, now);
  return (enrolment, changes, since) =>
    passageScope({ profile: changed(changes), settings, segments: {}, facts, now }, enrolment, since);
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

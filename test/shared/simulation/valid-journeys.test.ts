import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JOURNEY_REQUESTED } from '#shared/event/own.ts';
import { compile } from '#shared/journey/compile.ts';
import { formatJson } from '#shared/journey/format.ts';
import { type Journey, journeySchema } from '#shared/journey/journey.ts';
import { checkJourney } from '#shared/publish/check.ts';
import { parseJsonc } from '#shared/publish/parse.ts';
import { stepPlaces } from '#shared/publish/walk.ts';
import { ContactPlay } from '#shared/simulation/contact-play.ts';
import type { Line } from '#shared/simulation/line.ts';
import { worldOf } from '#shared/simulation/world.ts';
import { addDuration } from '#shared/time/duration.ts';
import { context, facts, journeyText, template } from '#test/build/checked.ts';
import { settings } from '#test/build/settings.ts';
import { Choices, choices, SEGMENTS, SHOP, writtenBy } from '#test/build/valid-journey.ts';
import { waysOf } from '#test/build/ways-of.ts';

/**
 * What publish takes, the interpreter walks. `JOURNEYS=20000 npx vitest run test/shared/simulation` looks at so many,
 * others each time; with SEED those of that run.
 */
const numRuns = Number(process.env['JOURNEYS'] ?? 60);
const seed = Number(process.env['SEED'] ?? (process.env['JOURNEYS'] === undefined ? 3 : Date.now() % 1_000_000));
if (process.env['JOURNEYS'] !== undefined) console.log(`SEED=${seed}`);

const START = '2026-03-02T09:00:00.000Z';
const shop = settings(SHOP);
const given = context({
  settings: shop,
  templates: { hello: template() },
  segments: SEGMENTS,
  journeys: { next: facts({ trigger: 'manual' }) },
  now: START,
});
const next = journeySchema.parse(
  JSON.parse(
    journeyText({
      id: 'next',
      trigger: { type: 'manual' },
      topic: 'news',
      entry: { again: {} },
      goal: undefined,
      steps: [
        { type: 'wait', id: 'w', for: 'P3D' },
        { type: 'send', id: 'hi', template: 'hello' },
      ],
    }),
  ),
);

const valid = (written: object): Journey | undefined => {
  const { journey, remarks } = checkJourney('journeys/j.json', JSON.stringify(written), given);
  return remarks.some(({ severity }) => severity === 'error') ? undefined : journey;
};

/** A year of a contact's life, as the choices have it, with a journey live. */
function played(journey: Journey, c: Choices) {
  const lines: Line[] = [];
  const world = worldOf({
    settings: shop,
    segments: SEGMENTS,
    journeys: [journey, next],
    tell: (line) => lines.push(line),
  });
  const play = new ContactPlay(world, 'c1', START);
  const said = (state: 'granted' | 'denied') =>
    ['news', 'offers'].map((topic) => ({
      channel: 'email' as const,
      topic,
      state,
      at: now,
      source: 't',
      wording: 't',
    }));
  let now = START;
  let events = 0;
  const hear = (type: string, more: object = {}) => {
    events += 1;
    play.hear(
      { id: `e${events}`, type, at: now, source: 'test', identities: { email: 'ann@shop.example' }, data: {}, ...more },
      now,
    );
  };
  hear('registration', {
    consents: said('granted'),
    traits: { timeZone: 'Europe/Warsaw', birthday: '1990-05-17', points: 5 },
  });
  const sends = stepPlaces(journey).flatMap(({ step }) => (step.type === 'send' ? [step.id] : ['s1']));
  const deeds = [
    () => hear('cart.updated', { data: { cartId: 'a', total: 60 } }),
    () => hear('purchase', { data: { orderId: `o${events}`, total: c.pick(25, 10, 90) } }),
    () => hear(JOURNEY_REQUESTED, { journey: 'j' }),
    () => play.tell('j', c.pick(...sends), { fact: c.pick('clicked', 'opened', 'bounced', 'unsubscribed') }, now),
    () =>
      play.change(
        [
          c.pick(
            { kind: 'tag', tag: 'vip' } as const,
            { kind: 'untag', tag: 'vip' } as const,
            { kind: 'set', path: 'points', value: 50 } as const,
          ),
        ],
        now,
      ),
    () => hear('preferences', { consents: said(c.pick('granted', 'denied')) }),
  ];
  for (let deed = 0; deed < 12; deed += 1) {
    c.pick(...deeds)();
    now = addDuration(now, c.pick('PT1S', 'PT20M', 'PT5H', 'P2D', 'P9D'), 'Europe/Warsaw');
    play.reach(now);
  }
  play.reach(addDuration(now, 'P1M', 'Europe/Warsaw'));
  return { play, lines };
}

const runs = fc.tuple(choices, choices);
const holds = (property: (journey: Journey, life: () => ReturnType<typeof played>) => void): void =>
  fc.assert(
    fc.property(runs, ([written, lived]) => {
      const journey = valid(writtenBy(new Choices(written)));
      fc.pre(journey !== undefined);
      property(journey, () => played(journey, new Choices(lived)));
    }),
    { numRuns, seed, maxSkipsPerRun: 20 },
  );

const walksOf = (lines: readonly Line[]) =>
  Map.groupBy(
    lines.filter((line) => line.what === 'step').filter(({ journey }) => journey === 'j'),
    ({ key }) => key,
  );

describe('a journey that publish takes', () => {
  it('is mostly what this generator makes, with every kind of step and of trigger', () => {
    const all = fc.sample(choices, { numRuns: 120, seed: 7 }).map((list) => valid(writtenBy(new Choices(list))));
    const journeys = all.filter((journey) => journey !== undefined);
    expect(journeys.length).toBeGreaterThan(50);
    expect(new Set(journeys.map(({ trigger }) => trigger.type)).size).toBe(5);
    const steps = journeys.flatMap((journey) => stepPlaces(journey).map(({ step }) => step.type));
    // All but the call, which needs an answer from outside.
    expect(new Set(steps).size).toBe(13);
  });

  it('is walked without a fault, along the ways of its file, and sends no step twice at one moment', () => {
    let walked = 0;
    holds((journey, life) => {
      const ways = waysOf(journey);
      const compiled = compile(journey, 1);
      expect([...compiled.nodes.keys()]).toEqual(stepPlaces(journey).map(({ step }) => step.id));
      const { play, lines } = life();
      for (const steps of walksOf(lines).values()) {
        walked += steps.length;
        for (const { step, came } of steps) {
          expect(ways.has(step.id)).toBe(true);
          if (came !== 'passed-over' && 'go' in came) expect([...(ways.get(step.id) ?? [])]).toContain(came.go);
        }
      }
      const sent = Map.groupBy(play.messages, ({ journey: id, step, key, n }) => `${id} ${step} ${key} ${n}`);
      for (const messages of sent.values()) {
        const times = messages.map(({ queuedAt }) => queuedAt);
        expect(new Set(times).size).toBe(times.length);
      }
      for (const passage of play.passages) {
        if (passage.state === 'inside') expect(passage.cursor?.wakeAt).toBeDefined();
        else expect(passage.cursor).toBeNull();
      }
    });
    expect(walked).toBeGreaterThan(numRuns);
  });

  it('is the same once it is formatted', () => {
    holds((journey) => {
      expect(journeySchema.parse(parseJsonc(formatJson(journey)).value)).toEqual(journey);
    });
  });
});

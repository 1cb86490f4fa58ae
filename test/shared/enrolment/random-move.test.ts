import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Enrolment } from '#shared/enrolment/enrolment.ts';
import { carriedOver, destinationOf, heardAnew, moveTo, OUT } from '#shared/enrolment/move.ts';
import { type CompiledJourney, compile } from '#shared/journey/compile.ts';
import { enrolment } from '#test/build/enrolment.ts';
import { journey } from '#test/build/journey.ts';
import { NOW, turn, turnInput } from '#test/build/turn.ts';

/** Journeys whose ids come from few names, so that an edit keeps some steps, drops some and puts others elsewhere. */
const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
type Raw = { type: string; id: string; [part: string]: unknown };

const time = fc.constantFrom('PT1H', 'P1D', 'P3D');
const asked = fc.constantFrom({ event: 'purchase' }, { event: 'page.viewed' }, { event: 'page.viewed', gte: 2 });

const { steps } = fc.letrec<{ steps: Raw[]; step: Raw }>((tie) => {
  const inner = fc.array(tie('step') as fc.Arbitrary<Raw>, { maxLength: 3 });
  const id = fc.constant('');
  const paused = inner.map((list): Raw[] => [{ type: 'wait', id: '', for: 'PT2H' }, ...list]);
  const flat = [
    fc.record({ type: fc.constant('wait'), id, for: time }),
    fc.record({ type: fc.constant('update'), id }),
    fc.record({ type: fc.constant('update'), id }),
  ];
  const deep = [
    fc.record({ type: fc.constant('waitFor'), id, for: asked, upTo: time, then: inner, otherwise: inner }),
    fc.record({
      type: fc.constant('branch'),
      id,
      cases: fc.tuple(fc.record({ if: asked, steps: inner })),
      otherwise: inner,
    }),
    fc.record({ type: fc.constant('repeat'), id, times: fc.integer({ min: 1, max: 3 }), steps: paused }),
  ];
  return {
    step: fc.oneof({ maxDepth: 2, depthSize: 'small' }, ...flat, ...deep) as fc.Arbitrary<Raw>,
    steps: fc.array(tie('step') as fc.Arbitrary<Raw>, { minLength: 1, maxLength: 5 }),
  };
});

/** Names given in a random order; steps for which none is left are left out. */
function named(list: readonly Raw[], names: string[]): Raw[] {
  return list.flatMap((step) => {
    const id = names.shift();
    if (id === undefined) return [];
    const own = { ...step, id, ...(step.type === 'update' && { tag: [id] }) };
    return [Object.fromEntries(Object.entries(own).map(([key, part]) => [key, within(key, part, names)])) as Raw];
  });
}

function within(key: string, part: unknown, names: string[]): unknown {
  if (key === 'cases') return (part as { steps: Raw[] }[]).map((one) => ({ ...one, steps: named(one.steps, names) }));
  return ['then', 'otherwise', 'steps'].includes(key) ? named(part as Raw[], names) : part;
}

const order = fc.shuffledSubarray(NAMES, { minLength: 3 });
const version = fc.tuple(steps, order).map(([list, names]) => named(list, [...names]));
const moved = fc.dictionary(fc.constantFrom(...NAMES), fc.constantFrom(...NAMES, OUT), { maxKeys: 4 });

const HOUR = 3_600_000;
const later = (hours: number): string => new Date(Date.parse(NOW) + hours * HOUR).toISOString();

type Life = { passage: Enrolment; hours: number; readonly did: string[] };

/** The next turn: at the end of the pause, or before it when something is heard. */
function live(life: Life, at: CompiledJourney, heard: boolean): void {
  const { passage } = life;
  if (passage.state !== 'inside') return;
  const listener = at.listeners.find(({ owner }) => owner === passage.cursor?.step)?.id;
  const said = { event: 'e', type: 'page.viewed', at: later(life.hours), n: 1 };
  const hears = heard && listener !== undefined && passage.heard[listener] === undefined;
  const wakes = hears ? later(life.hours) : (passage.cursor?.wakeAt ?? later(life.hours));
  life.hours = Math.max(life.hours, (Date.parse(wakes) - Date.parse(NOW)) / HOUR);
  const now = later(life.hours);
  const listening = hears ? { ...passage, heard: { ...passage.heard, [listener]: said } } : passage;
  const { enrolment: next, changes } = turn(at, listening, { now });
  life.passage = next;
  for (const change of changes) if (change.kind === 'tag') life.did.push(change.tag);
}

const isRepeated = (id: string, ...versions: CompiledJourney[]): boolean =>
  versions.some(({ nodes }) => (nodes.get(id)?.within.length ?? 0) > 0);

describe('a random edit that moves', () => {
  it('leaves everyone somewhere that exists, on their way to an end, and does nothing twice', () => {
    let [stood, kept] = [0, 0];
    fc.assert(
      fc.property(version, version, moved, fc.array(fc.boolean(), { maxLength: 6 }), (old, edited, says, ears) => {
        const from = compile(journey({ steps: old }), 1);
        const to = compile(journey({ steps: edited, publish: { inside: 'move', moved: says } }), 2);
        const life: Life = { passage: enrolment(), hours: 0, did: [] };
        for (const ear of ears) live(life, from, ear);
        const { cursor, state } = life.passage;
        const step = cursor?.step;
        const goal = step === undefined ? undefined : destinationOf(step, to, says);
        if (state !== 'inside' || goal === OUT) return;
        const isMoved = step === undefined || goal !== undefined;
        if (isMoved) {
          const now = later(life.hours);
          const scope = turnInput(from, life.passage, { now }).scope(life.passage, []);
          const heard = { ...carriedOver(life.passage, { from, to }), ...heardAnew(life.passage, { from, to }, scope) };
          life.passage = moveTo(life.passage, { from, to }, heard, now);
          expect(life.passage).toMatchObject({ version: 2, first: 1 });
        }
        const on = isMoved ? to : from;
        stood += step === undefined ? 0 : 1;
        kept += isMoved ? 0 : 1;
        if (life.passage.cursor) expect(on.nodes.has(life.passage.cursor.step)).toBe(true);
        for (let i = 0; i < 300 && life.passage.state === 'inside'; i += 1) live(life, on, false);
        expect(life.passage.state).toBe('finished');
        const once = life.did.filter((id) => !isRepeated(id, from, to) && id !== goal);
        expect(once).toEqual([...new Set(once)]);
      }),
      { numRuns: 600 },
    );
    // The generator is worth something: many stood at a step, and some edits led nowhere.
    expect(stood).toBeGreaterThan(100);
    expect(kept).toBeGreaterThan(10);
  });
});

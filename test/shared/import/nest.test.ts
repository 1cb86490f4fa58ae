import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Block } from '#shared/import/graph.ts';
import { openIds } from '#shared/import/ids.ts';
import { nest } from '#shared/import/nest.ts';
import { journeySchema, type Step } from '#shared/journey/journey.ts';
import { checkJourney } from '#shared/publish/check.ts';
import { context } from '#test/build/checked.ts';
import { allSteps, asks, type Choices, graphOf, sendingBlock, sendsOfGraph, sendsOfSteps } from './walk-graph.ts';

/** Blocks n0, n1, ...: each leads to up to three later ones, or ends. */
const acyclic = fc
  .integer({ min: 1, max: 12 })
  .chain((size) =>
    fc.tuple(
      ...Array.from({ length: size }, (_, i) =>
        fc.record({
          ahead: fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 3 }),
          sends: fc.boolean(),
          key: fc.constant(i),
        }),
      ),
    ),
  )
  .map((rows) =>
    rows.map(({ ahead, sends, key }) => {
      const to = ahead.map((n) => (key + n < rows.length ? `n${key + n}` : undefined));
      return sendingBlock(`n${key}`, to, sends);
    }),
  );

const arms = (block: Block): number => block.fork?.to.length ?? 1;

/** Every combination of arms, or two hundred of them. */
function combinations(blocks: readonly Block[]): Choices[] {
  const forks = blocks.filter((b) => b.fork);
  const all = forks.reduce<Choices[]>(
    (so, fork) =>
      so.length > 200
        ? so
        : so.flatMap((c) => Array.from({ length: arms(fork) }, (_, arm) => ({ ...c, [fork.key]: arm }))),
    [{}],
  );
  return all;
}

const reached = (blocks: readonly Block[]): Set<string> => {
  const byKey = new Map(blocks.map((b) => [b.key, b]));
  const found = new Set<string>();
  const visit = (key: string | undefined): void => {
    const block = key === undefined ? undefined : byKey.get(key);
    if (!block || found.has(block.key)) return;
    found.add(block.key);
    (block.fork?.to ?? [block.next]).forEach(visit);
  };
  visit(blocks[0]?.key);
  return found;
};

describe('a graph as nested steps', () => {
  it('sends the same on every way through it', () => {
    fc.assert(
      fc.property(acyclic, (blocks) => {
        const graph = graphOf(blocks);
        const { steps, cut } = nest(graph, openIds());
        expect(cut).toEqual([]);
        for (const choices of combinations(blocks)) {
          expect(sendsOfSteps(steps, choices)).toEqual(sendsOfGraph(graph, choices));
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('has every step that can be reached once, and no step twice', () => {
    fc.assert(
      fc.property(acyclic, (blocks) => {
        const { steps } = nest(graphOf(blocks), openIds());
        const ids = allSteps(steps).map((s) => s.id);
        expect(new Set(ids).size).toBe(ids.length);
        const wanted = blocks.filter((b) => reached(blocks).has(b.key)).flatMap((b) => b.steps.map((s) => s.id));
        expect(ids.filter((id) => id.startsWith('send-')).sort()).toEqual(wanted.sort());
      }),
      { numRuns: 500 },
    );
  });

  it('fits the grammar, its depth, and the rules for what can be reached', () => {
    fc.assert(
      fc.property(acyclic, (blocks) => {
        const { steps } = nest(graphOf(blocks), openIds());
        const journey = { id: 'j', name: 'J', status: 'draft', trigger: { type: 'event', event: 'a' }, steps };
        expect(journeySchema.safeParse(journey).error).toBeUndefined();
        const said = checkJourney('journeys/j.json', JSON.stringify(journey), context()).remarks;
        expect(said.filter((r) => r.severity === 'error' && !['E50', 'E11'].includes(r.code))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('survives jumps back of any kind', () => {
    const wild = fc.array(fc.array(fc.nat({ max: 9 }), { maxLength: 3 }), { minLength: 1, maxLength: 9 }).map((rows) =>
      rows.map((to, i) => {
        const block = sendingBlock(
          `n${i}`,
          to.map((n) => (n < rows.length ? `n${n}` : undefined)),
        );
        const pause: Step = { type: 'wait', id: `wait-n${i}`, for: 'P1D' };
        return { ...block, steps: [...block.steps, ...(i % 3 === 0 ? [pause] : [])] };
      }),
    );
    fc.assert(
      fc.property(wild, (blocks) => {
        const { steps, cut } = nest(graphOf(blocks), openIds());
        const ids = allSteps(steps).map((s) => s.id);
        expect(new Set(ids).size).toBe(ids.length);
        // Rounds end after 52; until then the way is the same, if no jump had to be cut.
        for (const choices of cut.length === 0 ? combinations(blocks).slice(0, 50) : []) {
          const begin = (sent: readonly string[]) => sent.slice(0, 40);
          expect(begin(sendsOfSteps(steps, choices))).toEqual(begin(sendsOfGraph(graphOf(blocks), choices)));
        }
        const wanted = blocks.filter((b) => reached(blocks).has(b.key)).flatMap((b) => b.steps.map((s) => s.id));
        expect(ids.filter((id) => /^(send|wait)-/.test(id)).sort()).toEqual(wanted.sort());
        expect(() => sendsOfSteps(steps, {})).not.toThrow();
      }),
      { numRuns: 1000 },
    );
  });
});

const nested = (...blocks: Block[]): Step[] => nest(graphOf(blocks), openIds()).steps;
const send = (key: string) => ({ type: 'send', id: `send-${key}`, template: 't' });

describe('nested steps read well:', () => {
  it('what both arms lead to stands below the branch', () => {
    const steps = nested(
      sendingBlock('a', ['b', 'c']),
      sendingBlock('b', ['d']),
      sendingBlock('c', ['d']),
      sendingBlock('d', []),
    );
    expect(steps).toEqual([
      send('a'),
      { type: 'branch', id: 'fork-a', cases: [{ if: asks('a', 0), steps: [send('b')] }], otherwise: [send('c')] },
      send('d'),
    ]);
  });

  it('a way that goes past the joint is a skip', () => {
    const steps = nested(
      sendingBlock('a', ['b', 'c']),
      sendingBlock('b', ['c', 'd']),
      sendingBlock('c', ['d']),
      sendingBlock('d', []),
    );
    expect(steps).toEqual([
      send('a'),
      {
        type: 'branch',
        id: 'fork-a',
        cases: [
          {
            if: asks('a', 0),
            steps: [send('b'), { type: 'skip', id: 'fork-b', to: 'send-d', if: { not: asks('b', 0) } }],
          },
        ],
      },
      send('c'),
      send('d'),
    ]);
  });

  it('who does not go on ends in one line, and the long way stands below', () => {
    const steps = nested(
      sendingBlock('a', [undefined, 'b']),
      sendingBlock('b', ['c']),
      sendingBlock('c', ['d']),
      sendingBlock('d', []),
    );
    expect(steps).toEqual([
      send('a'),
      { type: 'end', id: 'fork-a', if: asks('a', 0) },
      send('b'),
      send('c'),
      send('d'),
    ]);
  });

  it('a jump back is a repeat, and what leaves the round goes on below it', () => {
    const head = sendingBlock('a', ['b']);
    const pause: Step = { type: 'wait', id: 'pause', for: 'P1D' };
    const { steps, rounds } = nest(
      graphOf([{ ...head, steps: [...head.steps, pause] }, sendingBlock('b', ['a', 'c']), sendingBlock('c', [])]),
      openIds(),
    );
    expect(rounds).toEqual(['a']);
    expect(steps).toEqual([
      {
        type: 'repeat',
        id: 'again-send-a',
        times: 52,
        steps: [send('a'), pause, send('b'), { type: 'skip', id: 'fork-b', to: 'send-c', if: { not: asks('b', 0) } }],
      },
      send('c'),
    ]);
  });

  it('a round in which no time passes is no repeat: the jump back is cut', () => {
    const { steps, cut } = nest(graphOf([sendingBlock('a', ['b']), sendingBlock('b', ['a'])]), openIds());
    expect(cut).toEqual([['b', 'a']]);
    expect(steps).toEqual([send('a'), send('b')]);
  });
});

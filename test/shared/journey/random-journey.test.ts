import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Journey, journeySchema, type Step } from '#shared/journey/journey.ts';
import { leavesOf, listsOf, stepPlaces } from '#shared/publish/walk.ts';
import { randomCondition } from '#test/build/random-condition.ts';
import { randomJourney } from '#test/build/random-journey.ts';

const stepsOf = (journey: Journey): Step[] => stepPlaces(journey).map(({ step }) => step);

/** Every skip with the ids that it may lead to: those of later steps in the lists around it. */
const skipsIn = (steps: readonly Step[], later: readonly string[] = []): { to: string; may: readonly string[] }[] =>
  steps.flatMap((step, i) => {
    const may = [...steps.slice(i + 1).map(({ id }) => id), ...later];
    const own = step.type === 'skip' ? [{ to: step.to, may }] : [];
    return [...own, ...listsOf(step).flatMap((list) => skipsIn(list.steps, may))];
  });

describe('a random journey', () => {
  it('fits the grammar, has each id once, leads skips forward and waits in every repetition', () => {
    fc.assert(
      fc.property(randomJourney, (journey) => {
        expect(journeySchema.parse(JSON.parse(JSON.stringify(journey)))).toEqual(journey);
        const steps = stepsOf(journey);
        expect(new Set(steps.map(({ id }) => id)).size).toBe(steps.length);
        for (const { to, may } of skipsIn(journey.steps)) expect(may).toContain(to);
        const repeats = steps.filter((step) => step.type === 'repeat');
        for (const repeat of repeats) expect(repeat.steps.some(({ type }) => type === 'wait')).toBe(true);
      }),
    );
  });

  it('has every kind of trigger and step sooner or later, steps within steps, and skips that leave a list', () => {
    const journeys = fc.sample(randomJourney, { numRuns: 100, seed: 7 });
    const steps = journeys.flatMap(stepsOf);
    expect(new Set(journeys.map(({ trigger }) => trigger.type)).size).toBe(5);
    expect(new Set(steps.map(({ type }) => type)).size).toBe(14);
    expect(Math.max(...journeys.flatMap((journey) => stepPlaces(journey).map(({ depth }) => depth)))).toBeGreaterThan(
      3,
    );
    expect(journeys.flatMap(({ steps: list }) => skipsIn(list)).some(({ to, may }) => may[0] !== to)).toBe(true);
  });

  it('asks every kind of condition sooner or later', () => {
    const subjects = ['trait', 'trigger', 'data', 'step', 'tag', 'segment', 'consent', 'event', 'message', 'journey'];
    const leaves = fc
      .sample(randomCondition, { numRuns: 300, seed: 7 })
      .flatMap((condition) => leavesOf(condition, [], 'ask'))
      .map(({ leaf }) => leaf);
    for (const subject of [...subjects, 'reachable', 'sample', 'now'])
      expect(leaves.some((leaf) => subject in leaf)).toBe(true);
  });
});

import type { Condition } from '#shared/condition/condition.ts';
import { armsOf } from '#shared/journey/compile.ts';
import type { Journey, Step } from '#shared/journey/journey.ts';
import { lazily } from './once.ts';
import type { Path } from './parse.ts';

export type Before = ReadonlySet<string>;

/** Every step and every condition of a journey, with where it stands in the file and what can have come before it. */
export type StepPlace = {
  readonly step: Step;
  readonly path: Path;
  /** Steps that a passage can have behind it here; not those of a neighbouring arm. */
  readonly before: () => Before;
  /** The step that runs in the same moment just before this one, if there is one; updates do not count. */
  readonly previous?: Step;
  /** 1 in the journey's own list. */
  readonly depth: number;
};

function armPath(step: Step, arm: string): Path {
  if (arm === 'then' || arm === 'otherwise') return [arm];
  if (arm === 'pass') return ['steps'];
  return [step.type === 'branch' ? 'cases' : 'arms', Number(arm), 'steps'];
}

/** The lists inside a step, with their paths from it. */
export const listsOf = (step: Step): readonly { path: Path; steps: readonly Step[] }[] =>
  armsOf(step).map(([arm, steps]) => ({ path: armPath(step, arm), steps }));

const idsIn = (steps: readonly Step[]): string[] =>
  steps.flatMap((step) => [step.id, ...listsOf(step).flatMap((list) => idsIn(list.steps))]);

type Around = Omit<StepPlace, 'step'>;

function placesIn(steps: readonly Step[], around: Around): StepPlace[] {
  const passed: string[] = [];
  let previous = around.previous;
  return steps.flatMap((step, i) => {
    const count = passed.length;
    const before = lazily(() => new Set([...around.before(), ...passed.slice(0, count)]));
    const place: StepPlace = {
      ...{ step, path: [...around.path, i], depth: around.depth, before },
      ...(previous && { previous }),
    };
    const instant = step.type === 'branch' || step.type === 'split';
    const inner = listsOf(step).flatMap((list) =>
      placesIn(list.steps, {
        path: [...place.path, ...list.path],
        depth: around.depth + 1,
        before: lazily(() => beforeInside(step, before())),
        ...(instant && previous && { previous }),
      }),
    );
    passed.push(step.id, ...inner.map((one) => one.step.id));
    if (step.type !== 'update') previous = step;
    return [place, ...inner];
  });
}

/** Who is in a later pass has every step of the repeat behind them. */
const beforeInside = (step: Step, before: Before): Before =>
  new Set([...before, step.id, ...(step.type === 'repeat' ? idsIn(step.steps) : [])]);

const nothing: Before = new Set();

export const stepPlaces = (journey: Journey): readonly StepPlace[] =>
  placesIn(journey.steps, { path: ['steps'], depth: 1, before: () => nothing });

/**
 * `entry` at the door, `where` about one event's data, `listen` waited for, `ask` answered at one moment, `contact` about
 * nothing but the contact, as in segments and settings.
 */
export type Use = 'entry' | 'where' | 'listen' | 'ask' | 'contact';
export type ConditionPlace = {
  readonly condition: Condition;
  readonly path: Path;
  readonly use: Use;
  readonly leaves: readonly LeafPlace[];
  /** Steps whose messages and results can be asked for; undefined: of all, as they come. */
  readonly before?: () => Before;
  /** The step that asks. */
  readonly place?: StepPlace;
  /** Of a `where`: types of the events that it is about. */
  readonly types?: readonly string[];
};

/** Taken apart once: many rules look at the leaves. */
export const placed = (place: Omit<ConditionPlace, 'leaves'>): ConditionPlace => ({
  ...place,
  leaves: leavesOf(place.condition, place.path, place.use, place.types),
});

function inStep(place: StepPlace): ConditionPlace[] {
  const { step, path, before } = place;
  const of = (condition: Condition | undefined, use: Use, ...inner: Path): ConditionPlace[] =>
    condition ? [placed({ condition, path: [...path, ...inner], use, before, place })] : [];
  const own = of(step.if, 'ask', 'if');
  if (step.type === 'waitFor') return [...own, ...of(step.for, 'listen', 'for')];
  if (step.type === 'branch') return [...own, ...step.cases.flatMap((c, i) => of(c.if, 'ask', 'cases', i, 'if'))];
  if (step.type === 'repeat') return [...own, ...of(step.until, 'ask', 'until')];
  return own;
}

export function conditionPlaces(journey: Journey, steps: readonly StepPlace[]): ConditionPlace[] {
  const { trigger, entry, goal } = journey;
  const where = trigger.type === 'event' ? trigger.where : undefined;
  const types = trigger.type === 'event' ? [trigger.event].flat() : [];
  return [
    ...(where
      ? [placed({ condition: where, path: ['trigger', 'where'], use: 'where', before: () => nothing, types })]
      : []),
    ...(entry?.if ? [placed({ condition: entry.if, path: ['entry', 'if'], use: 'entry', before: () => nothing })] : []),
    ...(goal ? [placed({ condition: goal.if, path: ['goal', 'if'], use: 'listen' })] : []),
    ...(journey.exits ?? []).map((e, i) => placed({ condition: e.if, path: ['exits', i, 'if'], use: 'listen' })),
    ...steps.flatMap(inStep),
  ];
}

export type LeafPlace = {
  readonly leaf: Leaf;
  readonly path: Path;
  readonly use: Use;
  /** Inside a `where`: types of the events whose data it looks at. */
  readonly types: readonly string[];
};
export type Leaf = Exclude<Condition, { all: unknown } | { any: unknown } | { not: unknown }>;

/** The leaves of a condition, those of an event's `where` too. */
export function leavesOf(condition: Condition, path: Path, use: Use, types: readonly string[] = []): LeafPlace[] {
  if ('all' in condition) return condition.all.flatMap((c, i) => leavesOf(c, [...path, 'all', i], use, types));
  if ('any' in condition) return condition.any.flatMap((c, i) => leavesOf(c, [...path, 'any', i], use, types));
  if ('not' in condition) return leavesOf(condition.not, [...path, 'not'], use, types);
  const own: LeafPlace = { leaf: condition, path, use, types };
  if (!('event' in condition) || !condition.where) return [own];
  return [own, ...leavesOf(condition.where, [...path, 'where'], 'where', [condition.event].flat())];
}

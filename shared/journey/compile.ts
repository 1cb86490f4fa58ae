import type { Condition } from '#shared/condition/condition.ts';
import { dependsOnState } from '#shared/condition/needs.ts';
import type { Channel } from '#shared/event/event.ts';
import type { Journey, Step } from './journey.ts';
import { attachListeners, type Listener } from './listeners.ts';

/**
 * A journey made ready to run: its nested steps as a table by id, each knowing what comes after it, and everything that
 * a passage listens for. Compiled on load from the version's definition, so that an improved compiler needs no migration.
 */
export type Node = {
  readonly step: Step;
  /** What follows when the step and its arms are through; null is the end. */
  readonly next: string | null;
  /** First step of each arm, by `then`, `otherwise`, or the position of the case or arm. An empty arm leads to `next`. */
  readonly arms: Readonly<Record<string, string | null>>;
  /** The repeats around it, the outermost first. */
  readonly within: readonly string[];
  /** Condition of a waitFor, its leaves marked with their listeners. */
  readonly listening?: Condition;
};

export type CompiledJourney = {
  readonly id: string;
  readonly version: number;
  readonly definition: Journey;
  readonly topic: string;
  /** Channels that its steps send on; undefined among them stands for the shop's own. */
  readonly channels: readonly (Channel | undefined)[];
  readonly first: string | null;
  readonly nodes: ReadonlyMap<string, Node>;
  readonly goal?: Condition;
  readonly exits: readonly { readonly if: Condition; readonly outcome: string }[];
  readonly listeners: readonly Listener[];
  /** Conditions that time, or something on the contact, can make true: not only what is listened to. */
  readonly asks: readonly Asking[];
  /** Whether any listener hears events of this type; what else happens to the contact does not concern a passage. */
  readonly hears: (type: string) => boolean;
};

/** A condition of a goal, an exit or a waitFor, by its owner. */
export type Asking = { readonly owner: string; readonly condition: Condition };

type Arms = readonly (readonly [name: string, steps: readonly Step[]])[];

/** The lists inside each kind of step. A new kind does not compile until it says which lists it has. */
const ARMS: { readonly [T in Step['type']]: (step: Extract<Step, { type: T }>) => Arms } = {
  send: () => [],
  wait: () => [],
  waitFor: (step) => [
    ['then', step.then ?? []],
    ['otherwise', step.otherwise ?? []],
  ],
  branch: (step) => [
    ...step.cases.map((c, i): readonly [string, readonly Step[]] => [String(i), c.steps]),
    ['otherwise', step.otherwise ?? []],
  ],
  split: (step) => step.arms.map((arm, i): readonly [string, readonly Step[]] => [String(i), arm.steps]),
  update: () => [],
  coupon: (step) => [['otherwise', step.otherwise]],
  call: (step) => [['otherwise', step.otherwise ?? []]],
  emit: () => [],
  enrol: () => [],
  leave: () => [],
  repeat: (step) => [['pass', step.steps]],
  skip: () => [],
  end: () => [],
};

/** The lists inside one step, by arm. */
export function armsOf<T extends Step['type']>(step: Extract<Step, { type: T }>): Arms {
  const arms: (step: Extract<Step, { type: T }>) => Arms = ARMS[step.type];
  return arms(step);
}

type Table = { readonly nodes: Map<string, Node>; readonly listeners: Listener[] };

function addList(table: Table, steps: readonly Step[], after: string | null, within: readonly string[]): void {
  steps.forEach((step, i) => {
    const next = steps[i + 1]?.id ?? after;
    const repeats = step.type === 'repeat';
    const back = repeats ? step.id : next;
    const lists = armsOf(step);
    const arms = Object.fromEntries(lists.map(([name, inner]) => [name, inner[0]?.id ?? back]));
    // The node stands before its arms, so that the table reads in the order of the file.
    const listening = step.type === 'waitFor' ? attachListeners(step.id, step.for, table.listeners) : undefined;
    table.nodes.set(step.id, { step, next, arms, within, ...(listening && { listening }) });
    for (const [, inner] of lists) addList(table, inner, back, repeats ? [...within, step.id] : within);
  });
}

const channelsOf = (nodes: readonly Node[]): (Channel | undefined)[] => [
  ...new Set(nodes.flatMap(({ step }) => (step.type === 'send' ? [step.channel].flat() : []))),
];

/** Owner of the goal's listeners; no step can have this id. */
export const GOAL = '!goal';
export const exitOwner = (position: number): string => `!exit${position}`;
/** Heard when the contact withdraws consent for the journey's topic. */
export const UNSUBSCRIBED = '!unsubscribed';
/** Heard when another journey makes the contact leave this one. */
export const TOLD_TO_LEAVE = '!leave';
/** Heard when the journey is archived, and when a version goes live that lets nobody stay on an earlier one. */
export const ARCHIVED = '!archived';
export const REPLACED = '!replaced';
/** Heard by one that stands still when its journey is no longer paused. */
export const RESUMED = '!resumed';

/** Makes a checked journey ready to run. */
export function compile(definition: Journey, version: number): CompiledJourney {
  const nodes = new Map<string, Node>();
  const listeners: Listener[] = [];
  const goal = definition.goal && attachListeners(GOAL, definition.goal.if, listeners);
  const exits = (definition.exits ?? []).map((exit, i) => ({
    if: attachListeners(exitOwner(i), exit.if, listeners),
    outcome: exit.outcome ?? 'left',
  }));
  addList({ nodes, listeners }, definition.steps, null, []);
  const types = new Set(listeners.flatMap((listener) => ('types' in listener ? listener.types : [])));
  return {
    id: definition.id,
    version,
    definition,
    topic: definition.topic ?? 'marketing',
    channels: channelsOf([...nodes.values()]),
    first: definition.steps[0]?.id ?? null,
    nodes,
    ...(goal && { goal }),
    exits,
    listeners,
    asks: [
      ...(goal ? [{ owner: GOAL, condition: goal }] : []),
      ...exits.map((exit, i) => ({ owner: exitOwner(i), condition: exit.if })),
      ...[...nodes].flatMap(([owner, { listening }]) => (listening ? [{ owner, condition: listening }] : [])),
    ].filter(({ condition }) => dependsOnState(condition)),
    hears: (type) => types.has(type) || types.has('any'),
  };
}

import type { Scope } from '#shared/condition/scope.ts';
import type { StoredEvent } from '#shared/event/event.ts';
import { earliestAfter, isSince } from '#shared/event/order.ts';
import type { CompiledJourney } from '#shared/journey/compile.ts';
import type { Listener } from '#shared/journey/listeners.ts';
import { ownOf } from '#shared/own-of.ts';
import { type Instant, plusMillis } from '#shared/time/instant.ts';
import type { Enrolment, Heard } from './enrolment.ts';
import { hearsEvent } from './hear.ts';
import { nextLegOf } from './leg.ts';

/** A passage that an edit takes along: where it goes on, and what it has heard, in the words of the new version. */

/** `publish.moved` sends them out. */
export const OUT = 'end';

type Moved = Readonly<Record<string, string>>;

/**
 * The step of the new version at which those who stand on this one go on; `end` when they are let go, undefined when the
 * edit does not say, so that they stay where they are.
 */
export function destinationOf(step: string, to: Pick<CompiledJourney, 'nodes'>, moved: Moved = {}): string | undefined {
  if (to.nodes.has(step)) return step;
  const said = ownOf(moved, step);
  return said === OUT || (said !== undefined && to.nodes.has(said)) ? said : undefined;
}

type Move = { readonly from: CompiledJourney; readonly to: CompiledJourney };

/**
 * The passage on the new version, in its next leg. On the same step it goes on waiting, reckoned from when the step began;
 * on another it arrives anew. What it has behind it is not run again, wherever the edit has put it.
 */
export function moveTo(passage: Enrolment, { from, to }: Move, heard: Enrolment['heard'], now: Instant): Enrolment {
  const { passed: _, ...rest } = nextLegOf({ ...passage, heard }, now);
  const moved = { ...rest, version: to.version, first: passage.first ?? passage.version };
  const step = passage.cursor && destinationOf(passage.cursor.step, to, to.definition.publish?.moved);
  if (!passage.cursor || step === undefined || step === null) return moved;
  const cursor = cursorOn(step, passage.cursor, { from, to }, now);
  const passed = passedBy(passage, step, to);
  const passes = passesAround(passage, step, to);
  return { ...moved, cursor, ...(passes && { passes }), ...(passed.length > 0 && { passed }) };
}

/**
 * An edit that has put a repeat around the passage finds it in the first pass: it comes round once less. Who is sent to
 * the repeat that it is in begins the same pass anew.
 */
function passesAround({ passes, cursor }: Enrolment, step: string, { nodes }: CompiledJourney): Enrolment['passes'] {
  const around = nodes.get(step)?.within ?? [];
  const pass = ownOf(passes, step);
  const anew = pass !== undefined && cursor?.step !== step ? { [step]: pass - 1 } : {};
  const first = Object.fromEntries(around.map((id) => [id, 1]));
  return passes || around.length > 0 ? { ...first, ...passes, ...anew } : passes;
}

type Cursor = NonNullable<Enrolment['cursor']>;

function cursorOn(step: string, cursor: Cursor, { from, to }: Move, now: Instant): Cursor {
  const isSame = from.nodes.get(cursor.step)?.step.type === to.nodes.get(step)?.step.type && cursor.step === step;
  const { stalled } = cursor;
  const standing = stalled === undefined ? {} : { stalled };
  if (!isSame || cursor.phase === 'arriving')
    return { step, visit: 0, began: now, wakeAt: now, phase: 'arriving', ...standing };
  return { step, visit: cursor.visit, began: cursor.began, wakeAt: now, moved: true, ...standing };
}

/** Steps that lie ahead now and behind it before. In a repeat that it is in, they come again with each pass. */
function passedBy({ visits }: Enrolment, step: string, { nodes }: CompiledJourney): string[] {
  const order = [...nodes.keys()];
  const around = nodes.get(step)?.within ?? [];
  return order.slice(order.indexOf(step) + 1).filter((id) => {
    const isRepeated = nodes.get(id)?.within.some((repeat) => around.includes(repeat)) ?? false;
    return ownOf(visits, id) !== undefined && !isRepeated;
  });
}

/** Who owns a listener, as far as two versions can agree: exits have no names, and their places change. */
const ownerOf = ({ owner }: Listener): string => owner.replace(/^!exit\d+$/, '!exit');

/** The same for two listeners that listen for the same thing. */
function wordsOf(listener: Listener): string {
  const { id: _, owner: __, ...asked } = listener;
  return JSON.stringify([ownerOf(listener), asked]);
}

/** Listeners of the new version that matter where the passage goes on: goal, exits, and the waitFor that it stands on. */
const listening = (passage: Enrolment, { to }: Move): Listener[] =>
  to.listeners.filter(({ owner }) => owner.startsWith('!') || owner === passage.cursor?.step);

/** What has been heard by listeners that listen for the same in the new version, under their names there. */
export function carriedOver(passage: Enrolment, move: Move): Enrolment['heard'] {
  const known = new Map(move.from.listeners.map((listener) => [wordsOf(listener), listener.id]));
  const orders = Object.entries(passage.heard).filter(([id]) => id.startsWith('!') && !id.includes('/'));
  const carried = listening(passage, move).flatMap((listener): [string, Heard][] => {
    const heard = ownOf(passage.heard, known.get(wordsOf(listener)) ?? '');
    return heard ? [[listener.id, heard]] : [];
  });
  return Object.fromEntries([...orders, ...carried]);
}

/** How much older than its arrival an event may be that a waitFor hears. */
const FRESH = 86_400_000;

/**
 * What listeners that the new version has begun with would have heard by now. Their events are asked for in `scope`: since
 * the trigger for goal and exits, since the step began for a waitFor.
 */
export function heardAnew(passage: Enrolment, move: Move, scope: Scope): Enrolment['heard'] {
  const known = new Set(move.from.listeners.map(wordsOf));
  const began = passage.cursor?.began ?? passage.entered;
  return Object.fromEntries(
    listening(passage, move).flatMap((listener): [string, Heard][] => {
      if (!('types' in listener) || known.has(wordsOf(listener))) return [];
      const isStep = !listener.owner.startsWith('!');
      const since = isStep ? plusMillis(began, -FRESH) : earliestAfter(passage.trigger);
      const counts = (event: StoredEvent): boolean =>
        event.id !== passage.trigger.event &&
        (isStep ? (event.arrived ?? event.at) >= began : isSince(event, passage.trigger)) &&
        hearsEvent(listener, event, scope);
      const events = scope.facts.events({ types: listener.types, since }).filter(counts);
      const first = events.at(-1);
      return first ? [[listener.id, { n: events.length, event: first.id, type: first.type, at: first.at }]] : [];
    }),
  );
}

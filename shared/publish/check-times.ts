import type { Duration, Window } from '#shared/condition/condition.ts';
import type { Moment } from '#shared/journey/journey.ts';
import { closed } from './check-windows.ts';
import type { Checked } from './context.ts';
import { daysOf } from './durations.ts';
import type { Path } from './parse.ts';
import { inWords } from './population.ts';
import { MISFIT, type Remark, remark } from './remarks.ts';
import type { StepPlace } from './walk.ts';

const LONGEST_WAIT = 366;
/** Days that events are kept. */
const MEMORY = 400;

/** Durations are positive and within what is kept; windows can be open; a wait waits. */
export function checkTimes(checked: Checked): Remark[] {
  const { journey, steps, source } = checked;
  const { trigger, entry, goal } = journey;
  const quiet = trigger.type === 'event' && trigger.quietFor !== undefined;
  return [
    ...(quiet ? duration(trigger.quietFor, ['trigger', 'quietFor'], '"quietFor"', checked) : []),
    ...duration(entry?.again?.after, ['entry', 'again', 'after'], '"after"', checked, Number.POSITIVE_INFINITY),
    ...duration(goal?.window, ['goal', 'window'], '"window"', checked, MEMORY),
    ...(trigger.type === 'date' && trigger.trait === undefined ? [dateless(checked)] : []),
    ...steps.flatMap((place) => stepTimes(place, checked)),
    ...steps.flatMap(({ step, path }) =>
      step.type === 'wait' && typeof step.for === 'string' && looksLikeMinutes(step.for)
        ? [remark('W20', source.at([...path, 'for']), minutesOrMonths(step.for))]
        : [],
    ),
  ];
}

const dateless = ({ source }: Checked): Remark =>
  remark(MISFIT, source.at(['trigger']), 'A date that starts a journey is one of the contact: name it by "trait".');

/** More often a slip for five minutes than a wish for five months. */
const looksLikeMinutes = (text: string): boolean => /^P\d+M$/.test(text) && daysOf(text) >= 90;

function minutesOrMonths(text: string): string {
  const count = inWords(Number(text.slice(1, -1)));
  const first = count.charAt(0).toUpperCase() + count.slice(1);
  return `"${text}" is ${count} months. ${first} minutes is "PT${text.slice(1)}".`;
}

function stepTimes({ step, path }: StepPlace, checked: Checked): Remark[] {
  const { source } = checked;
  if (step.type === 'waitFor') return duration(step.upTo, [...path, 'upTo'], `"${step.id}"`, checked);
  if (step.type !== 'wait') return [];
  if (step.for === undefined && step.until === undefined) {
    return [remark('E08', source.at(path), `"${step.id}" waits no time at all. Remove it or give it a time.`)];
  }
  const until = step.until;
  const moment = typeof until === 'object' && !isWindow(until) && until;
  return [
    ...(moment && step.missed === undefined ? [unsaid(moment, path, checked)] : []),
    ...duration(step.for, [...path, 'for'], `"${step.id}"`, checked),
    ...(typeof until === 'object' && isWindow(until) ? closed(until, [...path, 'until'], checked.source) : []),
  ];
}

/** A reference has its bounds checked; what it refers to is only known later. */
function duration(
  given: Duration | undefined,
  path: Path,
  name: string,
  checked: Checked,
  longest = LONGEST_WAIT,
): Remark[] {
  if (given === undefined) return [];
  if (typeof given !== 'string') {
    const parts = [
      ['otherwise', given.otherwise],
      ['atLeast', given.atLeast],
      ['atMost', given.atMost],
    ] as const;
    return parts.flatMap(([key, value]) => duration(value, [...path, key], name, checked, longest));
  }
  const days = daysOf(given);
  const at = checked.source.at(path);
  if (days === 0) return [remark('E08', at, `${name} waits no time at all. Remove it or give it a time.`)];
  if (days <= longest) return [];
  if (longest === MEMORY)
    return [
      remark(
        'E26',
        at,
        `Events are kept for ${MEMORY} days. ${name} looks further. For longer, fold a trait in settings.`,
      ),
    ];
  return [remark('E09', at, 'A wait lasts at most a year ("P1Y").')];
}

/** Some contacts lack the date, or it is past: whoever writes the journey says what becomes of them. */
function unsaid({ trait, trigger, step }: Moment, path: Path, { source }: Checked): Remark {
  const name = trait ?? trigger ?? step ?? 'the date';
  const text = `Some have no "${name}", or it is past. Say "missed": "end" or "continue".`;
  return remark('E39', source.at([...path, 'until']), text);
}

const isWindow = (until: object): until is Window => !['trait', 'trigger', 'step'].some((key) => key in until);

/** `within` of events, which are not kept for ever. */
export const isBeyondMemory = (within: string | undefined): boolean => within !== undefined && daysOf(within) > MEMORY;

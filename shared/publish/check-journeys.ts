import { isOwnType } from '#shared/event/own.ts';
import { ownOf } from '#shared/own-of.ts';
import { knownJourneys, unknownName } from './check-names.ts';
import type { Checked } from './context.ts';
import { type JourneyFacts, journeyFacts } from './facts.ts';
import { MISFIT, type Remark, remark } from './remarks.ts';
import type { StepPlace } from './walk.ts';

/** What a journey does to journeys: enrols into them, makes contacts leave them, starts itself again. */
export const checkJourneys = (checked: Checked): Remark[] =>
  checked.steps.flatMap((place) => [...enrol(place, checked), ...leave(place, checked), ...emit(place, checked)]);

function enrol({ step, path }: StepPlace, { journey, context, source }: Checked): Remark[] {
  if (step.type !== 'enrol') return [];
  const at = source.at([...path, 'journey']);
  const own = journeyFacts(journey);
  const known = { ...context.journeys, [journey.id]: own };
  const target = ownOf(known, step.journey);
  if (!target) return unknownName('journey', step.journey, at, Object.keys(context.journeys));
  if (target.trigger !== 'manual') {
    const started = target.trigger === 'event' ? 'an event' : `a ${target.trigger}`;
    const text = `"${step.journey}" is started by ${started}. Only "manual" journeys can be enrolled into: give it the trigger { "type": "manual" }.`;
    return [remark('E46', at, text)];
  }
  const circle = own.enrols.includes(step.journey) && leadsTo(journey.id, step.journey, known);
  return circle
    ? [remark('E34', at, `"${step.id}" starts this very journey again, with no wait between. Put one before it.`)]
    : [];
}

function leadsTo(
  to: string,
  from: string,
  known: Readonly<Record<string, JourneyFacts>>,
  seen = new Set<string>(),
): boolean {
  if (from === to) return true;
  if (seen.has(from)) return false;
  seen.add(from);
  return (ownOf(known, from)?.enrols ?? []).some((next) => leadsTo(to, next, known, seen));
}

function leave({ step, path }: StepPlace, checked: Checked): Remark[] {
  if (step.type !== 'leave') return [];
  return [step.journey].flat().flatMap((id, i) => {
    const at = checked.source.at(Array.isArray(step.journey) ? [...path, 'journey', i] : [...path, 'journey']);
    if (id === checked.journey.id) return [remark('E15', at, `To leave "${id}" itself, use the step "end".`)];
    return unknownName('journey', id, at, knownJourneys(checked));
  });
}

function emit({ step, path }: StepPlace, { journey, source }: Checked): Remark[] {
  if (step.type !== 'emit') return [];
  const own = `"${step.event}" is a word of Tropa's own, which says so itself. Choose another for your event.`;
  if (isOwnType(step.event)) return [remark(MISFIT, source.at([...path, 'event']), own)];
  if (journey.trigger.type !== 'event') return [];
  if (![journey.trigger.event].flat().includes(step.event)) return [];
  return [
    remark(
      'E34',
      source.at([...path, 'event']),
      `"${step.id}" starts this very journey again. Choose another event, or use "repeat".`,
    ),
  ];
}

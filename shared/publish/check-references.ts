import { isHappening } from '#shared/event/happenings.ts';
import type { Step } from '#shared/journey/journey.ts';
import type { Settings } from '#shared/settings/settings.ts';
import { checkTrait, isAmong } from './check-names.ts';
import type { Asking } from './context.ts';
import { didYouMean, meantOr } from './did-you-mean.ts';
import { leftFields, triggerFields } from './kinds.ts';
import { lazily } from './once.ts';
import { type Reference, referencesIn } from './references.ts';
import { type Position, type Remark, remark, UNDECLARED } from './remarks.ts';
import type { Before } from './walk.ts';

/** Values that are read from elsewhere: whether they can be there when they are asked for. */
export function checkReferences(asking: Asking): Remark[] {
  const { journey, steps, conditions } = asking;
  const nothing = lazily(() => new Set<string>());
  const everything = lazily(() => new Set(steps.map(({ step }) => step.id)));
  const of = (value: object | undefined, path: string, before: () => Before) =>
    referencesIn(value ?? {}, [path]).flatMap((r) => reference(r, before, asking));
  return [
    ...of(journey?.trigger, 'trigger', nothing),
    ...of(journey?.entry, 'entry', nothing),
    ...of(journey?.goal, 'goal', everything),
    ...of(journey?.exits, 'exits', everything),
    ...steps.flatMap(({ step, path, before }) =>
      referencesIn(withoutConditions(step), path).flatMap((r) => reference(r, before, asking)),
    ),
    ...conditions.flatMap(({ condition: c, path, before, use }) =>
      referencesIn(c, path, use === 'where').flatMap((r) => reference(r, before ?? everything, asking)),
    ),
  ];
}

/** Conditions come by themselves. */
const withoutConditions = ({ if: _, ...step }: Step): object =>
  step.type === 'waitFor' ? { ...step, for: undefined } : step;

function reference(r: Reference, before: () => Before, asking: Asking): Remark[] {
  const { source, journey } = asking;
  if (r.kind === 'trait') return checkTrait(r.to, r.path, asking);
  if (r.kind === 'data') {
    const text = `"data" is for the events inside "where".${journey ? ' Here it is "trigger".' : ''}`;
    return r.inWhere ? [] : [remark('E22', source.at(r.path), text)];
  }
  if (!journey) {
    const text = `"${r.kind}" belongs to a journey; here there is only the contact. Ask by "trait", "tag" or "event".`;
    return [remark('E22', source.at(r.path), text)];
  }
  return r.kind === 'trigger' ? ofTrigger(r, asking) : ofStep(r, before, asking);
}

function ofTrigger({ to, path }: Reference, { journey, context, source }: Asking): Remark[] {
  const fields = journey && triggerFields(context.settings, journey.trigger);
  if (!journey || !fields || isAmong(to, fields)) return [];
  const { trigger } = journey;
  const hint = meantOr(to, fields);
  if (trigger.type !== 'event') {
    const by = trigger.type === 'manual' ? 'hand' : `a ${trigger.type}`;
    return [remark('E23', source.at(path), `This journey is started by ${by}, which has no "${to}".${hint}`)];
  }
  const types = [trigger.event].flat().map((type) => `"${type}"`);
  // What settings declare may be all that somebody thought of; of its own words Tropa knows all.
  const code = [trigger.event].flat().every(isHappening) ? 'E23' : UNDECLARED;
  return [remark(code, source.at(path), `${types.join(' or ')} has no "${to}".${hint}`)];
}

function ofStep({ to, path }: Reference, before: () => Before, asking: Asking): Remark[] {
  const { steps, source } = asking;
  const [id = '', ...field] = to.split('.');
  const place = steps.find(({ step }) => step.id === id);
  const at = source.at(path);
  if (!place) {
    const ids = steps.map(({ step }) => step.id);
    return [remark('E25', at, `There is no step "${id}".${meantOr(id, ids)}`)];
  }
  if (before().has(id)) return left(place.step, field.join('.'), at, asking.context.settings);
  const name = field[0] ?? 'result';
  const there = source.at(place.path);
  const later = there.line > at.line || (there.line === at.line && there.column >= at.column);
  const text = later
    ? `"${id}" comes later than this step, so its ${name} is not there yet. Move it up.`
    : `"${id}" lies on another way than this step, so its ${name} is not there. Put it before the ways part.`;
  return [remark('E25', at, text)];
}

/** Whether the step leaves such a thing. */
function left(step: Step, field: string, at: Position, settings: Settings): Remark[] {
  const own = leftFields(settings, step);
  if (field === '' || field === 'at' || !own || isAmong(field, own)) return [];
  const there = ['at', ...own].map((name) => `"${name}"`).join(' and ');
  return [remark('E25', at, `"${step.id}" leaves ${there}, no "${field}".${didYouMean(field, ['at', ...own])}`)];
}

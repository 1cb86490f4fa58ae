import { IDENTITY_KINDS } from '#shared/event/event.ts';
import { isHappening } from '#shared/event/happenings.ts';
import type { SendStep, Step } from '#shared/journey/journey.ts';
import { DECLARE_TRAIT, isAmong, knownTraits } from './check-names.ts';
import type { Checked, TemplateFacts } from './context.ts';
import { didYouMean } from './did-you-mean.ts';
import { leftFields, triggerFields } from './kinds.ts';
import { type Remark, remark, UNDECLARED } from './remarks.ts';
import type { StepPlace } from './walk.ts';

type SendPlace = StepPlace & { readonly step: SendStep };
/** What is wrong with a print: its code, the rest of the sentence, what may have been meant, and else how to mend it. */
type Fault = { readonly code: string; readonly but: string; readonly near: string; readonly mend: string };
/** `name`: the path without its first word. */
type Judge = (name: string, place: SendPlace, checked: Checked) => Fault | undefined;

/**
 * What a template prints, held against the step that sends it: a field that the contact, the trigger, an earlier step or the
 * send's own data will never have stays blank in every mail.
 */
export function checkPrints(template: TemplateFacts, place: SendPlace, checked: Checked): Remark[] {
  const at = checked.source.at([...place.path, 'template']);
  return (template.variables ?? []).flatMap((variable) => {
    const [root = '', ...rest] = variable.split('.');
    const fault = rest.length === 0 ? undefined : JUDGES.get(root)?.(rest.join('.'), place, checked);
    // A print that does without it may be meant for others; one that is nearly right is a slip.
    if (!fault || (template.guarded?.includes(variable) && fault.near === '')) return [];
    const text = `"${place.step.template}" prints ${variable}, but ${fault.but}.${fault.near || fault.mend}`;
    return [remark(fault.code, at, text)];
  });
}

/** Beside traits: what a contact is known by, and their tags. */
const OF_CONTACT: readonly string[] = [...IDENTITY_KINDS, 'tags'];

const ofContact: Judge = (name, _, checked) => {
  const known = [...knownTraits(checked), ...OF_CONTACT];
  if (isAmong(name, known)) return undefined;
  const code = Object.keys(checked.context.settings.traits).length === 0 ? UNDECLARED : 'E17';
  const mend = ` ${DECLARE_TRAIT}`;
  return { code, but: `nobody has a trait "${name}"`, near: didYouMean(name, known), mend };
};

const ofTrigger: Judge = (name, _, { journey: { trigger }, context }) => {
  const known = triggerFields(context.settings, trigger);
  if (!known || isAmong(name, known)) return undefined;
  const types = trigger.type === 'event' ? [trigger.event].flat() : [];
  const code = types.length > 0 && !types.every(isHappening) ? UNDECLARED : 'E23';
  const what = types.map((type) => `"${type}"`).join(' or ') || 'the trigger';
  const mend =
    code === UNDECLARED
      ? ' If it comes with the event, add it under "events" in settings.json.'
      : ` It has ${known.map((one) => `"${one}"`).join(', ')}.`;
  return { code, but: `${what} has no "${name}"`, near: didYouMean(name, known), mend };
};

const ofData: Judge = (name, { step }) => {
  const given = Object.keys(step.data ?? {});
  if (isAmong(name, given)) return undefined;
  const mend = ` Add it to the "data" of "${step.id}".`;
  return { code: 'E13', but: `"${step.id}" gives no "${name}" in its "data"`, near: didYouMean(name, given), mend };
};

/** Steps that this mail does not come after. */
const ofSteps: Judge = (name, { step, before }, { context, steps }) => {
  const [id = '', field = ''] = name.split('.');
  if (before().has(id)) return undefined;
  const leaves = (s: Step) => leftFields(context.settings, s)?.includes(field) ?? false;
  const leaving = steps.filter(({ step: s }) => before().has(s.id) && leaves(s));
  const other = leaving.length === 1 ? ` Did you mean "${leaving[0]?.step.id}"?` : '';
  const near = didYouMean(id, before()) || other;
  return {
    code: 'E13',
    but: `no step "${id}" comes before "${step.id}"`,
    near,
    mend: ' Put one there, or take the print out.',
  };
};

const JUDGES: ReadonlyMap<string, Judge> = new Map([
  ['contact', ofContact],
  ['trigger', ofTrigger],
  ['data', ofData],
  ['steps', ofSteps],
]);

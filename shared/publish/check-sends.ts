import { CONSENT_PENDING } from '#shared/event/happenings.ts';
import type { SendStep } from '#shared/journey/journey.ts';
import { ownOf } from '#shared/own-of.ts';
import { kindOfTopic } from '#shared/settings/settings.ts';
import { CONFIRM } from '#shared/template/template.ts';
import { unknownName } from './check-names.ts';
import { checkPrints } from './check-prints.ts';
import { noConfirming, noWayOut } from './check-template.ts';
import { type Checked, type TemplateFacts, topicsOf } from './context.ts';
import { didYouMean } from './did-you-mean.ts';
import { percent } from './population.ts';
import { NOT_TO_CONFIRM, NOTHING_TO_CONFIRM, type Position, type Remark, remark, TOPICS_DIFFER } from './remarks.ts';
import type { StepPlace } from './walk.ts';

type SendPlace = StepPlace & { readonly step: SendStep };
const isSend = (place: StepPlace): place is SendPlace => place.step.type === 'send';

/** What a send says, with which right, where: templates, topics, senders, the way out of it. */
export function checkSends(checked: Checked): Remark[] {
  const { journey, steps, source } = checked;
  const sends = steps.filter(isSend);
  const topic =
    journey.topic === undefined
      ? []
      : unknownName('topic', journey.topic, source.at(['topic']), topicsOf(checked.context.settings));
  return [...topic, ...sends.flatMap((place) => send(place, checked)), ...withoutConsent(sends, checked)];
}

const topicOf = (step: SendStep, { journey }: Checked): string => step.topic ?? journey.topic ?? 'marketing';

function send(place: SendPlace, checked: Checked): Remark[] {
  const { step, path } = place;
  const { settings, templates } = checked.context;
  const at = (key: string) => checked.source.at([...path, key]);
  const template = ownOf(templates, step.template);
  const faulty = ownOf(checked.context.faulty ?? {}, step.template);
  const missing = faulty
    ? `The template "${step.template}" has errors of its own. Mend ${faulty} first.`
    : `There is no template "${step.template}".${didYouMean(step.template, Object.keys(templates)) || ` It would lie at templates/${step.template}/email.mjml.`}`;
  return [
    ...(template ? printed(template, place, checked) : [remark('E11', at('template'), missing)]),
    ...(step.topic === undefined ? [] : unknownName('topic', step.topic, at('topic'), topicsOf(settings))),
    ...(step.sender === undefined
      ? []
      : unknownName('sender', step.sender, at('sender'), Object.keys(settings.senders))),
    ...together(place, checked),
  ];
}

function printed(template: TemplateFacts, place: SendPlace, checked: Checked): Remark[] {
  const { step, path } = place;
  const { settings } = checked.context;
  const at = checked.source.at([...path, 'template']);
  const topic = topicOf(step, checked);
  const kind = kindOfTopic(settings, topic);
  const differ = template.topic !== undefined && kindOfTopic(settings, template.topic) !== kind;
  const channels = [step.channel ?? settings.channels.default].flat();
  return [
    ...channels
      .filter((channel) => !template.channels.includes(channel))
      .map((channel) => remark('E12', checked.source.at([...path, 'channel']), noText(step.template, channel))),
    ...(topicsOf(settings).includes(topic) && kind === 'marketing' && !template.hasUnsubscribe
      ? [remark('E14', at, noWayOut(step.template))]
      : []),
    ...(differ
      ? [
          remark(
            TOPICS_DIFFER,
            at,
            `"${step.template}" is written for "${template.topic}" and goes out as "${topic}", which is ${kind}.`,
          ),
        ]
      : []),
    ...(template.variables?.includes(CONFIRM) ? confirming(step, topic, at, checked) : []),
    ...checkPrints(template, place, checked),
  ];
}

/** Who has still to confirm gets no marketing, and is known by one event alone. */
function confirming(step: SendStep, topic: string, at: Position, { journey, context }: Checked): Remark[] {
  if (kindOfTopic(context.settings, topic) === 'marketing')
    return [remark(NOT_TO_CONFIRM, at, noConfirming(step.template, topic))];
  const { trigger } = journey;
  if (trigger.type === 'manual' || (trigger.type === 'event' && [trigger.event].flat().includes(CONSENT_PENDING)))
    return [];
  const text = `"${step.template}" prints ${CONFIRM}, and nothing waits for that here. Start the journey with the event "${CONSENT_PENDING}".`;
  return [remark(NOTHING_TO_CONFIRM, at, text)];
}

const noText = (template: string, channel: string) =>
  `"${template}" has no text for ${channel}. Add templates/${template}/${channel}.${channel === 'email' ? 'mjml' : 'liquid'} or remove ${channel}.`;

function together({ step, path, previous }: SendPlace, { source }: Checked): Remark[] {
  if (previous?.type !== 'send' || previous.if || step.if) return [];
  return [remark('W04', source.at(path), `"${previous.id}" and "${step.id}" go out together. Is a wait missing?`)];
}

/** Asked anywhere on the way in or before a send is enough: how the question is put is the marketer's affair. */
function withoutConsent(sends: readonly SendPlace[], checked: Checked): Remark[] {
  const asks = checked.conditions.some(({ leaves }) =>
    leaves.some(({ leaf }) => 'consent' in leaf || 'reachable' in leaf),
  );
  const first = sends.find(({ step }) => kindOfTopic(checked.context.settings, topicOf(step, checked)) === 'marketing');
  if (asks || !first) return [];
  const topic = topicOf(first.step, checked);
  const share = checked.context.population?.consenting?.[topic];
  const today = share === undefined ? '' : ` (${percent(1 - share)} today)`;
  const text = `Those without consent for "${topic}" walk the journey and get nothing${today}. Ask in "entry".`;
  return [remark('W01', checked.source.at(first.path), text)];
}

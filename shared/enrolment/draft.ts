import type { SendStep } from '#shared/journey/journey.ts';
import type { Message } from '#shared/message/message.ts';
import { kindOfTopic } from '#shared/settings/settings.ts';
import { valuesOf } from './steps/run.ts';
import type { StepContext } from './turn.ts';

/** The message that a send step puts out: what to say, by which right, in which lane. Whether it may go is asked when it goes. */
export function draftMessage(step: SendStep, at: StepContext, id: string): Message {
  const { enrolment, journey, here } = at;
  const passes = Object.entries(enrolment.passes ?? {}).filter(([repeat]) => at.node.within.includes(repeat));
  const topic = step.topic ?? journey.topic;
  const channel =
    typeof step.channel === 'string' ? step.channel : (step.channel?.[0] ?? here.settings.channels.default);
  return {
    v: 1,
    id,
    contact: enrolment.contact,
    journey: journey.id,
    key: enrolment.key,
    n: enrolment.n,
    version: journey.version,
    step: step.id,
    visit: at.visit,
    channel,
    topic,
    lane: kindOfTopic(here.settings, topic),
    template: step.template,
    ...(step.sender !== undefined && { sender: step.sender }),
    ...(step.locale !== undefined && { locale: step.locale }),
    ...(step.data !== undefined && { data: valuesOf(step.data, here) }),
    ...(passes.length > 0 && { passes: Object.fromEntries(passes) }),
    ...(enrolment.trigger.hops && { hops: enrolment.trigger.hops }),
    queuedAt: at.now,
    state: 'queued',
    facts: {},
  };
}

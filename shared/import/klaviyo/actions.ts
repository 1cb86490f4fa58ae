import * as z from 'zod';
import type { Condition } from '#shared/condition/condition.ts';
import { own } from '#shared/import/choice.ts';
import { inWords } from '#shared/import/durations.ts';
import type { Block } from '#shared/import/graph.ts';
import type { Source } from '#shared/import/source.ts';
import type { Step } from '#shared/journey/journey.ts';
import { alert, webhook } from './calls.ts';
import { experiment } from './experiment.ts';
import { type KlaviyoFlow, type Make, next } from './flow.ts';
import { asItWas, messageStep } from './messages.ts';
import { listUpdate, update } from './profiles.ts';
import { multiSplit, outputSplit, split } from './splits.ts';
import { countdown, targetDate, timeDelay } from './waits.ts';

const text = z.string().min(1);

const message: Make = (action, key, flow) => ({
  steps: [asItWas(messageStep(action, flow.idOf(key), flow), action, flow)],
  ...next(action),
});

export const waits =
  (read: (data: Source, flow: KlaviyoFlow) => readonly ReturnType<typeof timeDelay>[]): Make =>
  (action, key, flow) => {
    const parts = read(action.at('data'), flow).filter((part) => part.for ?? part.until);
    const steps = parts.map((part, i): Step => {
      const id = i === 0 ? flow.idOf(key) : flow.ids.claim('right-day', 'wait');
      return { type: 'wait', id, ...part };
    });
    return { steps, ...next(action) };
  };

const restocked: Make = (action, key, flow) => {
  const id = flow.idOf(key);
  flow.asking.notes.changed(
    action,
    'It waits until this product is there again, at most 90 days.',
    'Let the shop post "product.restocked" for each contact who waits for it.',
  );
  const happened: Condition = {
    event: 'product.restocked',
    where: { data: 'productId', is: { trigger: 'productId' } },
  };
  const end: Step = { type: 'end', id: flow.ids.claim('not-restocked', 'end'), outcome: 'not-restocked' };
  const build = ([then = []]: readonly (readonly Step[])[]): Step => ({
    ...{ type: 'waitFor', id, for: happened, upTo: 'P90D' },
    ...{ then: [...then], otherwise: [end] },
  });
  return { steps: [], fork: { id, to: [next(action).next], waits: true, build } };
};

const test: Make = (action, key, flow) => ({
  steps: experiment(action, flow.idOf(key), flow).map((step) => asItWas(step, action, flow)),
  ...next(action),
});

const lost =
  (what: string, instead: string): Make =>
  (action, _key, { asking }) => {
    const onward = next(action);
    asking.notes.lost(action, what, instead);
    return { steps: [], ...onward };
  };

const NO_CODE = 'A "call" step can run it elsewhere.';

const MAKE: Readonly<Record<string, Make>> = {
  ...{ 'send-email': message, 'send-sms': message, 'send-mobile-push': message, 'send-push': message },
  'time-delay': waits((data) => [timeDelay(data)]),
  'target-date': waits((data, { day }) => targetDate(data, day)),
  'countdown-delay': waits((data, { day }) => countdown(data, day)),
  'back-in-stock-delay': restocked,
  'conditional-split': split('profile_filter', 'trait'),
  'trigger-split': split('trigger_filter', 'trigger'),
  'multi-branch-split': multiSplit,
  'action-output-split': outputSplit,
  ...{ 'ab-test': test, 'content-experiment': test },
  'send-webhook': webhook,
  ...{ 'send-internal-alert': alert, 'internal-alert': alert },
  'update-profile': update,
  'list-update': listUpdate,
  'send-whatsapp': lost('WhatsApp is no channel here.', 'Send it by another channel.'),
  code: lost('No code runs in journeys.', NO_CODE),
  'internal-service': lost('Services of Klaviyo itself cannot run here.', NO_CODE),
};

export function blockOf(action: Source, key: string, flow: KlaviyoFlow): Block {
  flow.asking.notes.drop(action, ['id', 'temporary_id'], 'ids of the other tool');
  const type = action.at('type').value;
  const make = typeof type === 'string' ? own(MAKE, type) : undefined;
  if (make) {
    const block = make(action, key, flow);
    action.at('type').take(text);
    return { key, ...block };
  }
  const onward = next(action);
  flow.asking.notes.lost(action, `The action "${String(type)}" is not known.`);
  return { key, steps: [], ...onward };
}

/** A name for an action that has none. */
export function wordsOf(action: Source): string {
  const data = action.at('data');
  const given =
    data.at('message').at('name').value ??
    data.at('name').value ??
    data.at('main_action').at('data').at('message').at('name').value;
  if (typeof given === 'string' && given !== '') return given;
  const type = String(action.at('type').value ?? 'step');
  const { for: duration } = type === 'time-delay' ? timeDelay(data) : {};
  return typeof duration === 'string' ? `wait ${inWords(duration)}` : (own(NAMES, type) ?? type);
}

const NAMES: Readonly<Record<string, string>> = {
  ...{
    'time-delay': 'wait',
    'target-date': 'the day',
    'countdown-delay': 'before the day',
    'back-in-stock-delay': 'back in stock',
  },
  ...{ 'conditional-split': 'which', 'trigger-split': 'what happened', 'action-output-split': 'what came of it' },
  ...{ 'update-profile': 'note it', 'list-update': 'list', 'ab-test': 'test', 'content-experiment': 'test' },
};

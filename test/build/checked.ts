import { checkJourney } from '#shared/publish/check.ts';
import type { CheckContext, TemplateFacts } from '#shared/publish/context.ts';
import type { JourneyFacts } from '#shared/publish/facts.ts';
import { settings } from '#test/build/settings.ts';

export const template = (given: Partial<TemplateFacts> = {}): TemplateFacts => ({
  channels: ['email'],
  hasUnsubscribe: true,
  ...given,
});

export const facts = (given: Partial<JourneyFacts> = {}): JourneyFacts => ({
  trigger: 'event',
  events: [],
  quiet: false,
  enrols: [],
  emits: [],
  sets: [],
  asksFor: [],
  sends: [],
  topics: [],
  ...given,
});

/** A shop with two templates, three topics and one further sender. */
export const context = (given: Partial<CheckContext> = {}): CheckContext => ({
  settings: settings({
    topics: { news: { kind: 'marketing' }, offers: { kind: 'marketing' }, orders: { kind: 'transactional' } },
    endpoints: {
      a: { email: 'team@shop.example' },
      crm: { https: 'https://crm.shop.example/hook', secret: 'crm' },
    },
    senders: { default: { email: 'hello@shop.example' }, care: { email: 'care@shop.example' } },
    traits: { name: 'text', points: 'number', birthday: 'date', cycle: 'duration', 'trial.endsAt': 'date' },
  }),
  templates: { hello: template(), receipt: template({ hasUnsubscribe: false }) },
  journeys: {},
  segments: { vip: { tag: 'vip' } },
  pools: ['a', 'cart-10'],
  surveys: ['nps'],
  ...given,
});

export const send = (id: string, more: object = {}) => ({ type: 'send', id, template: 'hello', ...more });
export const wait = (id: string, more: object = { for: 'P1D' }) => ({ type: 'wait', id, ...more });
export const end = (id: string, more: object = {}) => ({ type: 'end', id, ...more });

/** The text of a journey without a fault, with what the test says otherwise. Undefined leaves a part out. */
export const journeyText = (changes: object = {}): string =>
  JSON.stringify(
    {
      id: 'j',
      name: 'J',
      status: 'live',
      topic: 'offers',
      trigger: { type: 'event', event: 'cart.updated' },
      entry: { if: { consent: 'offers' } },
      goal: { if: { event: 'purchase' } },
      steps: [send('first')],
      ...changes,
    },
    null,
    2,
  );

/** What publish says of it, as `code message`. */
export const said = (changes: object, given: CheckContext = context()): string[] =>
  checkJourney('journeys/j.json', journeyText(changes), given).remarks.map((r) => `${r.code} ${r.message}`);

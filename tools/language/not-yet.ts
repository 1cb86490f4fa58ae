import { checkJourney } from '#shared/publish/check.ts';
import { checkSettings } from '#shared/publish/check-settings.ts';
import { NOT_YET, type Remark } from '#shared/publish/remarks.ts';
import { context, journeyText, send } from '#test/build/checked.ts';

/** What of a key is not available yet, in a sentence; nothing where publish takes all of it. */
export type NotYet = (place: string) => string;

type Probe = {
  /** Whose key it is, as the tables name it; `step call` is the step itself. */
  readonly place: string;
  /** Which values of it. Without this: all of it. */
  readonly what?: string;
  readonly journey?: object;
  readonly settings?: object;
};

const arms = ['a', 'b'].map((name) => ({ name, weight: 50, steps: [] }));
const asks = (condition: object) => ({
  steps: [send('a'), { type: 'branch', id: 'b', cases: [{ if: condition, steps: [] }] }],
});
const experiment = { metric: 'goal', winner: { after: 'P14D', confidence: 95 } };

/** Publish is asked of each, so a part that becomes available is no longer marked when the page is made anew. */
export const PROBES: readonly Probe[] = [
  { place: 'journey.status', what: '`"paused"`', journey: { status: 'paused' } },
  { place: 'publish.inside', what: '`"move"`', journey: { publish: { inside: 'move' } } },
  { place: 'send.channel', what: 'channels other than `"email"`', journey: { steps: [send('a', { channel: 'sms' })] } },
  { place: 'send.products', journey: { steps: [send('a', { products: { list: 'new', count: 3 } })] } },
  { place: 'send.survey', journey: { steps: [send('a', { survey: 'nps' })] } },
  { place: 'send.when', what: '`"best"`', journey: { steps: [send('a', { when: 'best' })] } },
  { place: 'wait.until', what: '`"best"`', journey: { steps: [{ type: 'wait', id: 'w', until: 'best' }] } },
  {
    place: 'experiment.winner',
    what: 'a winner that is chosen by itself; write `"manual"`',
    journey: { steps: [{ type: 'split', id: 's', arms, experiment }] },
  },
  {
    place: 'asking event.where',
    what: 'other conditions than `data`, `trait`, `trigger`, `step`, `tag`, `now` and `sample`',
    journey: asks({ event: 'purchase', where: { segment: 'vip' } }),
  },
  { place: 'asking message.is', what: '`"answered"`', journey: asks({ message: 'a', is: 'answered' }) },
  { place: 'asking trait.trait', what: 'traits of `rfm`', journey: asks({ trait: 'rfm.class', is: 'lost' }) },
  {
    place: 'settings.optIn',
    what: '`"double"` on other channels than `email`',
    settings: { optIn: { sms: 'double' } },
  },
  {
    place: 'topics.optIn',
    what: '`"double"` on other channels than `email`',
    settings: { topics: { news: { kind: 'marketing', optIn: { push: 'double' } } } },
  },
  { place: 'channels.default', what: 'channels other than `"email"`', settings: { channels: { default: 'sms' } } },
];

const SHOP = { name: 'Shop', timeZone: 'Europe/Warsaw', locale: 'en', currency: 'EUR' };

export function remarksOf({ journey, settings }: Probe): readonly Remark[] {
  if (settings) return checkSettings(JSON.stringify({ shop: SHOP, ...settings })).remarks;
  return checkJourney('journeys/j.json', journeyText(journey), context()).remarks;
}

export const MISSING: readonly Probe[] = PROBES.filter((probe) =>
  remarksOf(probe).some(({ code }) => code === NOT_YET),
);

export const notYet: NotYet = (place) => {
  const parts = MISSING.filter((probe) => probe.place === place);
  const what = parts.flatMap((probe) => probe.what ?? []).join(', ');
  return parts.length === 0 ? '' : `*Not available yet${what && `: ${what}`}.*`;
};

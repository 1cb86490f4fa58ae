import * as z from 'zod';
import type { Source } from '#shared/import/source.ts';
import type { Step } from '#shared/journey/journey.ts';
import type { KlaviyoFlow } from './flow.ts';
import { asItWas, isMessage, messageStep } from './messages.ts';

const text = z.string().min(1);

/** Alternatives of one message. */

/** Alternatives of one message as a split. */
export function experiment(action: Source, id: string, flow: KlaviyoFlow): Step[] {
  const { notes } = flow.asking;
  const data = action.at('data');
  notes.drop(data, ['experiment_status'], 'how far the test was');
  const test = data.at('current_experiment');
  const main = data.at('main_action');
  const others = test.at('variations').items();
  if (others.length === 0) return messageOf(main, id, flow);
  const isAmong = others.some((variation) => sameMessage(variation, main));
  if (isAmong) notes.drop(data, ['main_action'], 'it is one of the variations');
  const variations = isAmong ? others : [main, ...others];
  notes.drop(test, ['id', 'name', 'started'], 'the test begins anew');
  const shares = shareOf(test, variations);
  const metric = metricOf(test, flow);
  return [
    {
      type: 'split',
      id,
      arms: variations.map((variation, i) => ({
        name: String.fromCharCode(65 + i),
        weight: shares[i] ?? 0,
        steps: messageOf(variation, flow.ids.claim(nameOf(variation) ?? `${id}-${i + 1}`, 'send'), flow),
      })),
      experiment: { metric, winner: winnerOf(test, flow) },
    },
  ];
}

function sameMessage(a: Source, b: Source): boolean {
  const [one, other] = [a, b].map((action) => action.at('data').at('message'));
  const isSame = (key: string) => one?.at(key).value === other?.at(key).value;
  return a.at('type').value === b.at('type').value && ['name', 'template_id', 'subject_line'].every(isSame);
}

const nameOf = (action: Source): string | undefined => {
  const name = action.at('data').at('message').at('name').value;
  return typeof name === 'string' ? name : undefined;
};

/** A variation that is no message of ours leaves its arm empty. */
function messageOf(action: Source, id: string, flow: KlaviyoFlow): Step[] {
  if (!isMessage(action)) {
    flow.asking.notes.lost(
      action,
      `"${String(action.at('type').value)}" is no message that can be sent; its way is empty.`,
    );
    return [];
  }
  flow.asking.notes.drop(action, ['id', 'temporary_id', 'links'], 'ids of the other tool');
  return [asItWas(messageStep(action, id, flow), action, flow)];
}

/** Allocations by the variations' ids, or equal shares. */
function shareOf(test: Source, variations: readonly Source[]): number[] {
  const allocations = test.at('allocations');
  const given = variations.map((v) => {
    const id = v.at('id').value ?? v.at('temporary_id').value;
    return typeof id === 'string' ? allocations.at(id).take(z.number()) : undefined;
  });
  const total = given.reduce<number>((sum, share) => sum + (share ?? 0), 0);
  if (total > 0) return given.map((share) => Math.round(((share ?? 0) / total) * 10_000) / 100);
  const equal = Math.floor(10_000 / variations.length) / 100;
  return variations.map((_, i) => (i > 0 ? equal : Math.round((100 - equal * (variations.length - 1)) * 100) / 100));
}

const METRICS = z.enum([
  'unique-clicks',
  'unique-opens',
  'unique-placed-orders',
  'submission',
  'click-rate',
  'open-rate',
]);

function metricOf(test: Source, { asking }: KlaviyoFlow): 'clicked' | 'goal' | 'answered' {
  const metric = test.at('winner_metric').take(METRICS) ?? 'unique-clicks';
  if (metric.includes('open'))
    asking.notes.changed(test.at('winner_metric'), 'Opens are made by machines and decide no test; clicks do.');
  if (metric === 'unique-placed-orders') {
    asking.notes.todo(
      test.at('winner_metric'),
      'Orders decided the test.',
      'Give the journey a "goal": the test is measured by it.',
    );
    return 'goal';
  }
  return metric === 'submission' ? 'answered' : 'clicked';
}

function winnerOf(test: Source, { asking }: KlaviyoFlow) {
  const settings = test.at('automatic_winner_selection_settings');
  const isAutomatic = settings.at('enabled').take(z.boolean()) === true;
  const certain = settings.at('automatic_end_statistical_certainty').take(z.boolean());
  const end = settings.at('automatic_end_date').take(text);
  if (!isAutomatic) return 'manual' as const;
  if (end !== undefined || certain)
    asking.notes.changed(settings, 'The winner is chosen after two weeks, when it is 95 % certain.');
  return { after: 'P14D', confidence: 95 };
}

import { ownOf } from '#shared/own-of.ts';
import { kindOfTopic } from '#shared/settings/settings.ts';
import { unknownName } from './check-names.ts';
import type { Checked, TemplateFacts } from './context.ts';
import { figure } from './population.ts';
import { MISFIT, type Remark, remark } from './remarks.ts';
import type { StepPlace } from './walk.ts';

/** Lists of products that there are. */
const LISTS = ['goes-with', 'similar', 'again', 'viewed', 'for-you', 'bestsellers', 'new'];

/** Pools, endpoints, products and surveys: whether they are there, and whether they suit what they are for. */
export const checkOffers = (checked: Checked): Remark[] =>
  checked.steps.flatMap((place) => [
    ...names(place, checked),
    ...unanswered(place, checked),
    ...nearlyEmpty(place, checked),
    ...goods(place, checked),
    ...withoutCode(place, checked),
  ]);

function names({ step, path }: StepPlace, { context, source }: Checked): Remark[] {
  const { endpoints } = context.settings;
  const at = (...keys: string[]) => source.at([...path, ...keys]);
  if (step.type === 'coupon') return unknownName('pool', step.pool, at('pool'), context.pools ?? []);
  if (step.type === 'call') return unknownName('endpoint', step.endpoint, at('endpoint'), Object.keys(endpoints));
  if (step.type !== 'send') return [];
  const { survey, products } = step;
  return [
    ...(survey === undefined ? [] : unknownName('survey', survey, at('survey'), context.surveys ?? [])),
    ...(products ? unknownName('product list', products.list, at('products', 'list'), LISTS) : []),
  ];
}

/** What would wait for fields of an answer that never has any. */
function unanswered({ step, path }: StepPlace, { context, source }: Checked): Remark[] {
  if (step.type !== 'call' || !step.answer) return [];
  const endpoint = ownOf(context.settings.endpoints, step.endpoint);
  if (!endpoint || 'https' in endpoint) return [];
  const text = `"${step.endpoint}" is a colleague, and a mail brings no answer back. Take "answer" out, or call an endpoint with "https".`;
  return [remark(MISFIT, source.at([...path, 'answer']), text)];
}

function nearlyEmpty({ step, path }: StepPlace, { journey, context, source }: Checked): Remark[] {
  if (step.type !== 'coupon') return [];
  const left = ownOf(context.population?.codes ?? {}, step.pool);
  const used = ownOf(context.population?.used ?? {}, `${journey.id}/${step.pool}`);
  const low = ownOf(context.settings.pools, step.pool)?.low;
  if (left === undefined) return [];
  const than =
    used !== undefined && left < used
      ? `; this journey used ${figure(used)} last month`
      : low !== undefined && left < low
        ? `, fewer than the ${figure(low)} of "low"`
        : undefined;
  const text = `"${step.pool}" has ${figure(left)} codes${than}.`;
  return than === undefined ? [] : [remark('W16', source.at([...path, 'pool']), text)];
}

const topicOf = (step: { topic?: string | undefined }, { journey }: Checked) =>
  step.topic ?? journey.topic ?? 'marketing';

/** What sells makes a mail marketing, whatever it is called. */
function goods({ step, path }: StepPlace, checked: Checked): Remark[] {
  const { context, source } = checked;
  if (step.type !== 'send' || kindOfTopic(context.settings, topicOf(step, checked)) !== 'transactional') return [];
  const coupons = checked.steps.flatMap(({ step: s }) => (s.type === 'coupon' ? [`steps.${s.id}.`] : []));
  const printed = ownOf(context.templates, step.template)?.variables ?? [];
  if (!step.products && !printed.some((name) => coupons.some((coupon) => name.startsWith(coupon)))) return [];
  const text = `"${step.id}" offers goods in a transactional message: in many countries that makes it marketing.`;
  return [remark('W14', source.at(path), text)];
}

const isGuarded = (template: TemplateFacts | undefined, variable: string): boolean =>
  template?.guarded?.includes(variable) ?? false;

/** Somebody for whom no code was left goes on to the same mail. */
function withoutCode({ step, path, before }: StepPlace, { steps, context, source }: Checked): Remark[] {
  if (step.type !== 'send') return [];
  const template = ownOf(context.templates, step.template);
  const sometimes = steps.filter(({ step: s, path: at }) => {
    if (s.type !== 'coupon' || !before().has(s.id)) return false;
    const list = at.slice(0, -1);
    return s.otherwise.length === 0 || s.if || !list.every((part, i) => path[i] === part);
  });
  return sometimes.flatMap(({ step: coupon }) => {
    const code = `steps.${coupon.id}.code`;
    if (!template?.variables?.includes(code) || isGuarded(template, code)) return [];
    const text = `Some get "${step.id}" without a code. Give the print a default or end them.`;
    return [remark('W19', source.at([...path, 'template']), text)];
  });
}

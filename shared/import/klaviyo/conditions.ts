import * as z from 'zod';
import type { Condition } from '#shared/condition/condition.ts';
import { type Channel, channelSchema } from '#shared/event/event.ts';
import { chosen, own } from '#shared/import/choice.ts';
import { allOf, anyOf, lostCondition, oneOrList, type Subject } from '#shared/import/conditions.ts';
import type { Draft } from '#shared/import/draft.ts';
import type { Source } from '#shared/import/source.ts';
import { filtered, timeframe } from './filters.ts';
import type { Names } from './names.ts';

/** Klaviyo's conditions: groups of which each must hold, by any of its conditions. */
export type KlaviyoAsking = Draft & {
  readonly names: Names;
  /** The step whose answer an action-output condition asks about. */
  readonly answering?: string | undefined;
};

const text = z.string().min(1);
const texts = z.array(z.string());

type Ask = (at: Source, asking: KlaviyoAsking) => Condition;

/** `properties['Favourite colour']` and `$email` as paths of traits. */
export function propertyPath(property: string): string {
  const inner = /^properties\[['"](.+)['"]\]$/.exec(property)?.[1] ?? property;
  const known: Readonly<Record<string, string>> = {
    ...{ first_name: 'name.first', last_name: 'name.last', $first_name: 'name.first', $last_name: 'name.last' },
    ...{
      'location.country': 'location.country',
      'location.city': 'location.city',
      'location.region': 'location.region',
    },
    ...{ $country: 'location.country', $city: 'location.city', $region: 'location.region', created: 'createdAt' },
  };
  return own(known, inner) ?? inner.replace(/^\$/, '');
}

const property: Ask = (at, asking) => {
  const trait = asking.needs.trait(at, propertyPath(at.at('property').take(text) ?? 'value'));
  return filtered(asking, 'trait', trait, at.at('filter'));
};

/** Lists are topics or tags here, segments are segments. */
const membership: Ask = (at, asking) => {
  const groups = at.at('group_ids').take(texts) ?? [];
  const isMember = at.at('is_member').take(z.boolean()) ?? true;
  const since = at.at('timeframe_filter');
  if (since.value) asking.notes.lost(since, 'Since when somebody is in a list or segment cannot be asked for.');
  const asked = groups.map(
    (id): Condition =>
      asking.names.isList(id) ? { tag: asking.names.listTag(at, id) } : { segment: asking.names.segment(at, id) },
  );
  const any = anyOf(asked) ?? lostCondition(asking.notes, at, 'It names no list and no segment.');
  return isMember ? any : { not: any };
};

const metric: Ask = (at, asking) => {
  const event = asking.names.metric(at, at.at('metric_id').take(text) ?? '');
  const measurement = at.at('measurement').take(z.enum(['count', 'sum'])) ?? 'count';
  const where = allOf(
    at
      .at('metric_filters')
      .items()
      .map((f) => filtered(asking, 'data', f.at('property').take(text) ?? 'value', f.at('filter'))),
  );
  const span = timeframe(asking, at.at('timeframe_filter'));
  const counted = filtered(asking, 'data', 'n', at.at('measurement_filter'));
  const { data: _, note: __, ...ops } = 'data' in counted ? counted : { data: 'n', note: '' };
  if (measurement === 'sum') asking.notes.changed(at.at('measurement'), 'The sum is that of "total" of the events.');
  const atLeastOne = measurement !== 'sum' && (('gte' in ops && ops.gte === 1) || ('gt' in ops && ops.gt === 0));
  return {
    event,
    ...(where && { where }),
    ...span,
    ...(measurement === 'sum' && { sum: 'total' }),
    ...(atLeastOne ? {} : ops),
  };
};

const consent: Ask = (at, asking) => {
  const given = at.at('consent');
  const channel = given.at('channel').take(channelSchema);
  const can = given.at('can_receive_marketing').take(z.boolean()) ?? true;
  const status = given.at('consent_status');
  const subscription = status
    .at('subscription')
    .take(z.enum(['any', 'subscribed', 'unsubscribed', 'never_subscribed']));
  const filters = status.at('filters');
  if (filters.items().length) asking.notes.lost(filters, 'How and when somebody agreed cannot be asked for.');
  const on = { consent: 'marketing', ...(channel && { channel }) };
  if (can) return on;
  if (subscription === 'unsubscribed') return { ...on, is: 'denied' };
  return subscription === 'never_subscribed' ? { ...on, is: 'unknown' } : { not: on };
};

const MAY_BE_WRITTEN_TO = {
  ...{ explicitly_reachable: true, implicitly_reachable: true, implicitly_or_explicitly_reachable: true },
  ...{ explicitly_unreachable: false, implicitly_unreachable: false, implicitly_or_explicitly_unreachable: false },
};
const PERMITTED: Readonly<Record<string, Channel>> = {
  ...{ email_marketing: 'email', sms_marketing: 'sms', sms_transactional: 'sms', sms_conversational: 'sms' },
  ...{ push_marketing: 'push', email: 'email', sms: 'sms', push: 'push' },
};

const permissions: Ask = (at, asking) => {
  const filters = at.at('permission').at('filters');
  if (filters.items().length > 0) asking.notes.lost(filters, 'How and when somebody agreed cannot be asked for.');
  const isReachable = chosen(at.at('permission').at('reachable_status'), MAY_BE_WRITTEN_TO);
  const channel = chosen(at.at('channel'), PERMITTED);
  if (!channel || isReachable === undefined)
    return lostCondition(asking.notes, at, 'This permission is none of a channel here.');
  const reachable: Condition = { reachable: channel };
  return isReachable ? reachable : { not: reachable };
};

const EUROPE = 'AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE'.split(' ');

const region: Ask = (at) => {
  const countries = chosen(at.at('region'), { united_states: ['US'], european_union: EUROPE }) ?? [];
  const isIn = at.at('in_region').take(z.boolean()) ?? true;
  const is = oneOrList(countries);
  return isIn ? { trait: 'location.country', is } : { trait: 'location.country', isNot: is };
};

const PREDICTED: Readonly<Record<string, string>> = {
  expected_date_of_next_purchase: 'purchases.next',
  average_days_between_orders: 'purchases.cycle',
  average_order_value: 'purchases.average',
  historic_clv: 'purchases.total',
  historic_number_of_orders: 'purchases.count',
};

const predictive: Ask = (at, asking) => {
  const dimension = at.at('dimension').take(text) ?? '';
  const path = own(PREDICTED, dimension);
  if (path && dimension !== 'average_days_between_orders') {
    asking.notes.changed(at.at('dimension'), `"${dimension}" is the trait "${path}" here.`);
    return filtered(asking, 'trait', path, at.at('filter'));
  }
  return lostCondition(
    asking.notes,
    at,
    `Nothing here predicts "${dimension}".`,
    'The trait "rfm.class" is nearest; or send a trait of your own.',
  );
};

const sample: Ask = (at) => ({ sample: at.at('percentage').take(z.number()) ?? 0 });

const lost =
  (what: string, instead: string): Ask =>
  (at, { notes }) =>
    lostCondition(notes, at, what, instead);

const notSent: Ask = (at, asking) => {
  const channel = channelSchema.safeParse((at.at('type').take(text) ?? '').split('-').at(-1));
  const { within } = timeframe(asking, at.at('timeframe_filter'));
  return {
    not: { message: 'any', is: 'sent', ...(channel.success && { channel: channel.data }), ...(within && { within }) },
  };
};

/** The data of an event: that which started the flow, or that which a trigger filter looks at. */
const eventProperty =
  (subject: Subject): Ask =>
  (at, asking) => {
    at.at('metric_id').take(text);
    return filtered(
      asking,
      subject,
      (at.at('field').take(text) ?? 'value').replace(/^\$/, '').replace(/\s+/g, '-'),
      at.at('filter'),
    );
  };

const output: Ask = (at, asking) => {
  at.at('output_config_id').take(z.number());
  const field = at.at('field').take(text) ?? 'ok';
  if (asking.answering === undefined)
    return lostCondition(asking.notes, at, 'It asks for the answer of a step that gives none here.');
  return filtered(asking, 'step', `${asking.answering}.${field}`, at.at('filter'));
};

const PRODUCTS = 'It needs an index from a product to those who looked at it.';
const POST = 'Let the shop post a "product..." event for each contact.';

const ASK: Readonly<Record<string, Ask>> = {
  'profile-property': property,
  'profile-group-membership': membership,
  'profile-metric': metric,
  'profile-marketing-consent': consent,
  'profile-permissions': permissions,
  'profile-region': region,
  'profile-predictive-analytics': predictive,
  'profile-sample': sample,
  'profile-not-sent-email': notSent,
  'profile-not-sent-sms': notSent,
  'profile-not-sent-push': notSent,
  'profile-postal-code-distance': lost('Distances cannot be asked for.', 'Keep the nearest shop as a trait.'),
  'profile-has-custom-object': lost('There are no custom objects.', 'Post them as events.'),
  'custom-object-property': lost('There are no custom objects.', 'Post them as events.'),
  'custom-object-trigger-property': lost('There are no custom objects.', 'Post them as events.'),
  'price-drop-property': lost(PRODUCTS, POST),
  'low-inventory-property': lost(PRODUCTS, POST),
  'action-output': output,
};

function ask(at: Source, asking: KlaviyoAsking, subject: Subject): Condition {
  const type = at.at('type').value;
  if (type === 'metric-property') {
    at.at('type').take(text);
    return eventProperty(subject)(at, asking);
  }
  const found = typeof type === 'string' ? own(ASK, type) : undefined;
  if (!found) return lostCondition(asking.notes, at, `The condition "${String(type)}" is not known.`);
  const condition = found(at, asking);
  at.at('type').take(text);
  return condition;
}

/** The groups of a filter, each as one condition. Left out are those that `skip` deals with. */
export function groupsOf(
  filter: Source,
  asking: KlaviyoAsking,
  subject: Subject,
  skip: (at: Source) => boolean = () => false,
): Condition[] {
  return filter
    .at('condition_groups')
    .items()
    .flatMap((group) => {
      const conditions = group
        .at('conditions')
        .items()
        .filter((at) => !skip(at));
      return anyOf(conditions.map((at) => ask(at, asking, subject))) ?? [];
    });
}

export const filterOf = (filter: Source, asking: KlaviyoAsking, subject: Subject = 'trait'): Condition | undefined =>
  allOf(groupsOf(filter, asking, subject));

import * as z from 'zod';
import type { Condition, Ops } from '#shared/condition/condition.ts';
import { own } from '#shared/import/choice.ts';
import { about, allOf, anyOf, lostCondition, oneOrList, type Subject } from '#shared/import/conditions.ts';
import type { Draft } from '#shared/import/draft.ts';
import { durationOf, unitOf } from '#shared/import/durations.ts';
import type { Source } from '#shared/import/source.ts';

/** PostHog's property filters: `{ "key": "plan", "value": ["pro"], "operator": "exact", "type": "person" }`. */

const text = z.string().min(1);
const scalar = z.union([z.string(), z.number(), z.boolean()]);

const TRAITS: Readonly<Record<string, string>> = {
  ...{ first_name: 'name.first', last_name: 'name.last', $geoip_country_code: 'location.country' },
  ...{ $geoip_city_name: 'location.city', $geoip_subdivision_1_name: 'location.region', $geoip_time_zone: 'timeZone' },
  ...{ $browser_language: 'locale', $device_type: 'device.type', $os: 'device.os' },
};

export function traitOf(draft: Pick<Draft, 'needs'>, at: Source, key: string): string {
  return own(TRAITS, key) ?? draft.needs.trait(at, key.replace(/^\$/, ''));
}

/** `30d` ago, or a date. */
function moment(value: string | number | boolean | undefined): string {
  const [, count, unit = ''] = /^-?(\d+)([hdwmy])$/.exec(String(value)) ?? [];
  const span = count === undefined ? undefined : durationOf(Number(count), unitOf(unit) ?? 'day');
  return span
    ? `now-${span}`
    : String(value ?? '')
        .replace(' ', 'T')
        .replace(/\.\d+/, '');
}

/** PostHog compares flags as texts. */
const flagged = (value: string | number | boolean) =>
  value === 'true' || value === 'false' ? value === 'true' : value;

type Compare = (values: readonly (string | number | boolean)[]) => Ops | { not: Ops } | undefined;
const number = (values: readonly unknown[]): number => Number(values[0]);

const COMPARE: Readonly<Record<string, Compare>> = {
  exact: (values) => ({ is: oneOrList(values) }),
  is_not: (values) => ({ isNot: oneOrList(values) }),
  icontains: ([value]) => ({ contains: String(value) }),
  not_icontains: ([value]) => ({ not: { contains: String(value) } }),
  gt: (values) => ({ gt: number(values) }),
  gte: (values) => ({ gte: number(values) }),
  lt: (values) => ({ lt: number(values) }),
  lte: (values) => ({ lte: number(values) }),
  between: (values) => ({ gte: Number(values[0]), lte: Number(values[1]) }),
  is_set: () => ({ exists: true }),
  is_not_set: () => ({ exists: false }),
  is_date_exact: ([value]) => ({ is: moment(value).slice(0, 10) }),
  is_date_before: ([value]) => ({ before: moment(value) }),
  is_date_after: ([value]) => ({ after: moment(value) }),
};

/** Whether something is set needs no value; PostHog repeats the operator there. */
function valuesOf(value: Source, operator: string): (string | number | boolean)[] {
  if (/^is_(not_)?set$/.test(operator)) {
    value.take(z.union([z.literal(operator), z.tuple([z.literal(operator)])]));
    return [];
  }
  return (value.take(z.array(scalar)) ?? [value.take(scalar) ?? '']).map(flagged);
}

/** Where a property lies; `events`: it is that of an event that is asked about, not of the one that started all. */
function property(draft: Draft, at: Source, ofEvents: boolean): Condition {
  const key = at.at('key').take(text) ?? 'value';
  const kind = at.at('type').take(text) ?? 'event';
  const operator = at.at('operator').take(text) ?? 'exact';
  const value = at.at('value');
  const values = valuesOf(value, operator);
  draft.notes.drop(at, ['bytecode', 'label', 'cohort_name', 'group_type_index'], "PostHog's own reading of a filter");
  if (kind === 'cohort') return cohort(draft, at, values, operator);
  if (kind !== 'person' && kind !== 'event') {
    return lostCondition(
      draft.notes,
      at,
      `Filters on "${kind}" cannot be expressed.`,
      kind === 'group' ? 'Keep it as a trait of the contact.' : undefined,
    );
  }
  const ops = own(COMPARE, operator)?.(values);
  if (!ops)
    return lostCondition(
      draft.notes,
      at,
      `"${operator}" of "${key}" cannot be expressed.`,
      'Ask for parts of the text.',
    );
  const subject: Subject = kind === 'person' ? 'trait' : ofEvents ? 'data' : 'trigger';
  const path = kind === 'person' ? traitOf(draft, at, key) : key.replace(/^\$/, '').replace(/\s+/g, '-');
  return 'not' in ops ? { not: about(subject, path, ops.not) } : about(subject, path, ops);
}

function cohort({ needs }: Draft, at: Source, values: readonly unknown[], operator: string): Condition {
  const segment = { segment: needs.segment(at, String(values[0]), `cohort ${String(values[0])}`) };
  return operator === 'not_in' ? { not: segment } : segment;
}

/** Properties stand in a list, or in groups that are joined by AND or OR. */
function properties(draft: Draft, at: Source, ofEvents: boolean): Condition[] {
  if (Array.isArray(at.value)) return at.items().map((p) => property(draft, p, ofEvents));
  const groups = at
    .at('values')
    .items()
    .flatMap((part) => {
      const inner = part.at('values').value ? properties(draft, part, ofEvents) : [property(draft, part, ofEvents)];
      return inner;
    });
  const joined = at.at('type').take(z.enum(['AND', 'OR'])) === 'OR' ? anyOf(groups) : allOf(groups);
  return joined ? [joined] : [];
}

const NOT_NEEDED = ['bytecode', 'bytecode_error', 'source', 'actions_bytecode'];

/** The events that a filter names, each with what its data must say. */
export function eventsIn(draft: Draft, filters: Source): { event: string; where: Condition | undefined }[] {
  return filters
    .at('events')
    .items()
    .map((at) => {
      const name = at.at('id').take(text) ?? at.at('name').take(text) ?? '$pageview';
      draft.notes.drop(at, ['name', 'type', 'order', 'uuid', 'bytecode'], "PostHog's own reading of a filter");
      const event = eventOf(draft, at, name);
      return { event, where: allOf(properties(draft, at.at('properties'), true)) };
    });
}

const EVENTS: Readonly<Record<string, string>> = {
  $pageview: 'page.viewed',
  $screen: 'page.viewed',
  $identify: 'identified',
};

export const eventOf = ({ needs }: Draft, at: Source, name: string): string =>
  own(EVENTS, name) ?? needs.event(at, name.replace(/^\$/, ''));

/** What a filter asks besides its events. */
export function propertiesIn(draft: Draft, filters: Source, ofEvents: boolean): Condition | undefined {
  draft.notes.drop(filters, NOT_NEEDED, "PostHog's own reading of a filter");
  draft.notes.drop(filters, ['filter_test_accounts'], 'who is never written to stands in "suppress" of the settings');
  for (const action of filters.at('actions').items()) {
    draft.notes.lost(action, 'Actions of PostHog are not known here.', 'Let the shop post an event.');
  }
  return allOf(properties(draft, filters.at('properties'), ofEvents));
}

/** A whole filter as one condition: any of its events, with its properties. */
export function filterCondition(draft: Draft, filters: Source): Condition | undefined {
  const events = eventsIn(draft, filters);
  const shared = propertiesIn(draft, filters, events.length > 0);
  if (events.length === 0) return shared;
  return anyOf(
    events.map(({ event, where }) => {
      const both = allOf([where, shared].flatMap((c) => c ?? []));
      return { event, ...(both && { where: both }) };
    }),
  );
}

import * as z from 'zod';
import type { Condition } from '#shared/condition/condition.ts';
import { chosen, clockAt, daysAt, own, unitAt } from '#shared/import/choice.ts';
import { durationOf } from '#shared/import/durations.ts';
import type { Source } from '#shared/import/source.ts';
import type { Journey } from '#shared/journey/journey.ts';
import { filterOf, type KlaviyoAsking, propertyPath } from './conditions.ts';

import type { Day } from './waits.ts';

const text = z.string().min(1);

/** What starts a flow. */

export type Start = Pick<Journey, 'trigger' | 'steps'> & {
  readonly topic?: string | undefined;
  readonly day?: Day | undefined;
  readonly if?: Condition | undefined;
  /** Metric and date flows are entered again and again unless they say otherwise; lists once. */
  readonly again: boolean;
};

type Open = (at: Source, asking: KlaviyoAsking) => Start;

const list: Open = (at, { names }) => {
  const topic = names.listTopic(at, at.at('id').take(text) ?? 'list');
  return {
    topic,
    trigger: { type: 'event', event: 'subscribed', where: { data: 'topic', is: topic } },
    steps: [],
    again: false,
  };
};

const segment: Open = (at, { names }) => ({
  trigger: { type: 'segment', segment: names.segment(at, at.at('id').take(text) ?? 'segment'), when: 'enters' },
  ...{ steps: [], again: false },
});

const metric: Open = (at, asking) => {
  const event = asking.names.metric(at, at.at('id').take(text) ?? 'event');
  const where = filterOf(at.at('trigger_filter'), asking, 'data');
  return { trigger: { type: 'event', event, ...(where && { where }) }, steps: [], again: true };
};

const EVERY: Readonly<Record<string, 'P1Y' | 'P1M' | 'P1W' | undefined>> = {
  ...{ annually: 'P1Y', monthly: 'P1M', weekly: 'P1W', never: undefined },
};

const date: Open = (at, asking) => {
  if (at.at('date_field_type').take(z.literal('custom-object')))
    return noTrigger('There are no custom objects.', 'Post them as events.')(at, asking);
  at.at('date_field_type').take(z.literal('profile-property'));
  const property = at.at('date_profile_property').take(text) ?? 'date';
  const trait = asking.needs.trait(at, propertyPath(property));
  const every = chosen(at.at('recurrence_frequency'), EVERY);
  const unit = unitAt(at.at('timedelta_unit_before_date')) ?? 'week';
  const before = durationOf(at.at('timedelta_value_before_date').take(z.number()) ?? 0, unit);
  const clock = clockAt(at.at('trigger_time'));
  const days = daysAt(at.at('trigger_days'));
  const zone = at.at('timezone').take(text) ?? 'profile';
  if (zone !== 'profile')
    asking.notes.changed(at.at('timezone'), `Times were those of ${zone}; here those of the contact.`);
  const day = { trait, every };
  return {
    trigger: { type: 'date', trait, ...(every && { every }), ...(before && { before }), ...(clock && { at: clock }) },
    ...{ day, again: false },
    steps: days ? [{ type: 'wait', id: 'right-weekday', until: { days, ...(clock && { at: clock }) } }] : [],
  };
};

const noTrigger =
  (what: string, instead: string): Open =>
  (at, { notes }) => {
    notes.lost(at, what, instead);
    return { trigger: { type: 'manual' }, steps: [], again: false };
  };

const PRODUCTS = 'A product cannot start a journey: nothing knows who looked at it.';

const POST = 'Let the shop post one event for each contact, and start with that.';

const OPEN: Readonly<Record<string, Open>> = {
  ...{ list, segment, metric, date },
  ...{ 'price-drop': noTrigger(PRODUCTS, POST), 'low-inventory': noTrigger(PRODUCTS, POST) },
};

export function triggerOf(at: Source, asking: KlaviyoAsking): Start {
  const type = at.at('type').value;
  const open = typeof type === 'string' ? own(OPEN, type) : undefined;
  const start = (open ?? noTrigger(`The trigger "${String(type)}" is not known.`, 'Write a trigger in its place.'))(
    at,
    asking,
  );
  at.at('type').take(text);
  return start;
}

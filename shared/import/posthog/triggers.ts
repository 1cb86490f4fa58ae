import * as z from 'zod';
import type { Condition } from '#shared/condition/condition.ts';
import { own } from '#shared/import/choice.ts';
import { allOf, nobody, oneOrList } from '#shared/import/conditions.ts';
import type { Draft } from '#shared/import/draft.ts';
import type { Source } from '#shared/import/source.ts';
import type { Journey } from '#shared/journey/journey.ts';
import { eventOf, eventsIn, propertiesIn } from './filters.ts';

import { scheduleOf } from './schedule.ts';

const text = z.string().min(1);

/** What starts a workflow. */

type Start = Pick<Journey, 'trigger'> & {
  readonly if?: Condition | undefined;
  /** What must go on being true, for a workflow that ends when its trigger matches no longer. */
  readonly matched?: Condition | undefined;
};

type Open = (draft: Draft, config: Source, flow: Source) => Start;

export const event: Open = (draft, config) => {
  const filters = config.at('filters');
  const events = eventsIn(draft, filters);
  const shared = propertiesIn(draft, filters, true);
  const [first, ...more] = events;
  if (!first) return { trigger: { type: 'manual' }, if: nobody('no event was given') };
  const own = more.map(({ where }) => JSON.stringify(where)).every((where) => where === JSON.stringify(first.where));
  if (!own)
    draft.notes.lost(
      filters.at('events'),
      'Only the first event has its filter; the others start it without theirs.',
      'Write one journey for each.',
    );
  const where = allOf([own ? first.where : undefined, shared].flatMap((c) => c ?? []));
  const matched = shared && onContact(shared);
  return { trigger: { type: 'event', event: oneOrList(events.map((e) => e.event)), ...(where && { where }) }, matched };
};

/** The part of a filter that asks about the contact, which alone can change later. */
const onContact = (condition: Condition): Condition | undefined => {
  if ('all' in condition) return allOf(condition.all.flatMap((c) => onContact(c) ?? []));
  if ('not' in condition) return onContact(condition.not) && condition;
  return 'trait' in condition || 'segment' in condition ? condition : undefined;
};

/** What PostHog keeps of who calls: here nobody does. */
const dropCaller = (draft: Draft, config: Source): void =>
  draft.notes.drop(
    config,
    ['template_id', 'template_uuid', 'inputs'],
    'who calls posts an event to the ingest endpoint instead',
  );

const posted: Open = (draft, config) => {
  const given = config.at('inputs').at('event').at('value').take(text);
  const name = given && /^[\w$ .-]+$/.test(given) ? given : 'workflow.webhook';
  dropCaller(draft, config);
  draft.notes.todo(
    config,
    'A call of its address started it; here an event does.',
    `Post "${name}" to the ingest endpoint.`,
  );
  return { trigger: { type: 'event', event: eventOf(draft, config, name) } };
};

const pixel: Open = (draft, config) => {
  dropCaller(draft, config);
  draft.notes.todo(
    config,
    'A tracking pixel started it; here a page view does.',
    'Say in "where" which page, or use "message.opened".',
  );
  return { trigger: { type: 'event', event: 'page.viewed' } };
};

const manual: Open = (draft, config) => {
  dropCaller(draft, config);
  return { trigger: { type: 'manual' } };
};

const batch: Open = (draft, config, flow) => {
  const name = `audience of ${String(flow.at('name').value ?? 'workflow')}`;
  const segment = draft.needs.nameSegment(`batch ${config.place}`, name);
  const audience = propertiesIn(draft, config.at('filters'), false);
  draft.needs.defineSegment(segment, name, audience ?? nobody('the source names no audience'));
  const schedule = scheduleOf(draft, flow, config);
  return { trigger: { type: 'schedule', segment, ...schedule }, matched: audience };
};

const lost =
  (what: string, instead: string): Open =>
  (draft, config) => {
    draft.notes.lost(config, what, instead);
    return { trigger: { type: 'manual' } };
  };

const EACH = 'Every passage has a contact.';

const OPEN: Readonly<Record<string, Open>> = {
  event,
  webhook: posted,
  tracking_pixel: pixel,
  manual,
  batch,
  schedule: lost(EACH, 'Use a "schedule" trigger with a segment.'),
  'internal-event': lost(EACH, 'Post an event about a contact.'),
  'data-warehouse-table': lost(EACH, 'Post an event for each contact of the table.'),
};

export function triggerOf(draft: Draft, flow: Source, config: Source): Start {
  const type = config.at('type').value;
  const open = typeof type === 'string' ? own(OPEN, type) : undefined;
  const start = (open ?? lost(`The trigger "${String(type)}" is not known.`, 'Write a trigger in its place.'))(
    draft,
    config,
    flow,
  );
  config.at('type').take(text);
  return start;
}

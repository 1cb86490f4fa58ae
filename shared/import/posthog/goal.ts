import * as z from 'zod';
import type { Condition } from '#shared/condition/condition.ts';
import { anyOf } from '#shared/import/conditions.ts';
import type { Draft } from '#shared/import/draft.ts';
import { ofSeconds } from '#shared/import/durations.ts';
import type { Source } from '#shared/import/source.ts';
import { negated } from '#shared/import/tidy.ts';
import type { Journey } from '#shared/journey/journey.ts';
import { filterCondition, propertiesIn } from './filters.ts';

const text = z.string().min(1);

/** How often somebody may enter a workflow, what counts as success, and what ends it. */

/** Without masking, every event starts a passage of its own; with it, one for each value and time. */
export function maskingOf({ notes }: Draft, at: Source) {
  const hash = at.at('hash').take(text);
  const ttl = at.at('ttl').take(z.number());
  notes.drop(at, ['bytecode'], "PostHog's own reading of a filter");
  if (at.at('threshold').value)
    notes.lost(at.at('threshold'), '"Every so many" cannot be expressed.', 'Count in a folded trait and ask for it.');
  const key = /^\{event\.properties\.([\w.$-]+)\}$/.exec(hash ?? '')?.[1];
  if (hash !== undefined && key === undefined && !/^\{(person\.id|(event\.)?distinct_id)\}$/.test(hash))
    notes.lost(at.at('hash'), `"${hash}" is no path of the event.`, 'Write "key" of the entry.');
  const after = ttl === undefined ? undefined : ofSeconds(ttl);
  return { key, again: after ? { after } : {} };
}

const EXITS = z.enum([
  'exit_only_at_end',
  'exit_on_conversion',
  'exit_on_trigger_not_matched',
  'exit_on_trigger_not_matched_or_conversion',
]);
const CONVERTING = ['exit_on_conversion', 'exit_on_trigger_not_matched_or_conversion'];

export function goalOf(draft: Draft, flow: Source): Journey['goal'] | undefined {
  const conversion = flow.at('conversion');
  const minutes = conversion.at('window_minutes').take(z.number());
  draft.notes.drop(conversion, ['bytecode'], "PostHog's own reading of a filter");
  const events = conversion
    .at('events')
    .items()
    .flatMap((at) => {
      at.at('name').take(text);
      return filterCondition(draft, at.at('filters')) ?? [];
    });
  const filters = conversion.at('filters');
  const properties = Array.isArray(filters.value)
    ? propertiesIn(draft, propertiesHolder(filters), false)
    : filterCondition(draft, filters);
  const condition = anyOf([...events, ...(properties ? [properties] : [])]);
  if (!condition) return undefined;
  const leave = CONVERTING.includes(String(flow.at('exit_condition').value));
  const window = minutes === undefined ? undefined : ofSeconds(minutes * 60);
  return { if: condition, ...(window && { window }), ...(!leave && { leave: false }) };
}

/** Conversion filters are a bare list where all other filters have it under `properties`. */
const propertiesHolder = (list: Source): Source => ({
  ...list,
  at: (key) => (key === 'properties' ? list : list.at(key)),
});

export function exitsOf(flow: Source, matched: Condition | undefined): Pick<Journey, 'exits'> {
  const rule = flow.at('exit_condition').take(EXITS) ?? '';
  if (!rule.includes('trigger_not_matched') || !matched) return {};
  return { exits: [{ if: negated(matched), outcome: 'no-longer-matched' }] };
}

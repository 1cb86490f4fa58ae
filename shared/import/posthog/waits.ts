import * as z from 'zod';
import { chosen, clockAt } from '#shared/import/choice.ts';
import { anyOf, nobody } from '#shared/import/conditions.ts';
import { dayOf, daysOf } from '#shared/import/durations.ts';
import type { Block } from '#shared/import/graph.ts';
import type { Source } from '#shared/import/source.ts';
import type { Step } from '#shared/journey/journey.ts';
import { filterCondition, traitOf } from './filters.ts';
import { type Make, nameOf, on, spanOf, type Workflow } from './workflow.ts';

const text = z.string().min(1);

/** PostHog's delays and waits. */

const waitBase = (action: Source, key: string, { idOf }: Workflow) => {
  const name = nameOf(action);
  return { type: 'wait' as const, id: idOf(key), ...(name && { name }) };
};

export const delay: Make = (action, key, workflow) => {
  const config = action.at('config');
  const until = config.at('delay_until');
  if (until.value) return delayUntil(config, until, action, key, workflow);
  const duration = spanOf(config.at('delay_duration').take(text));
  return { steps: duration ? [{ ...waitBase(action, key, workflow), for: duration }] : [], ...on(key, workflow) };
};

type ValueRef = { trait: string } | { trigger: string };

/** `person.properties.trial_ends` or `properties.startsAt`: a date of the contact, or of the event that started it. */
export function refOf({ draft }: Workflow, at: Source, expression: string): ValueRef | undefined {
  const [, person, bracketed, plain] =
    /^(person\.)?properties(?:\[['"](.+)['"]\]|\.([\w$]+))$/.exec(expression.trim()) ?? [];
  const path = bracketed ?? plain;
  if (path === undefined) return undefined;
  return person ? { trait: traitOf(draft, at, path) } : { trigger: path.replace(/\s+/g, '-') };
}

function delayUntil(
  config: Source,
  until: Source,
  action: Source,
  key: string,
  workflow: Workflow,
): Omit<Block, 'key'> {
  const { notes } = workflow.draft;
  const expression = until.at('expression').take(text) ?? '';
  const ref = refOf(workflow, until, expression);
  const given = until.at('offset').take(text);
  const offset = spanOf(given);
  const most = config.at('max_delay_duration').take(text);
  notes.drop(until, ['bytecode'], "PostHog's own reading of a filter");
  notes.drop(
    config,
    ['timezone', 'use_person_timezone', 'fallback_timezone'],
    'dates without an offset are those of the contact',
  );
  if (most !== undefined)
    notes.changed(
      config.at('max_delay_duration'),
      `It waited ${most} at most; here a year, and a date that has passed is passed over.`,
    );
  if (!ref) {
    notes.lost(until, `The expression ${expression} cannot be expressed.`, 'Keep the date as a trait.');
    return { steps: [], ...on(key, workflow) };
  }
  const shift = offset && (given?.startsWith('-') ? { before: offset } : { after: offset });
  return {
    steps: [{ ...waitBase(action, key, workflow), until: { ...ref, ...shift }, missed: 'continue' }],
    ...on(key, workflow),
  };
}

const WORKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri'];

const DAYS: Readonly<Record<string, readonly string[]>> = { weekday: WORKDAYS, weekend: ['sat', 'sun'], any: [] };

export const timeWindow: Make = (action, key, workflow) => {
  const config = action.at('config');
  const day =
    config.at('day').take(z.array(z.string().refine((word) => dayOf(word) !== undefined))) ??
    chosen(config.at('day'), DAYS) ??
    [];
  config.at('time').take(z.literal('any'));
  const [from, to] = [0, 1].map((i) => clockAt(config.at('time').at(i)));
  const days = daysOf(day);
  const isContacts = config.at('use_person_timezone').take(z.boolean()) === true;
  const zone = config.at('timezone').take(text);
  workflow.draft.notes.drop(config, ['fallback_timezone'], 'who has no time zone has that of the shop');
  const until = { ...(days && { days }), ...(from && to && { from, to }), ...(zone && !isContacts && { zone }) };
  const isOpen = days === undefined && !(from && to);
  return { steps: isOpen ? [] : [{ ...waitBase(action, key, workflow), until }], ...on(key, workflow) };
};

export const waitFor: Make = (action, key, workflow) => {
  const { draft, idOf, leads } = workflow;
  const config = action.at('config');
  const condition = config.at('condition');
  const asked = [condition, ...config.at('events').items()].flatMap((part) => {
    part.at('name').take(text);
    return filterCondition(draft, part.at('filters')) ?? [];
  });
  draft.notes.drop(config, ['wake_plan'], "PostHog's own reading of a filter");
  const happened = anyOf(asked) ?? nobody('the source waits for nothing');
  const id = idOf(key);
  const name = nameOf(action);
  const upTo = spanOf(config.at('max_wait_duration').take(text)) ?? 'P30D';
  const build = ([then = [], otherwise = []]: readonly (readonly Step[])[]): Step => ({
    ...{ type: 'waitFor', id, ...(name && { name }), for: happened, upTo },
    ...{ then: [...then], otherwise: [...otherwise] },
  });
  // Without an edge of its own for what is waited for, the workflow goes on the one way that it has.
  return { steps: [], fork: { id, to: [leads(key, 0) ?? leads(key), leads(key)], waits: true, build } };
};

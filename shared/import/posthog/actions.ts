import * as z from 'zod';
import type { Condition } from '#shared/condition/condition.ts';
import { own } from '#shared/import/choice.ts';
import type { Block } from '#shared/import/graph.ts';
import type { Source } from '#shared/import/source.ts';
import type { Step } from '#shared/journey/journey.ts';
import { call, outputOf } from './calls.ts';
import { propertiesIn } from './filters.ts';
import { branch, cohorts } from './forks.ts';
import { message } from './messages.ts';
import { delay, timeWindow, waitFor } from './waits.ts';
import { type Make, nameOf, type Workflow } from './workflow.ts';

const text = z.string().min(1);

/** An ending with a reason is an outcome; a plain one needs no step. */
const exit: Make = (action, key, { idOf }) => {
  const reason = action.at('config').at('reason').take(text);
  const name = nameOf(action);
  if (reason === undefined || /^(done|default|default exit)$/i.test(reason)) return { steps: [] };
  return { steps: [{ type: 'end', id: idOf(key), ...(name && { name }), outcome: reason.slice(0, 60) }] };
};

const MAKE: Readonly<Record<string, Make>> = {
  delay,
  wait_until_time_window: timeWindow,
  wait_until_condition: waitFor,
  conditional_branch: branch,
  random_cohort_branch: cohorts,
  ...{ function_email: message, function_sms: message, function_push: message },
  function: call,
  exit,
};

export function blockOf(action: Source, key: string, workflow: Workflow): Block {
  const { notes } = workflow.draft;
  notes.drop(action, ['created_at', 'updated_at'], 'versions here carry their own time and author');
  const note = action.at('description').take(text);
  const type = action.at('type').value;
  const make = typeof type === 'string' ? own(MAKE, type) : undefined;
  if (!make) {
    const next = workflow.leads(key);
    notes.lost(action, `The action "${String(type)}" cannot be expressed.`);
    return { key, steps: [], next };
  }
  const block = make(action, key, workflow);
  const only = propertiesIn(workflow.draft, action.at('filters'), false);
  action.at('id').take(text);
  action.at('type').take(text);
  nameOf(action);
  outputOf(action, workflow);
  action.at('on_error').take(z.enum(['continue', 'abort']));
  return {
    key,
    ...block,
    steps: block.steps.map((step, i) => ({ ...step, ...(i === 0 && note && { note }), ...(only && gate(only, step)) })),
  };
}

const gate = (only: Condition, step: Step): { if: Condition } => ({ if: step.if ? { all: [only, step.if] } : only });

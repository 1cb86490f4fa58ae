import * as z from 'zod';
import type { Source } from '#shared/import/source.ts';
import type { Step } from '#shared/journey/journey.ts';
import { refOf } from './waits.ts';
import { type Make, nameOf, on, type Workflow } from './workflow.ts';

const text = z.string().min(1);

/** Functions of PostHog, which call somebody. */

export const call: Make = (action, key, workflow) => {
  const { draft, idOf, ids } = workflow;
  const config = action.at('config');
  const inputs = config.at('inputs');
  const template = config.at('template_id').take(text) ?? 'function';
  const url = inputs.at('url').at('value').take(text);
  const https = url && z.url().safeParse(url).success && url.startsWith('https:') ? url : undefined;
  if (/hog$/.test(template) || inputs.at('hog').value)
    draft.notes.lost(inputs.at('hog'), 'Hog code does not run here.', 'Run it behind the endpoint that is called.');
  const others = inputs
    .fields()
    .filter(([name]) => !['url', 'hog', 'body'].includes(name))
    .map(([name]) => name);
  const body = inputs.at('body').at('value').whole();
  draft.notes.drop(inputs, others, 'inputs of a function of PostHog; the endpoint sees the body and the contact');
  draft.notes.drop(inputs.at('url'), ['templating', 'bytecode', 'order'], "PostHog's own reading of an input");
  draft.notes.drop(inputs.at('body'), ['templating', 'bytecode', 'order'], "PostHog's own reading of an input");
  draft.notes.drop(config, ['template_uuid', 'mappings'], 'which function of PostHog did it');
  if (!https)
    draft.notes.todo(
      action,
      `"${template}" is a function of PostHog.`,
      'Give the settings an address that does the same.',
    );
  const endpoint = draft.needs.endpoint(action, template.replace(/^template-/, ''), {
    https: https ?? `https://todo.example/${key}`,
  });
  const abort = action.at('on_error').value === 'abort';
  const answer = outputOf(action, workflow);
  const name = nameOf(action);
  const end: Step[] = abort
    ? [{ type: 'end', id: ids.claim(`${idOf(key)}-failed`, 'end'), outcome: 'call-failed' }]
    : [];
  const step: Step = {
    ...{ type: 'call', id: idOf(key), ...(name && { name }), endpoint },
    ...(typeof body === 'object' && body !== null && { body: bodyOf(body, workflow, action) }),
    ...(typeof body === 'string' && { body: { data: body } }),
    ...(answer && { answer: true }),
    ...(abort && { otherwise: end }),
  };
  return { steps: [step], ...on(key, workflow) };
};

/** `{person.properties.email}` is read from the contact, `{event.properties.total}` from the event that started it. */
function bodyOf(body: object, workflow: Workflow, at: Source) {
  const entries = Object.entries(body).map(([key, value]) => {
    const [, expression] = typeof value === 'string' ? (/^\{([^{}]+)\}$/.exec(value) ?? []) : [];
    const ref = expression && refOf(workflow, at, expression.replace(/^event\./, ''));
    if (!ref && JSON.stringify(value).includes('{')) {
      workflow.draft.notes.todo(
        at,
        `"${key}" of the body prints names of the other tool.`,
        'Put { "trait": ... } or { "trigger": ... } in its place.',
      );
    }
    return [key, ref || z.json().parse(value)] as const;
  });
  return Object.fromEntries(entries);
}

/** A variable that keeps the answer: here the step's own fields. */
export function outputOf(action: Source, { draft, idOf }: Workflow): boolean {
  const output = action.at('output_variable');
  const parts = Array.isArray(output.value) ? output.items() : output.value ? [output] : [];
  for (const part of parts) {
    const key = part.at('key').take(text) ?? 'value';
    draft.notes.changed(
      part,
      `The variable "${key}" is read as { "step": "${idOf(action.at('id').take(text) ?? '')}.<field>" } here.`,
    );
    part.whole();
  }
  return parts.length > 0;
}

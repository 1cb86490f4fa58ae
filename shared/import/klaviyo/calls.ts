import * as z from 'zod';
import type { Step } from '#shared/journey/journey.ts';
import { type Make, next } from './flow.ts';
import { asItWas } from './messages.ts';

const text = z.string().min(1);

/** Webhooks and alerts. */

export const webhook: Make = (action, key, flow) => {
  const given = action.at('data').at('message');
  const url = given.at('url').take(text) ?? 'https://todo.example/hook';
  const name = given.at('name').take(text);
  flow.asking.notes.drop(given, ['id'], 'ids of the other tool');
  const headers = given.at('headers');
  if (headers.fields().length > 0)
    flow.asking.notes.lost(headers, 'A call has no headers of its own.', 'The endpoint is known by its signature.');
  const body = given.at('body').take(text);
  const endpoint = flow.asking.needs.endpoint(given, name ?? hostOf(url), { https: url });
  const step: Step = {
    ...{ type: 'call', id: flow.idOf(key), ...(name && { name }), endpoint },
    ...(body !== undefined && { body: { data: body } }),
  };
  return { steps: [asItWas(step, action, flow)], ...next(action) };
};

const hostOf = (url: string): string => /^https?:\/\/([^/]+)/.exec(url)?.[1] ?? 'endpoint';

export const alert: Make = (action, key, flow) => {
  const given = action.at('data').at('message');
  const [first = 'team@shop.example', ...more] = given.at('to_emails').take(z.array(z.string())) ?? [];
  if (more.length > 0)
    flow.asking.notes.lost(
      given.at('to_emails'),
      `A call goes to one address; ${more.join(', ')} get nothing.`,
      'Use an address for several people.',
    );
  const subject = given.at('subject_line').take(text);
  const name = given.at('name').take(text);
  flow.asking.notes.drop(
    given,
    ['id', 'template_id', 'from_email', 'from_label'],
    "an alert is a plain mail with the step's body",
  );
  const endpoint = flow.asking.needs.endpoint(given, first.split('@')[0] ?? 'team', { email: first });
  const step: Step = {
    type: 'call',
    id: flow.idOf(key),
    ...(name && { name }),
    endpoint,
    ...(subject !== undefined && { body: { subject } }),
  };
  return { steps: [asItWas(step, action, flow)], ...next(action) };
};

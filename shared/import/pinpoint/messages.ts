import * as z from 'zod';
import { addressOf, sendStep } from '#shared/import/letters.ts';
import type { Source } from '#shared/import/source.ts';
import type { Step } from '#shared/journey/journey.ts';
import { type Make, next, type PinpointJourney } from './journey.ts';

const text = z.string().min(1);

/** Activities that send. */

const NEWEST = 'the newest checked template is sent, not a version of it';

function letterOf(at: Source, { draft }: PinpointJourney, key: string) {
  draft.notes.drop(at, ['TemplateVersion'], NEWEST);
  const name = at.at('TemplateName').take(text) ?? key;
  return { name, origin: `the Pinpoint template "${name}"` };
}

export const email: Make = (at, key, journey, name) => {
  const address = addressOf(at.at('MessageConfig').at('FromAddress').take(text));
  const step = sendStep(journey.draft, {
    ...{ source: at, id: journey.idOf(key), name, channel: 'email', letter: letterOf(at, journey, key) },
    ...{ from: { email: address }, expires: journey.expires },
  });
  return { steps: [step], ...next(at) };
};

export const sms: Make = (at, key, journey, name) => {
  const config = at.at('MessageConfig');
  const sender = config.at('SenderId').take(text) ?? config.at('OriginationNumber').take(text);
  journey.draft.notes.drop(
    config,
    ['OriginationNumber', 'EntityId', 'TemplateId'],
    'they belong to the sender; register them with your SMS provider',
  );
  const step = sendStep(journey.draft, {
    ...{ source: at, id: journey.idOf(key), name, channel: 'sms', letter: letterOf(at, journey, key) },
    transactional: config.at('MessageType').take(z.enum(['TRANSACTIONAL', 'PROMOTIONAL'])) === 'TRANSACTIONAL',
    ...{ from: { sms: sender }, expires: journey.expires },
  });
  return { steps: [step], ...next(at) };
};

export const push: Make = (at, key, journey, name) => {
  const seconds = Number(
    at
      .at('MessageConfig')
      .at('TimeToLive')
      .take(z.union([text, z.number()])) ?? Number.NaN,
  );
  const ttl = seconds > 0 ? `PT${seconds}S` : undefined;
  const letter = { ...letterOf(at, journey, key), ttl };
  const step = sendStep(journey.draft, {
    ...{ source: at, id: journey.idOf(key), name, channel: 'push', letter, expires: journey.expires },
  });
  return { steps: [step], ...next(at) };
};

export const custom: Make = (at, key, { draft, idOf }, name) => {
  const target = at.at('DeliveryUri').take(text) ?? 'unknown';
  const isUrl = z.url().safeParse(target).success && target.startsWith('https:');
  const https = isUrl ? target : 'https://todo.example/hook';
  if (!isUrl)
    draft.notes.todo(
      at,
      `"${target}" is no address that a journey can call.`,
      'Put the function behind an HTTPS address and write that into the settings.',
    );
  const types = at.at('EndpointTypes').take(z.array(z.string()));
  if (types)
    draft.notes.changed(
      at.at('EndpointTypes'),
      `It was called once for each endpoint (${types.join(', ')}); here once for the contact.`,
    );
  draft.notes.drop(at, ['TemplateName', 'TemplateVersion'], 'a call has a body, not a template');
  const data = at.at('MessageConfig').at('Data').take(text);
  const name_ = isUrl ? /^https:\/\/([^/]+)/.exec(target)?.[1] : target.split(':').at(-1);
  const endpoint = draft.needs.endpoint(at, name_ ?? 'endpoint', { https });
  const step: Step = {
    type: 'call',
    id: idOf(key),
    ...(name && { name }),
    endpoint,
    ...(data !== undefined && { body: { data } }),
  };
  return { steps: [step], ...next(at) };
};

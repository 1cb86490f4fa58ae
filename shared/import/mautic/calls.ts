import * as z from 'zod';
import type { Act } from './act.ts';
import { named } from './act.ts';
import { textAt } from './events.ts';

/** Campaigns that call other systems. */

export const webhook: Act = (properties, event, campaign) => {
  const { draft } = campaign;
  const url = textAt(properties, 'url') ?? 'https://todo.example/hook';
  const https = url.startsWith('https:') && z.url().safeParse(url).success ? url : 'https://todo.example/hook';
  if (https !== url) draft.notes.todo(event.at, `"${url}" cannot be called.`, 'Endpoints are addresses with https.');
  const headers = properties.at('headers');
  if (headers.at('list').items().length > 0)
    draft.notes.lost(headers, 'A call has no headers of its own.', 'The endpoint is known by its signature.');
  draft.notes.drop(properties, ['method', 'timeout'], 'calls are posted, with a signature');
  const data = properties
    .at('additional_data')
    .at('list')
    .items()
    .flatMap((at) => {
      const [label, value] = [textAt(at, 'label'), textAt(at, 'value')];
      return label && value ? [[label, value] as const] : [];
    });
  const endpoint = draft.needs.endpoint(event.at, /^https?:\/\/([^/]+)/.exec(url)?.[1] ?? 'hook', { https });
  return [
    { type: 'call', ...named(event, campaign), endpoint, ...(data.length > 0 && { body: Object.fromEntries(data) }) },
  ];
};

export const integration: Act = (properties, event, campaign) => {
  const which = textAt(properties, 'integration') ?? 'integration';
  properties.whole();
  campaign.draft.notes.todo(
    event.at,
    `"${which}" was an integration of Mautic.`,
    'Give the settings an address that does the same.',
  );
  const endpoint = campaign.draft.needs.endpoint(event.at, which, {
    https: `https://todo.example/${campaign.idOf(event.key)}`,
  });
  return [{ type: 'call', ...named(event, campaign), endpoint }];
};

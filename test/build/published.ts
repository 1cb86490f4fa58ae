import { catalogued } from '#shared/enrolment/catalogued.ts';
import type { Journey } from '#shared/journey/journey.ts';
import type { Bucket } from '#shared/ports.ts';
import type { Settings } from '#shared/settings/settings.ts';
import {
  type LiveJourney,
  loadShelf,
  putCatalogue,
  putSettings,
  putShelf,
  putVersion,
} from '#shared/store/journeys.ts';
import type { Table } from '#shared/store/table.ts';
import { compiledKey, variantName } from '#shared/template/library.ts';
import { type CompiledTemplate, templateVersion } from '#shared/template/template.ts';

/** What the one template says. */
export const CONTENT: Omit<CompiledTemplate, 'version'> = {
  v: 1,
  id: 'hello',
  channel: 'email',
  locale: '',
  subject: 'Hello',
  preheader: '',
  html: '<p>Hello. <a href="{{ message.unsubscribe_url }}">Unsubscribe</a></p>',
  text: 'Hello. Unsubscribe: {{ message.unsubscribe_url }}',
  variables: ['message.unsubscribe_url'],
};

const liveOf = (j: Journey): LiveJourney => ({
  version: 1,
  status: j.status,
  sequencer: '0',
  hash: 'h',
  ...catalogued(j),
  ...(j.trigger.type === 'segment' && { watch: { since: '0', existing: j.trigger.existing ?? false } }),
});

/** Rows as publish leaves them, for tests in which files have been live for long: these journeys and one template, `hello`. */
export async function putPublished(
  { table, bucket }: { table: Table; bucket: Bucket },
  settings: Settings,
  journeys: readonly Journey[],
  content: typeof CONTENT = CONTENT,
): Promise<void> {
  await putTemplate({ table, bucket }, content);
  await table.transact([
    putSettings(settings, { key: 'settings.json', sequencer: '0' }, undefined),
    putCatalogue({
      rev: 0,
      journeys: Object.fromEntries(journeys.map((j) => [j.id, liveOf(j)])),
    }),
  ]);
  for (const j of journeys)
    await table.write(putVersion(j, 1, { hash: 'h', sequencer: '0', at: '2026-01-01T00:00:00.000Z' }));
}

/** Makes this the template `hello`. */
export async function putTemplate(
  { table, bucket }: { table: Table; bucket: Bucket },
  content: typeof CONTENT,
): Promise<void> {
  const hash = templateVersion(content);
  await bucket.put(compiledKey(hash), JSON.stringify({ ...content, version: hash }), 'application/json');
  const live = { hash, sequencer: '0', hasUnsubscribe: true, variables: content.variables };
  const { rev } = await loadShelf(table);
  await table.write(putShelf({ rev, templates: { [variantName('hello', 'email', '')]: live } }));
}

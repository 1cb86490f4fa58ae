import { basename } from 'node:path';
import { ownOf } from '#shared/own-of.ts';
import type { Settings } from '#shared/settings/settings.ts';
import type { ListReport, ListRequest } from './list.ts';
import type { List } from './open-list.ts';
import type { Usable } from './row.ts';

/** Of a list of which no row is read yet. */
export function emptyReport(
  { kind, file, dryRun }: ListRequest,
  { header, columns }: List,
  settings: Settings,
): ListReport {
  const named = header.map((name, i): [string, string] => [name, columns[i] ?? '-']);
  const isUndeclared = (path: string) => ownOf(settings.traits, path) === undefined && !KNOWN.has(path);
  return {
    ...{ list: kind, file: basename(file), dryRun, rows: 0, used: 0, repeated: 0, skipped: 0, events: 0 },
    ...{ rejected: {}, consents: {}, suppressed: {} },
    columns: Object.fromEntries(named),
    undeclared: kind === 'contacts' ? columns.filter((path) => path !== undefined).filter(isUndeclared) : [],
  };
}

/** What needs no declaration: it is a text that everybody knows. */
const KNOWN = new Set([
  'email',
  'phone',
  'externalId',
  'createdAt',
  'tags',
  'name.first',
  'name.last',
  'locale',
  'timeZone',
]);

/** What a row adds one to. */
export function countsOf(said: Usable, { consents, suppressed }: ListReport): [Record<string, number>, string][] {
  if ('suppressed' in said) return said.suppressed.map(({ reason }) => [suppressed, reason]);
  return said.events.flatMap((event) =>
    (event.consents ?? []).map(({ channel, topic, state }): [Record<string, number>, string] => [
      consents,
      `${channel}, ${topic}, ${state}`,
    ]),
  );
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { IMPORTS, type ToolName } from '#apps/cli/import/sources.ts';
import type { Imported } from '#shared/import/draft.ts';
import type { ImportRemark } from '#shared/import/notes.ts';
import { type Journey, journeySchema, type Step } from '#shared/journey/journey.ts';
import { allSteps } from './walk-graph.ts';

const ROOT = join(import.meta.dirname, '../../..');

/** Exports made up in the form of each tool, with all that the language page says of it. */
export const FIXTURES: readonly (readonly [ToolName, string])[] = [
  ['pinpoint', 'docs/import/pinpoint-welcome.json'],
  ...['cart', 'segments'].map((name) => ['pinpoint', `test/shared/import/fixtures/pinpoint/${name}.json`] as const),
  ...['cart', 'birthday', 'list'].map(
    (name) => ['klaviyo', `test/shared/import/fixtures/klaviyo/${name}.json`] as const,
  ),
  ...['trial', 'broadcast', 'simple'].map(
    (name) => ['posthog', `test/shared/import/fixtures/posthog/${name}.json`] as const,
  ),
  ...['nurture', 'everything', 'simple'].map(
    (name) => ['mautic', `test/shared/import/fixtures/mautic/${name}.json`] as const,
  ),
];

export const fixture = (file: string): unknown => JSON.parse(readFileSync(join(ROOT, file), 'utf8'));

export const named = (tool: ToolName, name: string): unknown =>
  fixture(`test/shared/import/fixtures/${tool}/${name}.json`);

export const filesBelow = ({ files }: Imported, folder: string) => files.filter(({ path }) => path.startsWith(folder));

export const journeysOf = (imported: Imported): Journey[] =>
  filesBelow(imported, 'journeys/').map(({ text }) => journeySchema.parse(JSON.parse(text)));

/** The import of a source, for looking at its parts. */
export function importOf(tool: ToolName, json: unknown) {
  const imported = IMPORTS[tool](json);
  const [journey] = journeysOf(imported);
  const steps = allSteps(journey?.steps ?? []);
  return {
    ...imported,
    journey,
    step: (id: string): Step | undefined => steps.find((step) => step.id === id),
    file: (path: string): unknown => JSON.parse(imported.files.find((f) => f.path === path)?.text ?? 'null'),
    text: (path: string): string => imported.files.find((f) => f.path === path)?.text ?? '',
    said: (severity: ImportRemark['severity']): string[] =>
      imported.remarks.filter((r) => r.severity === severity).map((r) => `${r.place}: ${r.what}`),
  };
}

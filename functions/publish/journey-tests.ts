import type { Journey } from '#shared/journey/journey.ts';
import { checkTest } from '#shared/publish/check-test.ts';
import type { CheckContext, TestResults } from '#shared/publish/context.ts';
import { isTest } from '#shared/publish/test-key.ts';
import { printerOf } from '#shared/story/print.ts';
import { resultsOf } from '#shared/story/run-tests.ts';
import type { TestFile } from '#shared/story/story.ts';
import { compiledKey } from '#shared/template/library.ts';
import { type CompiledTemplate, compiledTemplateSchema } from '#shared/template/template.ts';
import type { PublishDeps } from './publish.ts';
import type { Standing } from './standing.ts';

/** Where files of tests lie. */
const FOLDERS = ['tests/', 'journeys/'] as const;
/** A bucket that somebody fills with tests still gets its journeys published. */
const MOST_FILES = 200;

/**
 * Runs a journey's tests as they lie in the bucket now: one that was removed does not run any more. A file of tests that
 * has a fault of its own is left out here; its own report says so.
 */
export async function testsOf(
  text: string,
  before: Standing,
  deps: PublishDeps,
): Promise<NonNullable<CheckContext['tests']>> {
  const { context, definitions } = before;
  const bodies = await testsIn(deps);
  const templates = bodies.some((body) => body.includes('"says"')) ? await templatesIn(text, before, deps) : [];
  const print = printerOf(templates, context.settings);
  return (journey: Journey): TestResults | undefined => {
    const files = bodies.flatMap((body) => fileAbout(body, journey));
    const journeys = [...definitions.filter(({ id }) => id !== journey.id), journey];
    return resultsOf(files, { settings: context.settings, segments: context.segments, journeys }, print);
  };
}

function fileAbout(body: string, journey: Journey): TestFile[] {
  const { file } = checkTest(body, { [journey.id]: journey });
  return file?.journey === journey.id ? [file] : [];
}

async function testsIn({ bucket }: PublishDeps): Promise<string[]> {
  const keys = (await Promise.all(FOLDERS.map((folder) => bucket.list(folder)))).flat().filter(isTest);
  const stored = await Promise.all(keys.slice(0, MOST_FILES).map((key) => bucket.get(key)));
  return stored.flatMap((one) => (one ? [one.body] : []));
}

/** Those that the journey's file names. */
async function templatesIn(text: string, { shelf }: Standing, { bucket }: PublishDeps): Promise<CompiledTemplate[]> {
  const named = Object.entries(shelf.templates).filter(([name]) => text.includes(`"${name.split('/')[0]}"`));
  const stored = await Promise.all(named.map(([, { hash }]) => bucket.get(compiledKey(hash))));
  return stored.flatMap((one) => (one ? [compiledTemplateSchema.parse(JSON.parse(one.body))] : []));
}

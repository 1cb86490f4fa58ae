import type { Journey } from '#shared/journey/journey.ts';
import type { StoredObject } from '#shared/ports.ts';
import { checkTest } from '#shared/publish/check-test.ts';
import type { CheckContext, TestResults } from '#shared/publish/context.ts';
import { isTest } from '#shared/publish/test-key.ts';
import { printerOf } from '#shared/story/print.ts';
import { type KeyedTests, resultsOf } from '#shared/story/run-tests.ts';
import type { StoryShop } from '#shared/story/tell-story.ts';
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
  const stored = await testsIn(deps);
  const says = stored.some(({ body }) => body.includes('"says"'));
  const print = printerOf(says ? await templatesIn(text, before, deps) : [], before.context.settings);
  return (journey) =>
    resultsOf(
      stored.flatMap((one) => fileAbout(one, journey)),
      shopWith(journey, before),
      print,
    );
}

/** How some files of tests go together with a journey that is live. */
export async function resultsIn(
  files: readonly KeyedTests[],
  journey: Journey,
  before: Standing,
  deps: PublishDeps,
): Promise<TestResults | undefined> {
  const says = JSON.stringify(files).includes('"says"');
  const templates = says ? await templatesIn(JSON.stringify(journey), before, deps) : [];
  const print = printerOf(templates, before.context.settings);
  return resultsOf(files, shopWith(journey, before), print);
}

const shopWith = (journey: Journey, { context: { settings, segments }, definitions }: Standing): StoryShop => ({
  ...{ settings, segments },
  journeys: [...definitions.filter(({ id }) => id !== journey.id), journey],
});

function fileAbout({ key, body }: StoredTests, journey: Journey): KeyedTests[] {
  const { file } = checkTest(body, { [journey.id]: journey });
  return file?.journey === journey.id ? [{ key, file }] : [];
}

/** Whether a file of tests, with whatever faults, is about this journey. */
export const namesJourney = (value: unknown, journey: string): boolean =>
  typeof value === 'object' && value !== null && 'journey' in value && value.journey === journey;

/** A file of tests as it was uploaded last. */
export type StoredTests = StoredObject & { readonly key: string };

export async function testsIn({ bucket }: PublishDeps): Promise<StoredTests[]> {
  const keys = (await Promise.all(FOLDERS.map((folder) => bucket.list(folder)))).flat().filter(isTest);
  const some = keys.slice(0, MOST_FILES);
  const stored = await Promise.all(some.map((key) => bucket.get(key)));
  return stored.flatMap((one, i) => (one ? [{ ...one, key: some[i] ?? '' }] : []));
}

/** Those that the journey's file names. */
async function templatesIn(text: string, { shelf }: Standing, { bucket }: PublishDeps): Promise<CompiledTemplate[]> {
  const named = Object.entries(shelf.templates).filter(([name]) => text.includes(`"${name.split('/')[0]}"`));
  const stored = await Promise.all(named.map(([, { hash }]) => bucket.get(compiledKey(hash))));
  return stored.flatMap((one) => (one ? [compiledTemplateSchema.parse(JSON.parse(one.body))] : []));
}

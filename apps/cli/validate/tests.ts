import type { Journey } from '#shared/journey/journey.ts';
import { checkTest } from '#shared/publish/check-test.ts';
import type { TestResults } from '#shared/publish/context.ts';
import { MISFIT, type Remark, remark, TOP } from '#shared/publish/remarks.ts';
import { isTest } from '#shared/publish/test-key.ts';
import { type Print, resultsOf, runTests, type TestOutcome } from '#shared/story/run-tests.ts';
import type { TestFile } from '#shared/story/story.ts';
import type { StoryShop } from '#shared/story/tell-story.ts';
import type { File } from './check-folder.ts';

/** A file of tests that can be played. */
export type Playable = { readonly key: string; readonly file: TestFile };

/** The files of tests in a folder, with what is wrong with each. */
export function testsIn(files: readonly File[], journeys: readonly Journey[]) {
  const byId = Object.fromEntries(journeys.map((journey) => [journey.id, journey]));
  const playable: Playable[] = [];
  const said = new Map<string, readonly Remark[]>();
  for (const { key, body } of files.filter((one) => isTest(one.key))) {
    const { file, remarks } = checkTest(body, byId);
    said.set(key, remarks);
    if (file) playable.push({ key, file });
  }
  return { playable, said };
}

/** Runs the tests of one journey as its file says it now. */
export const testsOf =
  (playable: readonly Playable[], shop: StoryShop, print: Print) =>
  (journey: Journey): TestResults | undefined => {
    const own = playable.flatMap(({ file }) => (file.journey === journey.id ? [file] : []));
    const journeys = [...shop.journeys.filter(({ id }) => id !== journey.id), journey];
    return resultsOf(own, { ...shop, journeys }, print);
  };

export type Tested = { readonly file: string; readonly journey: string; readonly outcomes: readonly TestOutcome[] };

/** Plays every file of tests. */
export const runAll = (playable: readonly Playable[], shop: StoryShop, print: Print): Tested[] =>
  playable.map(({ key, file }) => ({ file: key, journey: file.journey, outcomes: runTests(file, shop, print) }));

/** A journey with faults cannot be played: its tests say so, and fail. */
export const unplayable = (journey: string): Remark =>
  remark(
    MISFIT,
    TOP,
    `The journey "${journey}" has errors, so that its tests cannot run. "tropa validate" lists them.`,
  );

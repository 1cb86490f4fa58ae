import type { Journey } from '#shared/journey/journey.ts';
import { checkTest } from '#shared/publish/check-test.ts';
import type { TestResults } from '#shared/publish/context.ts';
import type { Remark } from '#shared/publish/remarks.ts';
import { isTest } from '#shared/publish/test-key.ts';
import { type KeyedTests, type Print, resultsOf, runTests, type TestOutcome } from '#shared/story/run-tests.ts';
import type { StoryShop } from '#shared/story/tell-story.ts';
import type { File } from './check-folder.ts';

/** A file of tests whose journey has errors of its own. */
export type Stuck = { readonly file: string; readonly journey: string };

/** The files of tests in a folder, with what is wrong with each. `named`: ids of all journeys, whatever is in their files. */
export function testsIn(files: readonly File[], journeys: readonly Journey[], named: readonly string[]) {
  const byId = Object.fromEntries(journeys.map((journey) => [journey.id, journey]));
  const playable: KeyedTests[] = [];
  const stuck: Stuck[] = [];
  const said = new Map<string, readonly Remark[]>();
  for (const { key, body } of files.filter((one) => isTest(one.key))) {
    const { file, waitsFor, remarks } = checkTest(body, byId, named);
    said.set(key, remarks);
    if (file) playable.push({ key, file });
    if (waitsFor !== undefined) stuck.push({ file: key, journey: waitsFor });
  }
  return { playable, stuck, said };
}

/** Runs the tests of one journey as its file says it now. */
export const testsOf =
  (playable: readonly KeyedTests[], shop: StoryShop, print: Print) =>
  (journey: Journey): TestResults | undefined => {
    const own = playable.filter(({ file }) => file.journey === journey.id);
    const journeys = [...shop.journeys.filter(({ id }) => id !== journey.id), journey];
    return resultsOf(own, { ...shop, journeys }, print);
  };

export type Tested = { readonly file: string; readonly journey: string; readonly outcomes: readonly TestOutcome[] };

/** Plays every file of tests. */
export const runAll = (playable: readonly KeyedTests[], shop: StoryShop, print: Print): Tested[] =>
  playable.map(({ key, file }) => ({ file: key, journey: file.journey, outcomes: runTests(file, shop, print) }));

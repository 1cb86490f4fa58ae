import { checkTest } from '#shared/publish/check-test.ts';
import { readFile } from '#shared/publish/parse.ts';
import type { Report } from '#shared/publish/print.ts';
import { hasErrors, NO_PASS, type Remark, remark, TOP } from '#shared/publish/remarks.ts';
import type { Upload } from '#shared/store/waiting.ts';
import type { TestFile } from '#shared/story/story.ts';
import { namesJourney, resultsIn, testsIn } from './journey-tests.ts';
import type { Outcome, PublishDeps } from './publish.ts';
import { type Standing, standing } from './standing.ts';
import { writeReport } from './write-report.ts';

/**
 * A file of tests changes nothing that is live: it is held against its journey, and says how the live version does. A
 * journey that was refused because of it is tried again.
 */
export async function publishTest(upload: Upload, text: string, deps: PublishDeps): Promise<Outcome> {
  return { report: await reportOf(upload.key, text, await standing(deps), deps), changed: true };
}

/** What was said of a journey's tests was said of the version before: says it anew of the one that is live now. */
export async function renewTests(journey: string, deps: PublishDeps): Promise<void> {
  const about = (await testsIn(deps)).filter(({ body }) => namesJourney(readFile(body).value, journey));
  if (about.length === 0) return;
  const before = await standing(deps);
  for (const { key, body, versionId } of about)
    await writeReport(await reportOf(key, body, before, deps), versionId, deps.bucket);
}

async function reportOf(key: string, text: string, before: Standing, deps: PublishDeps): Promise<Report> {
  const journeys = Object.fromEntries(before.definitions.map((journey) => [journey.id, journey]));
  const { file, remarks } = checkTest(text, journeys);
  // Its journey comes later, and runs it then.
  const isEarly = remarks.length === 1 && remarks[0]?.code === 'E15';
  const said = file && !hasErrors(remarks) ? await failing(key, file, before, deps) : remarks;
  return { file: key, remarks: isEarly ? [] : said, checked: true };
}

async function failing(key: string, file: TestFile, before: Standing, deps: PublishDeps): Promise<Remark[]> {
  const journey = before.definitions.find(({ id }) => id === file.journey);
  if (!journey) return [];
  const results = await resultsIn([{ key, file }], journey, before, deps);
  return (results?.failed ?? []).map(({ name, said }) =>
    remark(NO_PASS, TOP, `The live version fails "${name}": ${said}`),
  );
}

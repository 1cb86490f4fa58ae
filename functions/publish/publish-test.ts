import { checkTest } from '#shared/publish/check-test.ts';
import { hasErrors, NO_PASS, type Remark, remark, TOP } from '#shared/publish/remarks.ts';
import type { Upload } from '#shared/store/waiting.ts';
import type { TestFile } from '#shared/story/story.ts';
import { testsOf } from './journey-tests.ts';
import type { Outcome, PublishDeps } from './publish.ts';
import { type Standing, standing } from './standing.ts';

/**
 * A file of tests changes nothing that is live: it is held against its journey, and says how the live version does. A
 * journey that was refused because of it is tried again.
 */
export async function publishTest(upload: Upload, text: string, deps: PublishDeps): Promise<Outcome> {
  const before = await standing(deps);
  const journeys = Object.fromEntries(before.definitions.map((journey) => [journey.id, journey]));
  const { file, remarks } = checkTest(text, journeys);
  const isEarly = remarks.length === 1 && remarks[0]?.code === 'E15';
  // Its journey comes later, and runs it then.
  if (isEarly) return { report: { file: upload.key, remarks: [], checked: true }, changed: true };
  const said = file && !hasErrors(remarks) ? await failing(file, before, deps) : remarks;
  return { report: { file: upload.key, remarks: said, checked: true }, changed: true };
}

async function failing(file: TestFile, before: Standing, deps: PublishDeps): Promise<Remark[]> {
  const journey = before.definitions.find(({ id }) => id === file.journey);
  if (!journey) return [];
  const results = (await testsOf(JSON.stringify(journey), before, deps))(journey);
  return (results?.failed ?? []).map(({ name, said }) =>
    remark(NO_PASS, TOP, `The live version fails "${name}": ${said}`),
  );
}

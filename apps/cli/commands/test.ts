import { Command } from 'commander';
import * as z from 'zod';
import type { Streams } from '#apps/cli/commands/replay.ts';
import { type Astray, astrayIn, isMisplaced, printAstray } from '#apps/cli/validate/astray.ts';
import { checkShop } from '#apps/cli/validate/check-folder.ts';
import { type Place, placeOf, readFolder } from '#apps/cli/validate/read-folder.ts';
import { runAll, type Stuck, type Tested } from '#apps/cli/validate/tests.ts';
import { nameOfFile } from '#shared/publish/check-file.ts';
import { print, type Report } from '#shared/publish/print.ts';
import { hasErrors, NO_PASS } from '#shared/publish/remarks.ts';
import { isTest } from '#shared/publish/test-key.ts';
import type { Instant } from '#shared/time/instant.ts';

const optionsSchema = z.object({ json: z.boolean().default(false) });

type Verdict = {
  readonly tested: readonly Tested[];
  /** Journeys and files of tests that have errors of their own. */
  readonly refused: readonly Report[];
  readonly notRun: readonly Stuck[];
  /** Files that look like tests and that nobody reads. */
  readonly notRead: readonly Astray[];
};

/** `tropa test`: plays the `*.test.json` files of a folder. Exit code 1 if a test fails, a file cannot be played, or there is no test. */
export function testCommand(
  now: () => Instant,
  streams: Streams = { out: process.stdout, err: process.stderr },
): Command {
  return new Command('test')
    .description("Play the tests of a shop's journeys, which lie beside them as *.test.json.")
    .argument('<path>', 'folder, a journey, or a file of tests')
    .option('--json', 'print what came of each test as JSON')
    .action(async (path: string, given: unknown) => {
      const { json } = optionsSchema.parse(given);
      const verdict = await judge(placeOf(path), now());
      process.exitCode = isFine(verdict) ? 0 : 1;
      streams.out.write(json ? `${JSON.stringify(verdict)}\n` : printed(verdict));
    });
}

async function judge(place: Place, now: Instant): Promise<Verdict> {
  const { reports, shop, print: read, playable, stuck } = await checkShop(readFolder(place), now);
  const wanted = playable.filter(({ key, file }) => isWanted(key, file.journey, place));
  const broken = new Map(reports.filter(isBrokenJourney).map((report) => [nameOfFile(report.file), report]));
  const notRun = [
    ...stuck.filter(({ file, journey }) => isWanted(file, journey, place)),
    ...wanted
      .filter(({ file }) => broken.has(file.journey))
      .map(({ key, file }) => ({ file: key, journey: file.journey })),
  ];
  const tests = reports.filter((r) => isTest(r.file) && hasErrors(r.remarks) && (place.file ?? r.file) === r.file);
  const because = [...broken].filter(
    ([id, { file }]) => file === place.file || notRun.some(({ journey }) => journey === id),
  );
  return {
    tested: runAll(
      wanted.filter(({ file }) => !broken.has(file.journey)),
      shop,
      read,
    ),
    refused: [...because.map(([, report]) => report), ...tests],
    notRun,
    notRead: astrayIn(place).filter((one) => isMisplaced(one) && /^tests?\//i.test(one.file)),
  };
}

/** Wrong in itself: that its tests fail is what is being looked at. */
const isBrokenJourney = ({ file, remarks }: Report): boolean =>
  file.startsWith('journeys/') && !isTest(file) && hasErrors(remarks.filter(({ code }) => code !== NO_PASS));

const isWanted = (key: string, journey: string, { file }: Place): boolean =>
  file === undefined || file === key || (file.startsWith('journeys/') && nameOfFile(file) === journey);

const isFine = ({ tested, refused }: Verdict): boolean =>
  refused.length === 0 &&
  tested.length > 0 &&
  tested.every(({ outcomes }) => outcomes.every(({ faults }) => faults.length === 0));

function printed({ tested, refused, notRun, notRead }: Verdict): string {
  const outcomes = tested.flatMap((one) => one.outcomes);
  const failed = outcomes.filter(({ faults }) => faults.length > 0).length;
  const tests = `${outcomes.length} ${outcomes.length === 1 ? 'test' : 'tests'}`;
  const end = outcomes.length === 0 ? none(notRun) : failed === 0 ? `${tests} passed` : `${failed} of ${tests} failed`;
  return `${[...tested.map(printedFile), ...notRun.map(printedStuck), ...refused.map(print), ...notRead.map(printAstray)].join('')}${end}.\n`;
}

const none = (notRun: readonly Stuck[]): string =>
  notRun.length > 0
    ? 'No test was run'
    : 'There are no tests: they lie at tests/NAME.test.json, and docs/tests.md says how they look';

const printedStuck = ({ file, journey }: Stuck): string =>
  `${file}   NOT RUN: the journey "${journey}" has errors. Mend them first:\n`;

const printedFile = ({ file, outcomes }: Tested): string =>
  `${file}\n${outcomes
    .map(({ name, faults }) =>
      faults.length === 0
        ? `  ok      ${name}\n`
        : `  FAILED  ${name}\n${faults.map((said) => `          ${said}\n`).join('')}`,
    )
    .join('')}`;

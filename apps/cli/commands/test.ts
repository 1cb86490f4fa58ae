import { Command } from 'commander';
import * as z from 'zod';
import type { Streams } from '#apps/cli/commands/replay.ts';
import { checkShop } from '#apps/cli/validate/check-folder.ts';
import { type Place, placeOf, readFolder } from '#apps/cli/validate/read-folder.ts';
import { type Playable, runAll, type Tested, unplayable } from '#apps/cli/validate/tests.ts';
import { print, type Report } from '#shared/publish/print.ts';
import { hasErrors, NO_PASS } from '#shared/publish/remarks.ts';
import { isTest } from '#shared/publish/test-key.ts';
import type { Instant } from '#shared/time/instant.ts';

const optionsSchema = z.object({ json: z.boolean().default(false) });

type Verdict = { readonly tested: readonly Tested[]; readonly refused: readonly Report[] };

/** `tropa test`: plays the `*.test.json` files of a folder. Exit code 1 if a test fails or a file cannot be played. */
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
  const { reports, shop, print: read, playable } = await checkShop(readFolder(place), now);
  const wanted = playable.filter((one) => isWanted(one, place));
  const broken = new Set(reports.filter(isBroken).map(({ file }) => file));
  const isPlayable = ({ file }: Playable): boolean => !broken.has(`journeys/${file.journey}.json`);
  const refused = reports.filter((r) => isTest(r.file) && hasErrors(r.remarks) && (place.file ?? r.file) === r.file);
  const stuck = wanted.filter((one) => !isPlayable(one));
  return {
    tested: runAll(wanted.filter(isPlayable), shop, read),
    refused: [
      ...refused,
      ...stuck.map(({ key, file }) => ({ file: key, remarks: [unplayable(file.journey)], checked: true })),
    ],
  };
}

/** Wrong in itself: that its tests fail is what is being looked at. */
const isBroken = ({ remarks }: Report): boolean => hasErrors(remarks.filter(({ code }) => code !== NO_PASS));

const isWanted = ({ key, file }: Playable, place: Place): boolean =>
  place.file === undefined || place.file === key || place.file === `journeys/${file.journey}.json`;

const isFine = ({ tested, refused }: Verdict): boolean =>
  refused.length === 0 && tested.every(({ outcomes }) => outcomes.every(({ faults }) => faults.length === 0));

function printed({ tested, refused }: Verdict): string {
  const outcomes = tested.flatMap((one) => one.outcomes);
  const failed = outcomes.filter(({ faults }) => faults.length > 0).length;
  const tests = `${outcomes.length} ${outcomes.length === 1 ? 'test' : 'tests'}`;
  const end =
    outcomes.length === 0 ? 'There are no tests' : failed === 0 ? `${tests} passed` : `${failed} of ${tests} failed`;
  return `${tested.map(printedFile).join('')}${refused.map(print).join('')}${end}.\n`;
}

const printedFile = ({ file, outcomes }: Tested): string =>
  `${file}\n${outcomes
    .map(({ name, faults }) =>
      faults.length === 0
        ? `  ok      ${name}\n`
        : `  FAILED  ${name}\n${faults.map((said) => `          ${said}\n`).join('')}`,
    )
    .join('')}`;

import { type Journey, journeySchema } from '#shared/journey/journey.ts';
import { checkAvailable } from './available.ts';
import { checkAudience } from './check-audience.ts';
import { checkConditions } from './check-conditions.ts';
import { fileNamed } from './check-file.ts';
import { checkHabits } from './check-habits.ts';
import { checkInside } from './check-inside.ts';
import { checkJourneys } from './check-journeys.ts';
import { checkLogic } from './check-logic.ts';
import { checkOffers } from './check-offers.ts';
import { checkRhythm } from './check-rhythm.ts';
import { checkSends } from './check-sends.ts';
import { checkSteps } from './check-steps.ts';
import { checkTimes } from './check-times.ts';
import { checkWays } from './check-ways.ts';
import { checkWindows } from './check-windows.ts';
import type { CheckContext, Checked } from './context.ts';
import { didYouMean } from './did-you-mean.ts';
import { holdAgainst } from './explain.ts';
import { readFile, type Source } from './parse.ts';
import { hasErrors, inOrder, MISFIT, NO_PASS, type Remark, remark, TOP } from './remarks.ts';
import { conditionPlaces, stepPlaces } from './walk.ts';

type Verdict = { journey?: Journey; remarks: readonly Remark[] };

/**
 * Reads a journey file and holds it against the grammar, against itself, against what it refers to, and against what
 * this version runs. The journey is there when no remark is an error. Remarks are in the order of the file.
 */
export function checkJourney(fileName: string, text: string, context: CheckContext): Verdict {
  const source = readFile(text);
  if (source.value === undefined || hasErrors(source.remarks)) return { remarks: inOrder(source.remarks) };
  const { value: journey, remarks } = holdAgainst(journeySchema, source, 'A journey');
  if (!journey) return { remarks: inOrder(remarks) };
  const said = [...fileNamed(fileName, 'journey', journey.id, source), ...remarksOn(journey, source, context)];
  const left = inOrder(said.filter((r) => r.severity === 'error' || !Object.hasOwn(journey.allow ?? {}, r.code)));
  return hasErrors(left) ? { remarks: left } : { journey, remarks: left };
}

/** The same of a journey that was published before: it fits the grammar, and there is no file to point into. */
export const checkDefinition = (journey: Journey, context: CheckContext): readonly Remark[] =>
  remarksOn(journey, { value: journey, remarks: [], at: () => TOP, keyAt: () => TOP }, context);

function remarksOn(journey: Journey, source: Source, context: CheckContext): Remark[] {
  const steps = stepPlaces(journey);
  const checked = { journey, source, context, steps, conditions: conditionPlaces(journey, steps) };
  const said = [
    ...checkSteps(checked),
    ...checkWays(checked),
    ...checkJourneys(checked),
    ...checkInside(checked),
    ...checkTimes(checked),
    ...checkSends(checked),
    ...checkConditions(checked),
    ...checkLogic(checked),
    ...checkWindows(checked),
    ...checkOffers(checked),
    ...checkRhythm(checked),
    ...checkHabits(checked),
    ...checkAudience(checked),
    ...checkAvailable(checked),
    ...withoutGoal(journey, source),
    ...allowances(journey, source),
  ];
  // What has a fault cannot be played.
  return hasErrors(said) ? said : [...said, ...tests(checked)];
}

/** A live journey whose tests fail is not published; a draft is told all the same. Each failing test is said. */
function tests({ journey, context, source }: Checked): Remark[] {
  const results = context.tests?.(journey);
  return (results?.failed ?? []).map(({ file, name, said }) => {
    const failed = results?.failed.length ?? 0;
    const count = `${failed} of ${results?.count} tests ${failed === 1 ? 'fails' : 'fail'}`;
    return remark(NO_PASS, source.at(['id']), `${count}: "${name}" in ${file}: ${said}`);
  });
}

function withoutGoal(journey: Journey, source: Source): Remark[] {
  if (journey.goal) return [];
  return [remark('W05', source.at([]), 'Without a goal the report can count clicks, not success.')];
}

/** Only warnings can be silenced. */
function allowances({ allow = {} }: Journey, source: Source): Remark[] {
  return Object.keys(allow)
    .filter((code) => !/^W\d\d$/.test(code))
    .map((code) => {
      const hint = didYouMean(
        code,
        [code.replace(/^w/, 'W')].filter((c) => c !== code),
      );
      return remark(
        MISFIT,
        source.keyAt(['allow', code]),
        `"allow" silences warnings (W01 to W99), not "${code}".${hint}`,
      );
    });
}

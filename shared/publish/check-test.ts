import type * as z from 'zod';
import type { Journey, Step } from '#shared/journey/journey.ts';
import { ownOf } from '#shared/own-of.ts';
import { type Happening, type StoryFile, storyFileSchema, type TestFile, testFileSchema } from '#shared/story/story.ts';
import { unknownName } from './check-names.ts';
import { meantOr } from './did-you-mean.ts';
import { holdAgainst } from './explain.ts';
import { type Path, readFile, type Source } from './parse.ts';
import { hasErrors, inOrder, MISFIT, type Remark, remark } from './remarks.ts';
import { stepPlaces } from './walk.ts';

/**
 * Reads a file of tests and holds it against the grammar and against the journey that it is about. The file is there when
 * no remark is an error; whether its tests pass is another question.
 *
 * @param refused ids of journeys that are there and do not fit the grammar: that is told of them, and not of their tests too
 */
export function checkTest(text: string, journeys: Journeys, refused: readonly string[] = []): Checked<TestFile> {
  return check(text, journeys, testFileSchema, refused);
}

/** The same of a file that is only to be looked at. */
export const checkStory = (text: string, journeys: Journeys): Checked<StoryFile> =>
  check(text, journeys, storyFileSchema);

type Journeys = Readonly<Record<string, Journey>>;
/** `waitsFor`: the journey that is refused itself, so that nothing can be said of its tests. */
type Checked<F> = { readonly file?: F; readonly waitsFor?: string; readonly remarks: readonly Remark[] };
/** What is looked at here in either kind of file. */
type Told = Pick<TestFile, 'journey'> & {
  readonly tests: readonly Pick<TestFile['tests'][number], 'timeline' | 'expect' | 'arms'>[];
};

function check<F extends Told>(
  text: string,
  journeys: Journeys,
  schema: z.ZodType<F>,
  refused: readonly string[] = [],
): Checked<F> {
  const source = readFile(text);
  if (source.value === undefined || hasErrors(source.remarks)) return { remarks: inOrder(source.remarks) };
  const { value: file, remarks } = holdAgainst(schema, source, 'A file of tests');
  if (!file) return { remarks: inOrder(remarks) };
  const journey = ownOf(journeys, file.journey);
  if (!journey && refused.includes(file.journey)) return { waitsFor: file.journey, remarks: [] };
  const said = inOrder(journey ? references(file, journey, source) : [strange(file, journeys, source)]);
  return hasErrors(said) ? { remarks: said } : { file, remarks: said };
}

function strange({ journey }: Told, journeys: Journeys, source: Source): Remark {
  const [said] = unknownName('journey', journey, source.at(['journey']), Object.keys(journeys));
  return said ?? remark('E15', source.at(['journey']), `There is no journey "${journey}".`);
}

function references(file: Told, journey: Journey, source: Source): Remark[] {
  const steps = stepPlaces(journey).map(({ step }) => step);
  return file.tests.flatMap((test, i) => {
    const at: Path = ['tests', i];
    return [
      ...test.timeline.flatMap((one, n) => told(one, steps, [...at, 'timeline', n], source)),
      ...(test.expect.messages ?? []).flatMap(({ step }, n) =>
        named(step, 'send step', sendsOf(steps), [...at, 'expect', 'messages', n, 'step'], source),
      ),
      ...(test.expect.step === undefined
        ? []
        : named(
            test.expect.step,
            'step',
            steps.map(({ id }) => id),
            [...at, 'expect', 'step'],
            source,
          )),
      ...Object.entries(test.arms ?? {}).flatMap(([split, arm]) =>
        armOf(split, arm, steps, [...at, 'arms', split], source),
      ),
    ];
  });
}

const sendsOf = (steps: readonly Step[]): string[] => steps.flatMap(({ id, type }) => (type === 'send' ? [id] : []));

/** Of another journey's message nothing is known here. */
const told = (one: Happening, steps: readonly Step[], path: Path, source: Source): Remark[] =>
  'message' in one && !one.message.includes('/')
    ? named(one.message, 'send step', sendsOf(steps), [...path, 'message'], source)
    : [];

function named(id: string, what: string, known: readonly string[], path: Path, source: Source): Remark[] {
  if (known.includes(id)) return [];
  return [remark('E24', source.at(path), `There is no ${what} "${id}".${meantOr(id, known)}`)];
}

function armOf(id: string, arm: string, steps: readonly Step[], path: Path, source: Source): Remark[] {
  const splits = steps.filter((step) => step.type === 'split');
  const split = splits.find((step) => step.id === id);
  if (!split) {
    const hint = meantOr(
      id,
      splits.map((step) => step.id),
    );
    return [remark(MISFIT, source.keyAt(path), `There is no split "${id}".${hint}`)];
  }
  const names = split.arms.map(({ name }) => name);
  if (names.includes(arm)) return [];
  return [remark(MISFIT, source.at(path), `The split "${id}" has no arm "${arm}".${meantOr(arm, names)}`)];
}

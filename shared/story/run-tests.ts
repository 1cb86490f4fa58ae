import type { Call } from '#shared/call/call.ts';
import type { Message } from '#shared/message/message.ts';
import type { TestResults } from '#shared/publish/context.ts';
import { REFUSAL_WORDS } from '#shared/report/refusals.ts';
import type { ContactPlay } from '#shared/simulation/contact-play.ts';
import type { Line } from '#shared/simulation/line.ts';
import { contactFaults, listFault, messageFaults, outcomeFaults, type Sent } from './compare.ts';
import { callFaults } from './compare-calls.ts';
import type { Story, TestFile } from './story.ts';
import { type StoryShop, tellStory } from './tell-story.ts';

/** The text of a message as the contact would read it; undefined where it cannot be made. */
export type Print = (message: Message, play: ContactPlay) => string | undefined;

/** `faults`: in words, each thing that came otherwise than expected. None: the test passes. */
export type TestOutcome = { readonly name: string; readonly faults: readonly string[] };

/** A file of tests, by its key in the bucket. */
export type KeyedTests = { readonly key: string; readonly file: TestFile };

/** How the tests of several files went together; undefined when there are none. */
export function resultsOf(files: readonly KeyedTests[], shop: StoryShop, print: Print): TestResults | undefined {
  if (files.length === 0) return undefined;
  const outcomes = files.flatMap(({ key, file }) => runTests(file, shop, print).map((one) => ({ ...one, file: key })));
  const failed = outcomes.flatMap(({ file, name, faults: [said] }) =>
    said === undefined ? [] : [{ file, name, said }],
  );
  return { count: outcomes.length, failed };
}

/** Plays each test of a file. A test that cannot be played fails, and says why. */
export const runTests = (file: TestFile, shop: StoryShop, print?: Print): TestOutcome[] =>
  file.tests.map((story) => ({ name: story.name, faults: faultsOf(story, file, shop, print) }));

function faultsOf(story: Story, file: TestFile, shop: StoryShop, print: Print | undefined): string[] {
  const sent: Sent[] = [];
  const emitted: string[] = [];
  let refused: string | undefined;
  const called: Call[] = [];
  const hear = (line: Line, play: ContactPlay): void => {
    if (line.what === 'emitted' && line.journey === file.journey) emitted.push(line.type);
    if (line.what === 'refused' && line.journey === file.journey) refused ??= sayRefused(line);
    if (line.what === 'called' && line.journey === file.journey) called.push(line.call);
    if (line.what === 'sent' && line.journey === file.journey)
      sent.push({ message: line.message, text: print?.(line.message, play) });
  };
  const told = tellStory(story, file, shop, { tell: hear });
  const passage = told.play.passages.findLast(({ journey }) => journey === file.journey);
  const faults = [
    ...told.impossible,
    ...(story.expect.messages ? messageFaults(story.expect.messages, sent, told) : []),
    ...outcomeFaults(story.expect, passage),
    ...contactFaults(story.expect, told.play),
    ...(story.expect.calls ? callFaults(story.expect.calls, called, told) : []),
    ...(story.expect.events ? listFault('events', story.expect.events, emitted) : []),
  ];
  return passage ? faults : faults.map((said) => `${said}. They never entered: ${refused ?? NOT_STARTED}`);
}

const NOT_STARTED = 'nothing of the timeline has started it by then';
const sayRefused = ({ reason, because }: Extract<Line, { what: 'refused' }>): string =>
  [REFUSAL_WORDS[reason], ...because].join('; ');

import { existsSync, readFileSync } from 'node:fs';
import { BadInput, FaultyFile } from '#apps/cli/bad-input.ts';
import type { SimulateRequest } from '#apps/cli/commands/simulate.ts';
import { dateTimeSchema } from '#shared/condition/condition.ts';
import type { Journey } from '#shared/journey/journey.ts';
import { checkStory } from '#shared/publish/check-test.ts';
import { didYouMean } from '#shared/publish/did-you-mean.ts';
import { holdAgainst } from '#shared/publish/explain.ts';
import { readFile } from '#shared/publish/parse.ts';
import { print } from '#shared/publish/print.ts';
import { hasErrors } from '#shared/publish/remarks.ts';
import { stepPlaces } from '#shared/publish/walk.ts';
import { contactSchema, type Story, type StoryContact, type StoryFile } from '#shared/story/story.ts';
import type { StoryShop } from '#shared/story/tell-story.ts';
import { whatToWrite } from './example.ts';
import { happeningsOf, momentOf } from './happenings.ts';
import { lastOf } from './last.ts';

/** A story, whole, and whom it is about. */
export type Asked = {
  readonly story: Story;
  readonly setting: { readonly journey: string };
  readonly contact: StoryContact;
};

type Given = Partial<StoryFile['tests'][number]>;

/** The story that the options tell. Throws BadInput for what is wrong with them, and when they tell none. */
export function askedOf(request: SimulateRequest, journey: Journey, shop: StoryShop): Asked {
  const told = request.story === undefined ? undefined : storyIn(request.story, request.test, journey, shop);
  const timeline = [...(told?.timeline ?? []), ...happeningsOf(request, journey)];
  const said = request.contact === undefined ? told?.contact : { ...agreeing(shop), ...contactIn(request.contact) };
  const byCalendar = journey.trigger.type === 'date' || journey.trigger.type === 'schedule';
  if (timeline.length === 0 && !(byCalendar && said)) throw new BadInput(whatToWrite(journey, shop, request.journey));
  // A file says all of it, as it does when it is tested.
  const contact = said ?? (told ? {} : agreeing(shop));
  const start = request.start === undefined ? told?.start : startOf(request.start);
  const until = request.until === undefined ? told?.until : momentOf(request.until, `--until ${request.until}`);
  const { arms, coupons, holdout } = told ?? {};
  const story: Story = {
    name: 'story',
    contact,
    ...(start !== undefined && { start }),
    arms: { ...arms, ...armsOf(request.arm, journey) },
    ...(coupons && { coupons }),
    ...(holdout !== undefined && { holdout }),
    timeline,
    until: until ?? lastOf({ timeline, start, contact }, shop.settings),
    expect: {},
  };
  return { story, setting: { journey: journey.id }, contact };
}

/** Who says nothing of the contact 's consent means one whom the journey may write to. */
const agreeing = ({ settings }: StoryShop): StoryContact => ({
  consents: {
    email: Object.entries(settings.topics).flatMap(([topic, { kind }]) => (kind === 'marketing' ? [topic] : [])),
  },
});

function storyIn(file: string, name: string | undefined, journey: Journey, { journeys }: StoryShop): Given {
  const byId = Object.fromEntries(journeys.map((one) => [one.id, one]));
  const { file: read, remarks } = checkStory(textOf(file), byId);
  if (!read) throw new FaultyFile(print({ file, remarks, checked: true }));
  if (read.journey !== journey.id) throw new BadInput(`${file} is about "${read.journey}", not about "${journey.id}".`);
  const names = read.tests.map((test) => test.name);
  const found = name === undefined ? read.tests[0] : read.tests.find((test) => test.name === name);
  if (!found) throw new BadInput(`${file} has no test "${name}".${didYouMean(name ?? '', names)}\n${listed(names)}`);
  if (name === undefined && names.length > 1)
    throw new BadInput(`${file} has ${names.length} tests. Say with --test which:\n${listed(names)}`);
  return { ...found, contact: found.contact ?? read.contact, start: found.start ?? read.start };
}

const listed = (names: readonly string[]): string => names.map((name) => `  --test '${name}'`).join('\n');

function contactIn(given: string): StoryContact {
  const isText = given.trimStart().startsWith('{');
  const source = readFile(isText ? given : textOf(given));
  const { value, remarks } = hasErrors(source.remarks)
    ? { value: undefined, remarks: source.remarks }
    : holdAgainst(contactSchema, source, 'A contact');
  if (value) return value;
  throw new FaultyFile(print({ file: isText ? '--contact' : given, remarks, checked: true }));
}

function textOf(file: string): string {
  if (!existsSync(file)) throw new BadInput(`There is no ${file}.`);
  return readFileSync(file, 'utf8');
}

function startOf(given: string): string {
  if (dateTimeSchema.safeParse(given).success) return given;
  throw new BadInput(`--start ${given}: write a local time of the contact, as 2026-03-02T10:00.`);
}

function armsOf(given: readonly string[], journey: Journey): Record<string, string> {
  const splits = stepPlaces(journey).flatMap(({ step }) => (step.type === 'split' ? [step] : []));
  return Object.fromEntries(
    given.map((one) => {
      const [id = '', arm = ''] = one.split('=');
      const split = splits.find((step) => step.id === id);
      const ids = splits.map((step) => step.id);
      if (!split) throw new BadInput(`--arm ${one}: ${journey.id} has no split "${id}".${didYouMean(id, ids)}`);
      const arms = split.arms.map(({ name }) => name);
      if (arms.includes(arm)) return [id, arm];
      throw new BadInput(`--arm ${one}: "${id}" has no arm "${arm}". Its arms are ${arms.join(', ')}.`);
    }),
  );
}

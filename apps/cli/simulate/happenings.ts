import * as z from 'zod';
import { BadInput } from '#apps/cli/bad-input.ts';
import type { SimulateRequest } from '#apps/cli/commands/simulate.ts';
import { eventTypeSchema } from '#shared/event/event.ts';
import type { Journey } from '#shared/journey/journey.ts';
import { MESSAGE_FACTS } from '#shared/message/message.ts';
import { didYouMean } from '#shared/publish/did-you-mean.ts';
import { durationMeant, reordered } from '#shared/publish/durations.ts';
import { stepPlaces } from '#shared/publish/walk.ts';
import { jsonSchema } from '#shared/store/json.ts';
import { type Happening, momentSchema, type StoryMoment } from '#shared/story/story.ts';

type Written = { readonly name: string; readonly at: StoryMoment; readonly rest: string; readonly place: string };

/** `NAME@WHEN REST`, as the options take what happens. */
const FORM = /^\s*([^@\s]+)(?:@(\S+))?(?:\s+([\s\S]*))?$/;

/** What the options say that happens. Throws BadInput for what nobody can read. */
export const happeningsOf = ({ event, message, enrol }: SimulateRequest, journey: Journey): Happening[] => [
  ...event.map((one) => eventIn(written(one, '--event'))),
  ...enrol.map((one) => {
    const { name, at, ...how } = written(one, '--enrol');
    return { at, enrol: name, ...dataIn(how) };
  }),
  ...message.map((one) => factIn(written(one, '--message'), journey)),
];

function written(text: string, option: string): Written {
  const place = `${option} '${text}'`;
  const [, name, at = 'PT0S', rest = ''] = FORM.exec(text) ?? [];
  if (name === undefined) throw new BadInput(`${place}: write a name first, then @ and when, as 'purchase@P2D'.`);
  return { name, at: momentOf(at, place), rest: rest.trim(), place };
}

/** A duration from the start, or a local time. */
export function momentOf(text: string, place: string): StoryMoment {
  const read = momentSchema.safeParse(text);
  if (read.success) return read.data;
  const meant = durationMeant(text) ?? reordered(text);
  const hint =
    meant === undefined
      ? 'Write how long after the start, as PT20M or P2D, or a local time, as 2026-03-02T10:00.'
      : `Write "${meant}".`;
  throw new BadInput(`${place}: "${text}" is no duration and no time. ${hint}`);
}

function eventIn({ name, at, ...how }: Written): Happening {
  const type = eventTypeSchema.safeParse(name);
  if (!type.success) throw new BadInput(`${how.place}: "${name}" is no name of an event, such as cart.updated.`);
  return { at, event: type.data, ...dataIn(how) };
}

const dataSchema = z.record(z.string(), jsonSchema);

function dataIn({ rest, place }: Pick<Written, 'rest' | 'place'>) {
  if (rest === '') return {};
  const data = dataSchema.safeParse(readJson(rest, place));
  if (data.success) return { data: data.data };
  throw new BadInput(`${place}: the data stand between "{" and "}", as {"total":60}.`);
}

function readJson(text: string, place: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new BadInput(`${place}: ${text} is not JSON, which looks like {"total":60}.`, { cause: error });
  }
}

function factIn({ name, at, rest, place }: Written, journey: Journey): Happening {
  const sends = stepPlaces(journey).flatMap(({ step }) => (step.type === 'send' ? [step.id] : []));
  if (!name.includes('/') && !sends.includes(name))
    throw new BadInput(`${place}: there is no send step "${name}".${didYouMean(name, sends)}`);
  const is = MESSAGE_FACTS.find((fact) => fact === rest);
  if (is) return { at, message: name, is };
  throw new BadInput(
    `${place}: say what becomes of it: ${MESSAGE_FACTS.join(', ')}.${didYouMean(rest, MESSAGE_FACTS)}`,
  );
}

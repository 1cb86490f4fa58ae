import * as z from 'zod';
import type { Block } from '#shared/import/graph.ts';
import type { Source } from '#shared/import/source.ts';
import { type ActivityKind, kindOf, type Make, next, type PinpointJourney } from './journey.ts';
import { custom, email, push, sms } from './messages.ts';
import { conditionalSplit, holdout, multiCondition, randomSplit } from './splits.ts';
import { wait } from './waits.ts';

const text = z.string().min(1);

const contactCenter: Make = (at, _key, { draft }) => {
  draft.notes.lost(
    at,
    'Calls by Amazon Connect cannot be expressed.',
    'A "call" step can hand the contact to Connect.',
  );
  return { steps: [], ...next(at) };
};

const MAKE: Readonly<Record<ActivityKind, Make>> = {
  ...{ EMAIL: email, SMS: sms, PUSH: push, CUSTOM: custom, Wait: wait, ContactCenter: contactCenter },
  ...{ ConditionalSplit: conditionalSplit, MultiCondition: multiCondition, RandomSplit: randomSplit, Holdout: holdout },
};

/** One activity as a block; what is of no known kind is passed over and said. */
export function blockOf(activity: Source, key: string, journey: PinpointJourney): Block {
  const kind = kindOf(activity);
  const name = activity.at('Description').take(text);
  if (kind) return { key, ...MAKE[kind](activity.at(kind), key, journey, name) };
  // Any activity says what comes next in the same words, so the way goes on although this one is lost.
  const onward = activity.fields().flatMap(([, part]) => part.at('NextActivity').take(text) ?? [])[0];
  journey.draft.notes.lost(
    activity,
    `This activity is of a kind that is not known: ${
      activity
        .fields()
        .map(([k]) => k)
        .join(', ') || 'none'
    }.`,
  );
  return { key, steps: [], next: onward };
}

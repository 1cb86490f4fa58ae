import type { Journey } from '#shared/journey/journey.ts';
import { plain } from './plain.ts';
import {
  STATUS_WORDS,
  sayAgain,
  sayEntry,
  sayExit,
  sayGoal,
  sayJourneyCap,
  sayPublish,
  sayQuiet,
} from './words/rules.ts';
import { sayTrigger } from './words/trigger.ts';
import { sayTopic } from './words/values.ts';

/** What stands above the steps: who enters, what for, and what ends it before its time. */

export type Row = { readonly label: string; readonly lines: readonly string[] };

type Part = Exclude<keyof Journey, '$schema' | 'id' | 'name' | 'note' | 'steps' | 'allow'>;

const row = (label: string, lines: readonly string[]): Row => ({ label, lines: lines.map(plain).filter(Boolean) });

/** How each part of a journey is shown, in this order. A new one does not compile until it is. */
const ROWS: { readonly [P in Part]-?: (journey: Journey) => Row[] } = {
  status: ({ status }) => [row('Status', [STATUS_WORDS[status]])],
  topic: ({ topic }) => [row('Topic', topic === undefined ? [] : [sayTopic(topic)])],
  trigger: ({ trigger }) => [row('Starts', sayTrigger(trigger))],
  entry: ({ entry = {}, trigger }) => [row('Enters', sayEntry(entry)), row('How often', sayAgain(entry, trigger))],
  goal: ({ goal }) => [row('Goal', goal ? sayGoal(goal) : [])],
  exits: ({ exits = [] }) => [row('Leaves early', exits.map(sayExit))],
  caps: ({ caps = [] }) => [row('Limits', caps.map(sayJourneyCap))],
  quiet: ({ quiet = [] }) => [row('Quiet', sayQuiet(quiet))],
  priority: ({ priority }) => [row('Priority', priority === undefined ? [] : [`${priority} of 100`])],
  publish: ({ publish }) => [row('At publish', publish ? sayPublish(publish) : [])],
};

export const headerOf = (journey: Journey): Row[] =>
  Object.values(ROWS)
    .flatMap((rowsOf) => rowsOf(journey))
    .filter(({ lines }) => lines.length > 0);

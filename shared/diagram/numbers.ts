import * as z from 'zod';
import { sayNumber } from './words/values.ts';

/** What happened at the steps of a journey, to be shown beside them. */

const count = z.int().min(0);
export const numbersSchema = z.record(
  z.string(),
  z.strictObject({
    /** Passages that came to the step. */
    entered: count.optional(),
    sent: count.optional(),
    clicked: count.optional(),
    /** Passages that are at the step now. */
    inside: count.optional(),
  }),
);
/** By the step's id. */
export type Numbers = z.infer<typeof numbersSchema>;
export type StepNumbers = Numbers[string];

/** "120 clicked, 11 %": of those sent, when that is known. */
function clicks({ clicked, sent }: StepNumbers): string[] {
  if (clicked === undefined) return [];
  const share = sent ? `, ${Math.round((100 * clicked) / sent)} %` : '';
  return [`${sayNumber(clicked)} clicked${share}`];
}

/** One short text for each number that is given. */
export function sayNumbers(numbers: StepNumbers): string[] {
  const said = (n: number | undefined, word: string) => (n === undefined ? [] : [`${sayNumber(n)} ${word}`]);
  const { entered, sent, inside } = numbers;
  return [...said(entered, 'entered'), ...said(sent, 'sent'), ...clicks(numbers), ...said(inside, 'inside')];
}

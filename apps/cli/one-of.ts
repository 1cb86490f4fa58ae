import { type Argument, InvalidArgumentError } from 'commander';
import { didYouMean } from '#shared/publish/did-you-mean.ts';

/** An argument that is one of these words; of another it says which was probably meant, and which there are. */
export const oneOf = (argument: Argument, words: readonly string[]): Argument =>
  argument.choices(words).argParser((word) => {
    if (words.includes(word)) return word;
    throw new InvalidArgumentError(`${didYouMean(word, words)} Allowed choices are ${words.join(', ')}.`.trim());
  });

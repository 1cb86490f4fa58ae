import { BadInput } from '#apps/cli/bad-input.ts';
import { ownOf } from '#shared/own-of.ts';
import { didYouMean } from '#shared/publish/did-you-mean.ts';
import type { SourceName } from '#shared/source/sources.ts';
import { generic } from './samples/generic.ts';
import type { Samples } from './samples/sample.ts';
import { segment } from './samples/segment.ts';
import { shopify } from './samples/shopify.ts';
import { stripe } from './samples/stripe.ts';
import { woocommerce } from './samples/woocommerce.ts';

/** A source cannot be added without a sample of what it posts. */
export const SAMPLES: Readonly<Record<SourceName, Samples>> = { generic, segment, shopify, stripe, woocommerce };

/** Throws BadInput for a source that nobody knows. */
export function samplesOf(source: string): Samples {
  const samples = ownOf(SAMPLES, source);
  if (samples) return samples;
  const names = Object.keys(SAMPLES);
  throw new BadInput(`There is no source "${source}".${didYouMean(source, names)} There are ${names.join(', ')}.`);
}

/** Topics can be written with their capitals and blanks, or without. */
const plain = (topic: string): string => topic.toLowerCase().replaceAll(/[\s_-]/g, '');

/** A topic as its source writes it. Throws BadInput for one that there is no sample of. */
export function topicOf(source: string, topic: string): string {
  const topics = Object.keys(samplesOf(source).bodies);
  const found = topics.find((one) => one === topic) ?? topics.find((one) => plain(one) === plain(topic));
  if (found !== undefined) return found;
  throw new BadInput(
    `${source} has no topic "${topic}".${didYouMean(topic, topics)} "tropa webhook send --list" shows them.`,
  );
}

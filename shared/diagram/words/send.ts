import type { SendStep } from '#shared/journey/journey.ts';
import { describeCondition } from './conditions.ts';
import { type Parts, sayParts } from './parts.ts';
import { sayIso, sayWindow } from './times.ts';
import { CHANNEL_WORDS, counted, listed, oneOrMore, quoted, sayRef, sayTopic, sayValues } from './values.ts';

/** How, in whose name and when a template is sent. */

type Options = Omit<SendStep, 'type' | 'id' | 'name' | 'note' | 'if' | 'template'>;

function sayProducts({ list, for: ref, count, atLeast, where }: NonNullable<SendStep['products']>): string {
  const which = `${ref ? ` for ${sayRef(ref)}` : ''}${where ? ` (${describeCondition(where)})` : ''}`;
  const least = atLeast === undefined ? '' : `; not sent if there are fewer than ${atLeast}`;
  return `with ${counted(count, 'product')} of ${quoted(list)}${which}${least}`;
}

const sayWhen = (when: NonNullable<SendStep['when']>): string =>
  when === 'best' ? 'at their best hour' : `only ${sayWindow(when)}`;

/** A send that may not go yet waits, for a day unless it says otherwise. */
const sayExpiry = (expires: string): string =>
  sayIso(expires) === 'no time' ? 'at once or not at all' : `at most ${sayIso(expires)} late`;

const OPTIONS: Parts<Options> = {
  channel: (channels) => [
    `by ${oneOrMore(channels)
      .map((channel) => CHANNEL_WORDS[channel])
      .join(', else ')}`,
  ],
  topic: (topic) => [`on ${sayTopic(topic)}`],
  sender: (sender) => [`from ${quoted(sender)}`],
  locale: (locale) => [`in the language ${quoted(locale)}`],
  data: (values) => (Object.keys(values).length === 0 ? [] : [`with ${listed(sayValues(values), 'and')}`]),
  products: (products) => [sayProducts(products)],
  survey: (survey) => [`with the survey ${quoted(survey)}`],
  when: (when) => [sayWhen(when)],
  expires: (expires) => [sayExpiry(expires)],
};
export const sendLines = (step: SendStep): string[] => sayParts<Options>(OPTIONS, step);

import { ownOf } from '#shared/own-of.ts';
import { type Instant, laterOf } from '#shared/time/instant.ts';
import type { ConsentState, Profile } from './profile.ts';

/** Topics on channels that a contact has spoken of; `marketing` always finds its place. */
const CONSENTS_AT_MOST = 60;

export type Word = { readonly channel: string; readonly topic: string; readonly said: ConsentState };

/** What stands once these words were said, in any order. Those of topics that find no place are named in `keptOut`. */
export function withConsents(
  before: Profile['consents'],
  words: readonly Word[],
  keptOut: string[],
): Profile['consents'] {
  const consents = { ...before };
  for (const { channel, topic, said } of words) {
    if (!hasPlace(consents, channel, topic)) keptOut.push(`${channel}/${topic}`);
    else if (!stands(ownOf(consents[channel], topic), said))
      consents[channel] = { ...consents[channel], [topic]: said };
  }
  return consents;
}

/** What allows more stands behind what allows less. */
const LENIENCE: { readonly [S in ConsentState['state']]: number } = { denied: 0, unknown: 1, granted: 2 };

/** The later word counts; of two at one moment the stricter; of two alike what was confirmed last, or the smaller event id. */
function stands(known: ConsentState | undefined, said: ConsentState): boolean {
  if (!known || holdsTo(known) !== said.at) return known !== undefined && holdsTo(known) > said.at;
  const [before, after] = [known.confirmed ?? '', said.confirmed ?? ''];
  if (known.state === said.state && before !== after) return before > after;
  return known.state === said.state ? known.event <= said.event : LENIENCE[known.state] < LENIENCE[said.state];
}

/**
 * What stands when two contacts turn out to be one: a refusal of either, also against a later yes of the other, of whom
 * nobody knew then that they are the same. Merges in any order come to the same.
 */
export function joinConsents(
  before: Profile['consents'],
  other: Profile['consents'],
  keptOut: string[],
): Profile['consents'] {
  const consents = { ...before };
  for (const [channel, topics] of Object.entries(other)) {
    for (const [topic, said] of Object.entries(topics)) {
      const known = ownOf(consents[channel], topic);
      if (!hasPlace(consents, channel, topic)) keptOut.push(`${channel}/${topic}`);
      else consents[channel] = { ...consents[channel], [topic]: known ? stricter(known, said) : said };
    }
  }
  return consents;
}

const holdsTo = ({ at, holdsTo: until = at }: ConsentState): Instant => until;

/** Who has taken a word back refuses nothing: between that and a yes the later counts, as with one contact. */
function stricter(a: ConsentState, b: ConsentState): ConsentState {
  const [refusal] = [a, b].filter(({ state }) => state === 'denied').toSorted(laterFirst);
  if (!refusal) return stands(a, b) ? a : b;
  const until = laterOf(holdsTo(a), holdsTo(b));
  return until > refusal.at ? { ...refusal, holdsTo: until } : refusal;
}

const laterFirst = (a: ConsentState, b: ConsentState): number =>
  a.at === b.at ? (a.event <= b.event ? -1 : 1) : a.at > b.at ? -1 : 1;

/** A topic that finds no place is one of which nothing is known, and without a yes nothing is sent. */
function hasPlace(consents: Profile['consents'], channel: string, topic: string): boolean {
  if (topic === 'marketing' || ownOf(consents[channel], topic)) return true;
  return Object.values(consents).flatMap(Object.keys).length < CONSENTS_AT_MOST;
}

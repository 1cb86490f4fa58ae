import { ownOf } from '#shared/own-of.ts';
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

/** The later word counts; of two at one moment the stricter; of two alike the one of the smaller event id. */
function stands(known: ConsentState | undefined, said: ConsentState): boolean {
  if (!known || known.at !== said.at) return known !== undefined && known.at > said.at;
  return known.state === said.state ? known.event <= said.event : known.state === 'denied';
}

/** A topic that finds no place is one of which nothing is known, and without a yes nothing is sent. */
function hasPlace(consents: Profile['consents'], channel: string, topic: string): boolean {
  if (topic === 'marketing' || ownOf(consents[channel], topic)) return true;
  return Object.values(consents).flatMap(Object.keys).length < CONSENTS_AT_MOST;
}

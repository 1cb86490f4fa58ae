import { isOfAnother } from '#shared/contact/address.ts';
import type { Profile } from '#shared/contact/profile.ts';
import { CHANNELS, type Channel } from '#shared/event/event.ts';
import { ownOf } from '#shared/own-of.ts';
import { kindOfTopic, optInOf, type Settings } from '#shared/settings/settings.ts';
import { type Judge, listOf } from './judge.ts';

/** What a contact has allowed, and where they can be reached. */

const MARKETING = 'marketing';

/**
 * What a contact has said about a topic on a channel. A marketing topic is denied wherever `marketing` is; `unknown` is
 * who has said nothing, and whose yes was confirmed for another address where the topic asks for that.
 */
export function consentOn(
  profile: Profile,
  settings: Settings,
  channel: Channel,
  topic: string,
): 'granted' | 'denied' | 'unknown' {
  const said = profile.consents[channel];
  const stateOf = (name: string) => ownOf(said, name)?.state;
  if (kindOfTopic(settings, topic) === 'marketing' && stateOf(MARKETING) === 'denied') return 'denied';
  const word = ownOf(said, topic);
  if (word?.state === 'granted' && isOfAnother(word, profile) && optInOf(settings, channel, topic) === 'double')
    return 'unknown';
  return word?.state ?? 'unknown';
}

/** On that channel, else on at least one; `unknown` without a channel is who has said nothing on any. */
export const judgeConsent: Judge<'consent'> = ({ consent, channel, is = 'granted' }, { profile, settings }) => {
  const states = (channel === undefined ? CHANNELS : [channel]).map((on) => consentOn(profile, settings, on, consent));
  return is === 'unknown' ? states.every((state) => state === is) : states.includes(is);
};

/** Where messages of a channel go. The others have no address on the profile yet. */
const ADDRESS: { readonly [C in Channel]: (identities: Profile['identities']) => string | undefined } = {
  email: ({ email }) => email,
  sms: ({ phone }) => phone,
  push: () => undefined,
  webpush: () => undefined,
  telegram: () => undefined,
  inapp: () => undefined,
};

/** Has an address there and, for a marketing topic, consent. Whether the address is suppressed is known when it is sent to. */
export const judgeReachable: Judge<'reachable'> = ({ reachable, topic }, { profile, settings }) =>
  listOf(reachable).some((channel) => {
    if (ADDRESS[channel](profile.identities) === undefined) return false;
    if (topic === undefined || kindOfTopic(settings, topic) === 'transactional') return true;
    return consentOn(profile, settings, channel, topic) === 'granted';
  });

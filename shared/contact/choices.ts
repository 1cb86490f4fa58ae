import { consentOn } from '#shared/condition/consent.ts';
import type { Consent } from '#shared/event/event.ts';
import { ownOf } from '#shared/own-of.ts';
import { kindOfTopic, type Settings } from '#shared/settings/settings.ts';
import type { Profile } from './profile.ts';

/** What somebody chooses on the page of their preferences, and what that says of their consent to mails. */

const MARKETING = 'marketing';

type Statement = Pick<Consent, 'topic' | 'state'>;

/** The topics that somebody can say yes or no to; all that has no topic of its own comes last. */
export const topicsOffered = ({ topics }: Settings): readonly string[] => [
  ...Object.keys(topics).filter((topic) => topics[topic]?.kind === 'marketing' && topic !== MARKETING),
  MARKETING,
];

/** Those of them that mails come about now. */
export const topicsOn = (profile: Profile, settings: Settings): readonly string[] =>
  topicsOffered(settings).filter((topic) => consentOn(profile, settings, 'email', topic) === 'granted');

/** Whether they want none at all. */
export const isOff = ({ consents }: Profile): boolean => ownOf(consents['email'], MARKETING)?.state === 'denied';

/** A form as it was shown, and as it came back. */
export type Chosen = {
  readonly on: readonly string[];
  readonly wasOn: readonly string[];
  /** It was shown to somebody who wanted no marketing at all. */
  readonly wasOff: boolean;
};

/**
 * Only what was changed on the form is said: one that lay open while a consent was withdrawn elsewhere gives nothing back.
 * Who wants no marketing and ticks one topic wants that one: the refusal of all is taken back, and each other is refused.
 */
export function statements({ on, wasOn, wasOff }: Chosen, profile: Profile, settings: Settings): Statement[] {
  const offered = topicsOffered(settings);
  const ticked = offered.filter((topic) => on.includes(topic));
  const turnsOn = ticked.some((topic) => !wasOn.includes(topic)) && (wasOff || isOff(profile));
  const changed = offered.filter((topic) => turnsOn || ticked.includes(topic) !== wasOn.includes(topic));
  const rest = turnsOn ? forgotten(profile, settings) : [];
  return [
    ...changed.map((topic): Statement => ({ topic, state: stateOf(topic, ticked) })),
    ...rest.map((topic): Statement => ({ topic, state: 'denied' })),
  ];
}

/** No to `marketing` is a no to everything, which is not meant while another topic is wanted. */
function stateOf(topic: string, ticked: readonly string[]): Consent['state'] {
  if (ticked.includes(topic)) return 'granted';
  return topic === MARKETING && ticked.length > 0 ? 'unknown' : 'denied';
}

/** Topics that were agreed to once and that no form offers any more. */
const forgotten = ({ consents }: Profile, settings: Settings): string[] =>
  Object.entries(consents['email'] ?? {}).flatMap(([topic, { state }]) =>
    state === 'granted' && kindOfTopic(settings, topic) === 'marketing' && !topicsOffered(settings).includes(topic)
      ? [topic]
      : [],
  );

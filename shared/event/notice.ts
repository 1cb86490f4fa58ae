import { UNSENT } from '#shared/condition/messages.ts';
import { toBeAsked } from '#shared/contact/opt-in.ts';
import type { Profile } from '#shared/contact/profile.ts';
import { derivedId } from '#shared/enrolment/ids.ts';
import type { Message, MessageFact } from '#shared/message/message.ts';
import { ownOf } from '#shared/own-of.ts';
import type { Json } from '#shared/store/table.ts';
import type { Instant } from '#shared/time/instant.ts';
import type { Event } from './event.ts';
import { CONSENT_PENDING, TRAIT_CHANGED } from './happenings.ts';
import { SOURCE } from './put.ts';

/** Happenings as events. Their ids are derived from what they tell of, so that a repetition meets itself. */

type Told = {
  readonly fact: MessageFact;
  readonly at: Instant;
  readonly reason?: string | undefined;
  readonly link?: string | undefined;
};

/** What became of a message, one hop further from the first cause than the passage that sent it. */
export function messageHappening(message: Message, { fact, at, reason, link }: Told): Event {
  const { id, contact, journey, step, channel, topic, template, hops = 0 } = message;
  return {
    id: derivedId('happening', id, fact, ...(link === undefined ? [] : [link])),
    type: `message.${fact}`,
    at,
    source: SOURCE,
    contact,
    identities: {},
    hops: hops + 1,
    data: {
      journey,
      step,
      message: id,
      channel,
      topic,
      template,
      ...(reason !== undefined && { reason }),
      ...(link !== undefined && { link }),
    },
  };
}

/** What is known of a message that was not sent, as it was told: of all else SES speaks again. */
export const factHappenings = (message: Message): Event[] =>
  UNSENT.flatMap((fact) => {
    const at = message.facts[fact];
    return at === undefined ? [] : [messageHappening(message, { fact, at, reason: message.reason })];
  });

/** What changed a profile: an event that was recorded, or a turn. */
export type Cause = { readonly id: string; readonly at: Instant; readonly hops: number };

type Known = Pick<Profile, 'traits' | 'tags' | 'consents' | 'pending'>;
const NOTHING: Known = { traits: {}, tags: [], consents: {} };

/** What is different on a profile. */
export function profileHappenings(before: Known | undefined, after: Profile, cause: Cause): Event[] {
  const told = (type: string, subject: string, data: Readonly<Record<string, Json>>): Event => ({
    id: derivedId('happening', cause.id, type, subject),
    type,
    at: cause.at,
    source: SOURCE,
    contact: after.contact,
    identities: {},
    hops: cause.hops + 1,
    data,
  });
  const old = before ?? NOTHING;
  return [
    ...tagsBut(old, after).map((tag) => told('tag.added', tag, { tag })),
    ...tagsBut(after, old).map((tag) => told('tag.removed', tag, { tag })),
    ...changedTraits(old, after).map(({ trait, ...more }) => told(TRAIT_CHANGED, trait, { trait, ...more })),
    ...newConsents(old, after).flatMap(({ channel, topic, state }) => {
      // Who takes a word back has not said another.
      if (state === 'unknown') return [];
      const waited = ownOf(old.pending?.[channel], topic) !== undefined;
      const data = { topic, channel, ...(state === 'granted' && waited && { confirmed: true }) };
      return [told(state === 'granted' ? 'subscribed' : 'unsubscribed', `${channel}/${topic}`, data)];
    }),
    ...toBeAsked(old, after).map(([channel, topics]) => told(CONSENT_PENDING, channel, { topics, channel })),
  ];
}

const tagsBut = ({ tags: there }: Known, { tags }: Known): string[] => tags.filter((tag) => !there.includes(tag));

function changedTraits(old: Known, after: Known) {
  return [...new Set([...Object.keys(old.traits), ...Object.keys(after.traits)])].flatMap((trait) => {
    const [before, value] = [ownOf(old.traits, trait), ownOf(after.traits, trait)];
    if (before === value || JSON.stringify(before) === JSON.stringify(value)) return [];
    return [{ trait, ...(value !== undefined && { value }), ...(before !== undefined && { before }) }];
  });
}

const newConsents = (old: Known, after: Known) =>
  Object.entries(after.consents).flatMap(([channel, topics]) =>
    topics === old.consents[channel]
      ? []
      : Object.entries(topics).flatMap(([topic, { state }]) =>
          ownOf(old.consents[channel], topic)?.state === state ? [] : [{ channel, topic, state }],
        ),
  );

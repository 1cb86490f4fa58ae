import type { Consent, Event } from '#shared/event/event.ts';
import { ownOf } from '#shared/own-of.ts';
import { optInOf, type Settings } from '#shared/settings/settings.ts';
import { type Instant, laterOf, plusMillis } from '#shared/time/instant.ts';
import { addressHash, isOfAnother } from './address.ts';
import type { ConsentState, PendingState, Profile } from './profile.ts';

/**
 * Double opt-in: a yes to a topic that asks for it is kept apart, as pending, until the link of a mail to the address has
 * said it once more. What is pending allows nothing.
 */

const MARKETING = 'marketing';
/** So long a yes waits for its confirmation, and so long no second mail asks for it. */
export const OPT_IN_DAYS = 7;
const LASTS = OPT_IN_DAYS * 86_400_000;

type Pending = NonNullable<Profile['pending']>;
type Asked = { readonly channel: string; readonly topic: string; readonly said: PendingState };

/**
 * What an event says yes to that has still to be confirmed. A topic that settings do not name waits for nothing: to ask for
 * each that somebody makes up would be as many mails to a stranger as they like.
 */
const askedBy = ({ id, consents = [] }: Event, settings: Settings): Asked[] =>
  consents
    .filter((consent) => isUnconfirmed(consent, settings))
    .filter(({ topic }) => topic === MARKETING || ownOf(settings.topics, topic) !== undefined)
    .map(({ channel, topic, at, source }) => ({ channel, topic, said: { at, source, event: id } }));

/** A yes that its contact has still to confirm. */
export const isUnconfirmed = ({ channel, topic, state, confirmed }: Consent, settings: Settings): boolean =>
  state === 'granted' && confirmed === undefined && optInOf(settings, channel, topic) === 'double';

/** Until when a word of a topic holds against others. */
const endOf = (word: ConsentState | undefined): Instant => word?.holdsTo ?? word?.at ?? '';

type Standing = Pick<Profile, 'consents' | 'identities'>;

/** A yes that was confirmed, but for another address. */
const hasMoved = (word: ConsentState | undefined, standing: Standing): boolean =>
  word?.state === 'granted' && isOfAnother(word, standing);

/** Whether it is the newest word: later than each no to the topic and to all, and none of an agreed topic. */
function isNewest(standing: Standing, channel: string, topic: string, at: Instant): boolean {
  const word = ownOf(standing.consents[channel], topic);
  const all = ownOf(standing.consents[channel], MARKETING);
  if (all?.state === 'denied' && at <= endOf(all)) return false;
  return hasMoved(word, standing) ? at >= (word?.at ?? '') : word?.state !== 'granted' && at > endOf(word);
}

/** Seven days from the yes; of one that has moved, from when it was asked for. */
const lastsUntil = ({ at, told: when = at, to }: PendingState): Instant =>
  plusMillis(to === undefined ? at : laterOf(at, when), LASTS);

/** What waits, in the order of names. A later no to it, or to all marketing, ends that, and so do seven days. */
export const pendingOn = (profile: Profile, channel: string, now: Instant): (PendingState & { topic: string })[] =>
  Object.entries(profile.pending?.[channel] ?? {})
    .filter(([topic, said]) => isNewest(profile, channel, topic, said.at) && lastsUntil(said) > now)
    .map(([topic, said]) => ({ topic, ...said }))
    .sort((a, b) => (a.topic < b.topic ? -1 : 1));

/**
 * What waits after an event of that time, which said this. Of a topic the newest yes counts, in whatever order they come.
 * `told` moves with what is to be asked for by mail now: what was said, and what was agreed to for another address.
 */
export function withPending(
  before: Pending | undefined,
  event: Event,
  standing: Standing,
  settings: Settings,
): Pending | undefined {
  const asked = askedBy(event, settings);
  const moved = movedFrom(standing, settings);
  const all = waiting(before, [...asked, ...moved], standing);
  // Of the past nobody is asked, and what was said before has been asked for.
  if (!all || event.historic) return all;
  const among = (some: readonly Asked[], channel: string, topic: string): boolean =>
    some.some((one) => one.channel === channel && one.topic === topic);
  return mapped(all, (said, channel, topic) => {
    if (!isNewest(standing, channel, topic, said.at)) return said;
    if (among(asked, channel, topic)) return told(said, event.at);
    return among(moved, channel, topic) ? toldAgain(said, addressHash(standing), event.at) : said;
  });
}

/** What was agreed to by whoever reads an address that mails do not go to any more. Without an address there is nobody to ask. */
function movedFrom(standing: Standing, settings: Settings): Asked[] {
  if (standing.identities.email === undefined) return [];
  return Object.entries(standing.consents['email'] ?? {}).flatMap(([topic, word]) =>
    hasMoved(word, standing) && optInOf(settings, 'email', topic) === 'double'
      ? [{ channel: 'email', topic, said: { at: word.at, source: word.source, event: word.event } }]
      : [],
  );
}

/** Once for each address, and no sooner than seven days after the mail before. */
function toldAgain(said: PendingState, to: string | undefined, now: Instant): PendingState {
  if (to === undefined || said.to === to) return said;
  return said.told !== undefined && plusMillis(said.told, LASTS) > now ? said : { ...said, told: now, to };
}

/**
 * What is said to be newest of each, but for what has been confirmed: nothing can bring that back. That a mail went to
 * another address is remembered until somebody confirms, so that going to and fro between two brings no more of them.
 */
function waiting(before: Pending | undefined, asked: readonly Asked[], standing: Standing): Pending | undefined {
  if (before === undefined && asked.length === 0) return undefined;
  const all: Pending = { ...before };
  for (const { channel, topic, said } of asked)
    all[channel] = { ...all[channel], [topic]: newer(ownOf(all[channel], topic), said) };
  const open = mapped(all, (said, channel, topic) => {
    const word = ownOf(standing.consents[channel], topic);
    if (word?.state !== 'granted' || word.at < said.at || hasMoved(word, standing)) return said;
    return said.to !== undefined && (word.confirmed ?? '') < (said.told ?? '') ? said : undefined;
  });
  return Object.keys(open).length === 0 ? undefined : open;
}

/** Without those that become nothing. */
const mapped = (
  pending: Pending,
  to: (said: PendingState, channel: string, topic: string) => PendingState | undefined,
): Pending =>
  Object.fromEntries(
    Object.entries(pending).flatMap(([channel, topics]) => {
      const left = Object.entries(topics).flatMap(([topic, said]) => {
        const one = to(said, channel, topic);
        return one ? [[topic, one] as const] : [];
      });
      return left.length === 0 ? [] : [[channel, Object.fromEntries(left)] as const];
    }),
  );

function told(said: PendingState, now: Instant): PendingState {
  if (plusMillis(said.at, LASTS) <= now) return said;
  return said.told !== undefined && plusMillis(said.told, LASTS) > now ? said : { ...said, told: now };
}

/** The newest yes, and the newest mail. */
function newer(known: PendingState | undefined, said: PendingState): PendingState {
  if (!known) return said;
  const isLater = said.at === known.at ? said.event < known.event : said.at > known.at;
  const when =
    known.told === undefined || said.told === undefined ? (known.told ?? said.told) : laterOf(known.told, said.told);
  const to = known.to ?? said.to;
  return { ...(isLater ? said : known), ...(when !== undefined && { told: when }), ...(to !== undefined && { to }) };
}

/** Topics of which an event has made that their confirmation is to be asked for. */
export const toBeAsked = (before: Pick<Profile, 'pending'>, { pending = {} }: Profile): [string, string[]][] =>
  Object.entries(pending).flatMap(([channel, topics]): [string, string[]][] => {
    const fresh = Object.entries(topics).flatMap(([topic, { told: at }]) =>
      at === undefined || ownOf(before.pending?.[channel], topic)?.told === at ? [] : [topic],
    );
    return fresh.length === 0 ? [] : [[channel, fresh]];
  });

/** The contact without being asked for these: what was known of asking for them is as it was before. */
export function unasked(
  before: Pick<Profile, 'pending'>,
  after: Profile,
  topics: readonly (readonly [channel: string, topic: string])[],
): Profile {
  if (topics.length === 0 || after.pending === undefined) return after;
  const pending = mapped(after.pending, (said, channel, topic) => {
    if (!topics.some((one) => one[0] === channel && one[1] === topic)) return said;
    const { told: _, to: __, ...rest } = said;
    const known = ownOf(before.pending?.[channel], topic);
    return {
      ...rest,
      ...(known?.told !== undefined && { told: known.told }),
      ...(known?.to !== undefined && { to: known.to }),
    };
  });
  return { ...after, pending };
}

/**
 * Of two contacts who are one. What waits for the one is not agreed to by the other: which of their addresses will be
 * written to is what nobody has confirmed.
 */
export function joinPending(
  into: Profile,
  from: Profile,
  joined: Profile['consents'],
  identities: Profile['identities'],
  now: Instant,
): Pick<Profile, 'consents' | 'pending'> {
  const consents = { ...joined };
  for (const side of [into, from]) {
    for (const channel of Object.keys(side.pending ?? {})) {
      const open = pendingOn(side, channel, now).map(({ topic }) => topic);
      const kept = Object.entries(consents[channel] ?? {}).filter(
        ([topic, { state }]) => state !== 'granted' || !open.includes(topic),
      );
      if (consents[channel]) consents[channel] = Object.fromEntries(kept);
    }
  }
  const asked = Object.entries(from.pending ?? {}).flatMap(([channel, topics]) =>
    Object.entries(topics).map(([topic, said]): Asked => ({ channel, topic, said })),
  );
  const pending = waiting(into.pending, asked, { consents, identities });
  return { consents, ...(pending && { pending }) };
}

import type { Consent, Event } from '#shared/event/event.ts';
import { ownOf } from '#shared/own-of.ts';
import { optInOf, type Settings } from '#shared/settings/settings.ts';
import { type Instant, laterOf, plusMillis } from '#shared/time/instant.ts';
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

/** Whether it is the newest word: later than each no to the topic and to all, and none of an agreed topic. */
function isNewest({ consents }: Pick<Profile, 'consents'>, channel: string, topic: string, at: Instant): boolean {
  const word = ownOf(consents[channel], topic);
  const all = ownOf(consents[channel], MARKETING);
  return word?.state !== 'granted' && at > endOf(word) && !(all?.state === 'denied' && at <= endOf(all));
}

/** What waits, in the order of names. A later no to it, or to all marketing, ends that, and so do seven days. */
export const pendingOn = (profile: Profile, channel: string, now: Instant): (PendingState & { topic: string })[] =>
  Object.entries(profile.pending?.[channel] ?? {})
    .filter(([topic, { at }]) => isNewest(profile, channel, topic, at) && plusMillis(at, LASTS) > now)
    .map(([topic, said]) => ({ topic, ...said }))
    .sort((a, b) => (a.topic < b.topic ? -1 : 1));

/**
 * What waits after an event of that time, which said this. Of a topic the newest yes counts, in whatever order they come.
 * `told` moves with what is to be asked for by mail now.
 */
export function withPending(
  before: Pending | undefined,
  event: Event,
  consents: Profile['consents'],
  settings: Settings,
): Pending | undefined {
  const asked = askedBy(event, settings);
  const all = waiting(before, asked, consents);
  // Of the past nobody is asked, and what was said before has been asked for.
  if (!all || event.historic) return all;
  return mapped(all, (said, channel, topic) =>
    asked.some((one) => one.channel === channel && one.topic === topic)
      ? told(said, isNewest({ consents }, channel, topic, said.at), event.at)
      : said,
  );
}

/** What is said to be newest of each, but for what has been confirmed: nothing can bring that back. */
function waiting(
  before: Pending | undefined,
  asked: readonly Asked[],
  consents: Profile['consents'],
): Pending | undefined {
  if (before === undefined && asked.length === 0) return undefined;
  const all: Pending = { ...before };
  for (const { channel, topic, said } of asked)
    all[channel] = { ...all[channel], [topic]: newer(ownOf(all[channel], topic), said) };
  const open = mapped(all, (said, channel, topic) => {
    const word = ownOf(consents[channel], topic);
    return word?.state === 'granted' && word.at >= said.at ? undefined : said;
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

function told(said: PendingState, isNew: boolean, now: Instant): PendingState {
  if (!isNew || plusMillis(said.at, LASTS) <= now) return said;
  return said.told !== undefined && plusMillis(said.told, LASTS) > now ? said : { ...said, told: now };
}

/** The newest yes, and the newest mail. */
function newer(known: PendingState | undefined, said: PendingState): PendingState {
  if (!known) return said;
  const isLater = said.at === known.at ? said.event < known.event : said.at > known.at;
  const when =
    known.told === undefined || said.told === undefined ? (known.told ?? said.told) : laterOf(known.told, said.told);
  return { ...(isLater ? said : known), ...(when !== undefined && { told: when }) };
}

/** Topics of which an event has made that their confirmation is to be asked for. */
export const toBeAsked = (before: Pick<Profile, 'pending'>, { pending = {} }: Profile): [string, string[]][] =>
  Object.entries(pending).flatMap(([channel, topics]): [string, string[]][] => {
    const fresh = Object.entries(topics).flatMap(([topic, { told: at }]) =>
      at === undefined || ownOf(before.pending?.[channel], topic)?.told === at ? [] : [topic],
    );
    return fresh.length === 0 ? [] : [[channel, fresh]];
  });

/**
 * Of two contacts who are one. What waits for the one is not agreed to by the other: which of their addresses will be
 * written to is what nobody has confirmed.
 */
export function joinPending(
  into: Profile,
  from: Profile,
  joined: Profile['consents'],
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
  const pending = waiting(into.pending, asked, consents);
  return { consents, ...(pending && { pending }) };
}

import type { Event } from '#shared/event/event.ts';
import { isOrder } from '#shared/event/own.ts';
import { ownOf } from '#shared/own-of.ts';
import type { Settings } from '#shared/settings/settings.ts';
import { earlierOf, type Instant, laterOf } from '#shared/time/instant.ts';
import { addressHash } from './address.ts';
import { coerce, flatten } from './coerce.ts';
import { withConsents } from './consents.ts';
import { foldSettings, isDerived } from './derived.ts';
import { hourOf, isDoing, joinHours } from './engaged.ts';
import { namedIn } from './identity.ts';
import { isUnconfirmed, withPending } from './opt-in.ts';
import { LAST_LIMIT, type Profile } from './profile.ts';
import { foldPurchase, newestTimes } from './purchases.ts';
import { hasRoomForTag, type Said } from './room.ts';
import { say } from './say.ts';

export type Folded = {
  readonly profile: Profile;
  /** Traits that are reckoned, or did not fit their declared type or the profile, and consents beyond those that it holds. */
  readonly keptOut: readonly string[];
};

export const emptyProfile = (contact: string, at: Instant): Profile => ({
  v: 1,
  contact,
  rev: 0,
  createdAt: at,
  identities: {},
  traits: {},
  traitsAt: {},
  tags: [],
  consents: {},
  last: {},
  purchaseTimes: [],
  inside: {},
  watching: {},
  aka: [],
});

/**
 * The profile after one more event. Folds go by the events' own times, so that any order of arrival ends in the same
 * profile. `rev` grows by one.
 */
export function fold(before: Profile | undefined, event: Event, contact: string, settings: Settings): Folded {
  const old = before ?? emptyProfile(contact, event.at);
  const traits = { ...old.traits };
  const traitsAt = { ...old.traitsAt };
  const said: Said = { traits, traitsAt, tags: old.tags };
  const keptOut: string[] = [];
  for (const [path, value] of flatten(event.traits ?? {})) {
    if (isForeign(path, event, settings)) keptOut.push(path);
    else if (!say(said, path, value === null ? null : coerce(settings, path, value), event.at)) keptOut.push(path);
  }
  const tags = withTags(said, event.tags ?? [], keptOut);
  const purchaseTimes = event.type === 'purchase' ? newestTimes([...old.purchaseTimes, event.at]) : old.purchaseTimes;
  const { pending: waited, ...rest } = old;
  const consents = foldConsents(old, event, settings, keptOut);
  const identities = foldIdentities(old, event, traitsAt);
  const pending = withPending(waited, event, { consents, identities }, settings);
  const profile: Profile = {
    ...rest,
    rev: old.rev + 1,
    createdAt: earlierOf(old.createdAt, event.at),
    identities,
    traits,
    traitsAt,
    tags,
    consents,
    ...(pending && { pending }),
    last: foldLast(old.last, event),
    purchaseTimes,
    ...(isDoing(event) && { hours: [...joinHours(old.hours ?? [], [hourOf(event.at)])] }),
  };
  if (event.type === 'purchase') foldPurchase(traits, event, purchaseTimes);
  if (event.type === 'product.viewed' || event.type === 'page.viewed') {
    say(said, 'visits.last', event.at, event.at);
  }
  foldSettings(settings, event, said);
  return { profile, keptOut };
}

function withTags(said: Said, more: readonly string[], keptOut: string[]): string[] {
  const tags = new Set(said.tags);
  for (const tag of more) {
    if (tags.has(tag) || hasRoomForTag({ ...said, tags }, tag)) tags.add(tag);
    else keptOut.push(`tag ${tag}`);
  }
  return [...tags].sort();
}

/** Nobody says what is reckoned; but whom a story introduces has a past that it does not tell. */
const isForeign = (path: string, { type }: Event, settings: Settings): boolean =>
  !isOrder(type) && isDerived(settings, path);

function foldIdentities(old: Profile, event: Event, traitsAt: Record<string, Instant>): Profile['identities'] {
  const identities = { ...old.identities };
  for (const { kind, value } of namedIn(event.identities)) {
    if (kind === 'anonymousId' || kind === 'device') continue;
    const known = traitsAt[`@${kind}`];
    if (known !== undefined && (known > event.at || (known === event.at && (identities[kind] ?? '') > value))) continue;
    identities[kind] = value;
    traitsAt[`@${kind}`] = event.at;
  }
  return identities;
}

const foldConsents = (old: Profile, event: Event, settings: Settings, keptOut: string[]): Profile['consents'] =>
  withConsents(
    old.consents,
    (event.consents ?? [])
      .filter((consent) => !isUnconfirmed(consent, settings))
      .map(({ channel, topic, state, at, source, confirmed, ...one }) => {
        const address = one.address ?? (channel === 'email' ? addressHash(event) : undefined);
        const how = confirmed === undefined ? {} : { confirmed, ...(address !== undefined && { address }) };
        return { channel, topic, said: { state, at, source, event: event.id, ...how } };
      }),
    keptOut,
  );

const foldLast = (last: Profile['last'], { type, at }: Event): Profile['last'] =>
  isOrder(type) ? last : withLast(last, { [type]: at });

/** The newest time of each type, by two that know of different events. */
export function withLast(last: Profile['last'], more: Profile['last']): Profile['last'] {
  const next = { ...last };
  for (const [type, at] of Object.entries(more)) next[type] = laterOf(ownOf(last, type) ?? at, at);
  const types = Object.entries(next);
  if (types.length <= LAST_LIMIT) return next;
  // By name where the times are equal, so that the order of arrival does not matter.
  const order = ([a, at]: [string, Instant], [b, bt]: [string, Instant]): number =>
    at === bt ? (a < b ? -1 : 1) : at < bt ? 1 : -1;
  return Object.fromEntries(types.sort(order).slice(0, LAST_LIMIT));
}

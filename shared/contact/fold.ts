import type { Event } from '#shared/event/event.ts';
import { isOrder } from '#shared/event/own.ts';
import { ownOf } from '#shared/own-of.ts';
import type { Settings } from '#shared/settings/settings.ts';
import { holdsNumber } from '#shared/store/units.ts';
import { earlierOf, type Instant, laterOf, plusMillis, toMillis } from '#shared/time/instant.ts';
import { coerce, flatten } from './coerce.ts';
import { foldSettings } from './derived.ts';
import { namedIn } from './identity.ts';
import { type ConsentState, LAST_LIMIT, type Profile, type TraitValue } from './profile.ts';
import { makeRoom, type Said } from './room.ts';
import { weight } from './weight.ts';

const PURCHASES_KEPT = 12;
/** Topics on channels that a contact has spoken of; `marketing` always finds its place. */
const CONSENTS_AT_MOST = 60;

export type Folded = {
  readonly profile: Profile;
  /** Traits that did not fit their declared type or the profile, and consents beyond those that it holds. */
  readonly keptOut: readonly string[];
};

const emptyProfile = (contact: string, at: Instant): Profile => ({
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
    if (!say(said, path, value === null ? null : coerce(settings, path, value), event.at)) keptOut.push(path);
  }
  const purchaseTimes =
    event.type === 'purchase' ? newest([...old.purchaseTimes, event.at], PURCHASES_KEPT) : old.purchaseTimes;
  const profile: Profile = {
    ...old,
    rev: old.rev + 1,
    createdAt: earlierOf(old.createdAt, event.at),
    identities: foldIdentities(old, event, traitsAt),
    traits,
    traitsAt,
    consents: foldConsents(old, event, keptOut),
    last: foldLast(old.last, event),
    purchaseTimes,
  };
  if (event.type === 'purchase') foldPurchase(traits, event, purchaseTimes);
  if (event.type === 'product.viewed' || event.type === 'page.viewed') {
    say(said, 'visits.last', event.at, event.at);
  }
  foldSettings(settings, event, said);
  return { profile, keptOut };
}

/** Writes a trait unless a newer word stands; null removes. False when the value does not fit or there is no room. */
function say(said: Said, path: string, value: TraitValue | null | undefined, at: Instant): boolean {
  const { traits, traitsAt } = said;
  if (value === undefined) return false;
  const known = ownOf(traitsAt, path);
  if (known !== undefined && (known > at || (known === at && weight(ownOf(traits, path)) > weight(value)))) return true;
  if (!makeRoom(said, path, value)) return false;
  traitsAt[path] = at;
  if (value === null) delete traits[path];
  else traits[path] = value;
  return true;
}

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

/** The later word counts; of two at one moment the stricter; of two alike the one of the smaller event id. */
function stands(known: ConsentState | undefined, said: ConsentState): boolean {
  if (!known || known.at !== said.at) return known !== undefined && known.at > said.at;
  return known.state === said.state ? known.event <= said.event : known.state === 'denied';
}

function foldConsents(old: Profile, event: Event, keptOut: string[]): Profile['consents'] {
  const consents = { ...old.consents };
  for (const { channel, topic, state, at, source } of event.consents ?? []) {
    const said: ConsentState = { state, at, source, event: event.id };
    if (!hasPlace(consents, channel, topic)) keptOut.push(`${channel}/${topic}`);
    else if (!stands(ownOf(consents[channel], topic), said))
      consents[channel] = { ...consents[channel], [topic]: said };
  }
  return consents;
}

/** A topic that finds no place is one of which nothing is known, and without a yes nothing is sent. */
function hasPlace(consents: Profile['consents'], channel: string, topic: string): boolean {
  if (topic === 'marketing' || ownOf(consents[channel], topic)) return true;
  return Object.values(consents).flatMap(Object.keys).length < CONSENTS_AT_MOST;
}

function foldLast(last: Profile['last'], event: Event): Profile['last'] {
  if (isOrder(event.type)) return last;
  const known = ownOf(last, event.type);
  const next = { ...last, [event.type]: known === undefined ? event.at : laterOf(known, event.at) };
  const types = Object.entries(next);
  if (types.length <= LAST_LIMIT) return next;
  // By name where the times are equal, so that the order of arrival does not matter.
  const order = ([a, at]: [string, Instant], [b, bt]: [string, Instant]): number =>
    at === bt ? (a < b ? -1 : 1) : at < bt ? 1 : -1;
  return Object.fromEntries(types.sort(order).slice(0, LAST_LIMIT));
}

const newest = (times: readonly Instant[], count: number): Instant[] => times.toSorted().slice(-count);

const round = (value: number): number => Math.round(value * 1e6) / 1e6;
const numberOr = (value: TraitValue | undefined, otherwise: number): number =>
  typeof value === 'number' ? value : otherwise;
const DAY = 86_400_000;

/** `purchases.*`: how many, for how much, when, and at which rhythm (days between two, the median; from three on). */
function foldPurchase(traits: Record<string, TraitValue>, event: Event, times: readonly Instant[]): void {
  const count = numberOr(traits['purchases.count'], 0) + 1;
  const amount = typeof event.data['total'] === 'number' ? event.data['total'] : 0;
  const known = numberOr(traits['purchases.total'], 0);
  const total = holdsNumber(known + amount) ? round(known + amount) : known;
  const first = traits['purchases.first'];
  traits['purchases.count'] = count;
  traits['purchases.total'] = total;
  traits['purchases.average'] = round(total / count);
  traits['purchases.first'] = typeof first === 'string' ? earlierOf(first, event.at) : event.at;
  const last = times.at(-1) ?? event.at;
  traits['purchases.last'] = last;
  if (times.length < 3) return;
  const cycle = Math.max(
    1,
    Math.round(median(times.slice(1).map((t, i) => toMillis(t) - toMillis(times[i] ?? t))) / DAY),
  );
  traits['purchases.cycle'] = `P${cycle}D`;
  traits['purchases.next'] = plusMillis(last, cycle * DAY);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

import { nameOn, refOfName } from '#shared/enrolment/names.ts';
import { ownOf } from '#shared/own-of.ts';
import type { FoldedTrait, Settings } from '#shared/settings/settings.ts';
import { holdsNumber } from '#shared/store/units.ts';
import { earlierOf, type Instant, laterOf } from '#shared/time/instant.ts';
import { joinConsents } from './consents.ts';
import { joinHours } from './engaged.ts';
import { emptyProfile, type Folded, withLast } from './fold.ts';
import { joinPending } from './opt-in.ts';
import { type Profile, type TraitValue, WATCHING_LIMIT } from './profile.ts';
import { joinPurchases, newestTimes } from './purchases.ts';
import { hasRoomForTag, makeRoom, type Said } from './room.ts';
import { say } from './say.ts';
import { weight } from './weight.ts';

/** Of two contacts who are one the older survives; of two as old the one of the smaller id. */
export function inOrderOfAge(a: Profile, b: Profile): { readonly into: Profile; readonly from: Profile } {
  const aFirst = a.createdAt === b.createdAt ? a.contact < b.contact : a.createdAt < b.createdAt;
  return aFirst ? { into: a, from: b } : { into: b, from: a };
}

/**
 * The profile of two contacts who are one: as if all events had come to one of them, in any order, but for a refusal,
 * which stands (see joinConsents). Passages of the other are named with their contact. `rev` is left to the writer.
 */
export function merged(into: Profile, from: Profile, settings: Settings, now: Instant): Folded {
  const keptOut: string[] = [];
  const traits = { ...into.traits };
  const traitsAt = { ...into.traitsAt };
  const tags = new Set(into.tags);
  const said: Said = { traits, traitsAt, tags };
  const purchaseTimes = newestTimes([...into.purchaseTimes, ...from.purchaseTimes]);
  joinPurchases(traits, from.traits, purchaseTimes);
  for (const path of pathsOf(from)) if (!join(path, said, from, settings)) keptOut.push(path);
  for (const tag of from.tags) {
    if (tags.has(tag) || hasRoomForTag(said, tag)) tags.add(tag);
    else keptOut.push(tag);
  }
  const { look: _, segments: __, spoken: ___, pending: ____, ...rest } = into;
  const spoken = latest(into.spoken, from.spoken);
  const look = earliest(into.look, from.look);
  const segments = noted(into.segments, from.segments);
  const hours = joinHours(into.hours ?? [], from.hours ?? []);
  const ids = new Set([...(into.ids ?? []), ...(from.ids ?? [])]);
  const identities = joinIdentities(into, from, traitsAt);
  const profile: Profile = {
    ...rest,
    createdAt: earlierOf(into.createdAt, from.createdAt),
    identities,
    traits,
    traitsAt,
    tags: [...tags].sort(),
    ...joinPending(into, from, joinConsents(into.consents, from.consents, keptOut), identities, now),
    last: withLast(into.last, from.last),
    purchaseTimes,
    ...(hours.length > 0 && { hours: [...hours] }),
    inside: { ...into.inside, ...named(into, from, from.inside) },
    watching: watchingOf({ ...into.watching, ...named(into, from, from.watching) }),
    ...(segments && { segments }),
    ...(look !== undefined && { look }),
    ...(spoken !== undefined && { spoken }),
    ...(ids.size > 0 && { ids: [...ids].sort() }),
    aka: [...into.aka, from.contact, ...from.aka],
  };
  return { profile, keptOut };
}

/** What is left where a contact was that has been merged: the way to who they are now. `by`: the event that said so. */
export const aliasOf = (from: Profile, into: string, by: string): Profile => ({
  ...emptyProfile(from.contact, from.createdAt),
  rev: from.rev + 1,
  mergedInto: into,
  mergedBy: by,
});

/** Traits that were said, removed or derived; those of purchases have rules of their own. */
const pathsOf = ({ traits, traitsAt }: Profile): string[] =>
  [...new Set([...Object.keys(traits), ...Object.keys(traitsAt)])].filter(
    (path) => !path.startsWith('@') && !(path.startsWith('purchases.') && !Object.hasOwn(traitsAt, path)),
  );

function join(path: string, said: Said, from: Profile, settings: Settings): boolean {
  const value = ownOf(from.traits, path);
  const at = ownOf(from.traitsAt, path);
  const declared = ownOf(settings.traits, path);
  if (declared !== undefined && typeof declared !== 'string') return joinDerived(path, said, from, declared);
  if (at !== undefined) return say(said, path, value ?? null, at);
  // What settings derived once, and do no more: it has no time of its own.
  return Object.hasOwn(said.traits, path) || value === undefined || put(said, path, value);
}

function put(said: Said, path: string, value: TraitValue): boolean {
  if (!makeRoom(said, path, value)) return false;
  said.traits[path] = value;
  return true;
}

/** Sums and counts are of different events, so they are added. */
function joinDerived(path: string, said: Said, from: Profile, declared: FoldedTrait): boolean {
  const [known, value] = [ownOf(said.traits, path), ownOf(from.traits, path)];
  if (value === undefined) return true;
  if (declared.first !== undefined || declared.last !== undefined) return joinEdge(path, said, from, declared);
  if (typeof known !== 'number' || typeof value !== 'number') return known !== undefined || put(said, path, value);
  if (declared.min !== undefined) return put(said, path, Math.min(known, value));
  if (declared.max !== undefined) return put(said, path, Math.max(known, value));
  const sum = Math.round((known + value) * 1e6) / 1e6;
  return holdsNumber(sum) && put(said, path, sum);
}

function joinEdge(path: string, said: Said, from: Profile, { first }: FoldedTrait): boolean {
  const [value, at, known] = [ownOf(from.traits, path), ownOf(from.traitsAt, path), ownOf(said.traitsAt, path)];
  if (value === undefined || at === undefined) return true;
  const better = known === undefined || (first === undefined ? at > known : at < known);
  if (!better && !(at === known && weight(value) > weight(ownOf(said.traits, path)))) return true;
  if (!put(said, path, value)) return false;
  said.traitsAt[path] = at;
  return true;
}

/** The newest address of each kind, by when it was said; `@email` and the like in `traitsAt` tell. */
function joinIdentities(into: Profile, from: Profile, traitsAt: Profile['traitsAt']): Profile['identities'] {
  const identities = { ...into.identities };
  for (const kind of ['externalId', 'email', 'phone'] as const) {
    const value = from.identities[kind];
    const at = ownOf(from.traitsAt, `@${kind}`);
    const known = ownOf(traitsAt, `@${kind}`);
    if (value === undefined || at === undefined) continue;
    if (known !== undefined && (known > at || (known === at && (identities[kind] ?? '') > value))) continue;
    identities[kind] = value;
    traitsAt[`@${kind}`] = at;
  }
  return identities;
}

const named = <T>(into: Profile, { contact }: Profile, passages: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(passages).map(([name, value]) => [nameOn(into, refOfName(contact, name)), value]));

const watchingOf = (all: Profile['watching']): Profile['watching'] =>
  Object.fromEntries(
    Object.entries(all)
      .sort(([, a], [, b]) => (a.until < b.until ? 1 : -1))
      .slice(0, WATCHING_LIMIT),
  );

/** Who was in a segment as either was in it: nobody comes into one by being merged. What is noted by two definitions is asked anew. */
function noted(a: Profile['segments'] = {}, b: Profile['segments'] = {}): Profile['segments'] {
  const all = [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((journey) => {
    const [one, other] = [a[journey], b[journey]];
    if (!one || !other) return [[journey, one ?? other] as const];
    return one.of === other.of ? [[journey, { in: one.in || other.in, of: one.of }] as const] : [];
  });
  const notes = all.flatMap(([journey, note]) => (note ? [[journey, note] as const] : []));
  return notes.length === 0 ? undefined : Object.fromEntries(notes);
}

const latest = (a: string | undefined, b: string | undefined): string | undefined =>
  a === undefined || b === undefined ? (a ?? b) : laterOf(a, b);

const earliest = (a: string | undefined, b: string | undefined): string | undefined =>
  a === undefined || b === undefined ? (a ?? b) : earlierOf(a, b);

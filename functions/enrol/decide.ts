import { type Names, touchedBetween, touchedByEvent } from '#shared/condition/needs.ts';
import type { Scope } from '#shared/condition/scope.ts';
import { fold } from '#shared/contact/fold.ts';
import { type IdentityRef, idOf } from '#shared/contact/identity.ts';
import { IDS_LIMIT, type Profile } from '#shared/contact/profile.ts';
import { zoneOf } from '#shared/contact/zone.ts';
import { isFresh } from '#shared/enrolment/decide.ts';
import { enterAll } from '#shared/enrolment/enter-all.ts';
import type { Event } from '#shared/event/event.ts';
import { isWanted } from '#shared/event/happenings.ts';
import { inShopTerms } from '#shared/event/in-shop-terms.ts';
import { profileHappenings } from '#shared/event/notice.ts';
import { isCurrency } from '#shared/money/currency.ts';
import { enteredSince, journeyTouched, looksFor } from '#shared/segment/watching.ts';
import type { Settings } from '#shared/settings/settings.ts';
import { putEvent, putReceipt } from '#shared/store/events.ts';
import { ContactFacts } from '#shared/store/facts.ts';
import type { EnrolmentRef } from '#shared/store/keys.ts';
import { claimIdentity, moveIdentity, partsOf, putProfile } from '#shared/store/profiles.ts';
import type { Published } from '#shared/store/published.ts';
import { TRANSACTION_LIMIT, type Write } from '#shared/store/table.ts';
import { oneWriteARow } from '#shared/store/transaction.ts';
import { type Instant, laterOf } from '#shared/time/instant.ts';
import { arrange } from './arrange.ts';
import { askOnce } from './ask-once.ts';
import type { EnrolDeps } from './enrol.ts';
import { type Live, startedJourneys } from './enter.ts';
import { redeem } from './redeem.ts';
import { moveSegments } from './segments.ts';
import { signal } from './signal.ts';
import type { Whose } from './whose.ts';

/** `told`: the event's time by its own account, which nobody has mended. */
export type Arrival = Omit<Whose, 'same'> & { readonly event: Event; readonly told: Instant; readonly now: Instant };

/** What the decisions about one event share. The profile is the one after the event. */
export type Deciding = {
  readonly event: Event;
  readonly profile: Profile;
  readonly now: Instant;
  readonly zone: string;
  readonly settings: Settings;
  readonly segments: Scope['segments'];
  readonly facts: ContactFacts;
  /** What it touches by having happened, and by what it changes on the contact. */
  readonly touched: () => Names;
  readonly deps: EnrolDeps;
};

export type Decided = {
  readonly writes: Write[];
  readonly hints: EnrolmentRef[];
  /** Whether some journeys are left for a second transaction (see enter-more.ts). */
  readonly hasMore: boolean;
  /** What the event has changed on the contact, as far as somebody wants to know. */
  readonly happenings: readonly Event[];
};

const NOTHING = { writes: [], hints: [], converted: [] };
/** Rows that say when to look at the contact. */
const LOOKS = 2;

/** Reckoned when it is asked for, and then kept: most events concern nobody. */
function once<T>(reckon: () => T): () => T {
  let kept: { readonly value: T } | undefined;
  return () => {
    kept ??= { value: reckon() };
    return kept.value;
  };
}

/** Everything that one event writes at once, and the passages that need a hint afterwards. */
export async function decide(arrival: Arrival, deps: EnrolDeps): Promise<Decided> {
  const { contact, now } = arrival;
  const [settings, segments] = await Promise.all([deps.published.settings(), deps.published.segments()]);
  const { event, unrated } = inShopTerms(arrival.event, settings);
  if (unrated !== undefined) countNoRate(event, unrated, deps);
  const { profile: foldedProfile, keptOut } = fold(arrival.profile, event, contact, settings);
  const { claimed, ids } = claimable(arrival);
  const tied = [
    ...claimed.map((identity) => claimIdentity(identity, contact)),
    ...arrival.outdated.map(({ identity, owner }) => moveIdentity(identity, owner, contact)),
  ];
  const { profile, claims } = await askOnce(arrival.profile, { ...foldedProfile, ids }, tied, {
    ...{ event, now },
    table: deps.table,
  });
  const folded = { keptOut, profile };
  if (folded.keptOut.length > 0) deps.metrics.count('TraitsKeptOut', folded.keptOut.length);
  // A topic may come later, so what was said of it is kept.
  const strange = event.consents?.filter(
    ({ topic }) => topic !== 'marketing' && !Object.hasOwn(settings.topics, topic),
  );
  if (strange && strange.length > 0) deps.metrics.count('ConsentUnknownTopic', strange.length);
  const facts = new ContactFacts(deps.table, arrival.profile ? partsOf(arrival.profile) : [contact], {
    arriving: { ...event, arrived: now },
  });
  const deciding: Deciding = {
    event,
    profile: folded.profile,
    now,
    zone: zoneOf(folded.profile, settings),
    settings,
    segments,
    facts,
    touched: once(() => new Set([...touchedByEvent(event.type), ...touchedBetween(arrival.profile, folded.profile)])),
    deps,
  };
  const heard = event.historic ? { ...NOTHING, profile: folded.profile } : await signal(deciding);
  const used = await redeem(deciding);
  // Beside receipt, profile and event. What is heard always fits: see INSIDE_LIMIT and WATCHING_LIMIT.
  const moved = await moveSegments({ ...deciding, profile: heard.profile }, arrival.profile);
  const own = 3 + LOOKS + claims.length + used.length;
  const room = TRANSACTION_LIMIT - own - heard.writes.length;
  const arranged = await arrange(deciding, arrival.profile, room);
  const left = room - arranged.writes.length;
  const after = { ...deciding, profile: moved.profile };
  const live = isFresh(event, now) ? await liveFor(deps.published, event) : [];
  const begun = await enterAll(await startedJourneys(after, live, moved.starts), after, left, deps);
  const joined = [...enteredSince(folded.profile, begun.profile), ...heard.converted];
  const looks = await looksFor(begun.profile, new Set(joined.map(journeyTouched)), {
    published: deps.published,
    now,
    hops: event.hops,
  });
  const more = [...arranged.more, ...begun.more];
  const happenings = await noticed(arrival, folded.profile, deps);
  return {
    writes: oneWriteARow([
      putReceipt(event, contact, laterOf(now, arrival.told), deps.retention, { more, puts: happenings }),
      ...claims,
      ...used,
      putProfile(begun.profile, arrival.profile),
      putEvent(event, contact, now, deps.retention),
      ...heard.writes,
      ...begun.writes,
      ...arranged.writes,
      ...moved.writes,
      ...looks,
    ]),
    hints: [...heard.hints, ...begun.hints],
    hasMore: more.length > 0,
    happenings,
  };
}

/** The identities that this contact gets, and all that it has then: one at a browser of everybody does not get them all. */
function claimable({ profile, unclaimed }: Arrival): { claimed: readonly IdentityRef[]; ids: string[] } {
  const known = profile?.ids ?? [];
  const claimed = unclaimed.slice(0, Math.max(0, IDS_LIMIT - known.length));
  return { claimed, ids: [...known, ...claimed.map(idOf)].sort() };
}

/** What anybody at all may write, a browser or a code that is no currency's, must neither ring nor make metrics without end. */
function countNoRate({ source }: Event, currency: string, { metrics }: EnrolDeps): void {
  if (source !== 'browser') metrics.count('NoRate', 1, { currency: isCurrency(currency) ? currency : 'other' });
}

/** History happened to nobody now; and an event that says itself what happened needs no second word. */
async function noticed({ event, profile }: Arrival, after: Profile, { published }: EnrolDeps): Promise<Event[]> {
  if (event.historic) return [];
  const all = profileHappenings(profile, after, { id: event.id, at: event.at, hops: event.hops ?? 0 });
  if (all.length === 0) return [];
  const wanted = await published.wanted();
  return all.filter((happening) => happening.type !== event.type && isWanted(wanted, happening));
}

/** Live journeys that an event of this type may start. */
export async function liveFor(published: Published, { type, journey: requested }: Event): Promise<Live[]> {
  const { journeys } = await published.catalogue({ requested });
  const concerned = Object.entries(journeys).filter(([, live]) => live.status === 'live' && live.events.includes(type));
  return Promise.all(
    concerned.map(async ([id, { version, status }]) => ({ journey: await published.version(id, version), status })),
  );
}

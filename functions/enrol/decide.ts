import type { Scope } from '#shared/condition/scope.ts';
import { fold } from '#shared/contact/fold.ts';
import type { IdentityRef } from '#shared/contact/identity.ts';
import type { Profile } from '#shared/contact/profile.ts';
import { zoneOf } from '#shared/contact/zone.ts';
import { isFresh } from '#shared/enrolment/decide.ts';
import type { Event } from '#shared/event/event.ts';
import type { CompiledJourney } from '#shared/journey/compile.ts';
import type { JourneyStatus } from '#shared/journey/journey.ts';
import type { Settings } from '#shared/settings/settings.ts';
import { putEvent, putReceipt } from '#shared/store/events.ts';
import { ContactFacts } from '#shared/store/facts.ts';
import type { Published } from '#shared/store/journeys.ts';
import type { EnrolmentRef } from '#shared/store/keys.ts';
import { claimIdentity, putProfile } from '#shared/store/profiles.ts';
import type { Write } from '#shared/store/table.ts';
import { oneWriteARow } from '#shared/store/transaction.ts';
import type { Instant } from '#shared/time/instant.ts';
import type { EnrolDeps } from './enrol.ts';
import { enter } from './enter.ts';
import { signal } from './signal.ts';

export type Arrival = {
  readonly event: Event;
  readonly contact: string;
  readonly profile: Profile | undefined;
  readonly unclaimed: readonly IdentityRef[];
  readonly now: Instant;
};

/** What the decisions about one event share. The profile is the one after the event. */
export type Deciding = {
  readonly event: Event;
  readonly profile: Profile;
  readonly now: Instant;
  readonly zone: string;
  readonly settings: Settings;
  readonly segments: Scope['segments'];
  readonly facts: ContactFacts;
  readonly deps: EnrolDeps;
};

/** Everything that one event writes, and the passages that need a hint afterwards. */
export async function decide(arrival: Arrival, deps: EnrolDeps): Promise<{ writes: Write[]; hints: EnrolmentRef[] }> {
  const { event, contact, now } = arrival;
  const [settings, segments] = await Promise.all([deps.published.settings(), deps.published.segments()]);
  const folded = fold(arrival.profile, event, contact, settings);
  if (folded.keptOut.length > 0) deps.metrics.count('TraitsKeptOut', folded.keptOut.length);
  const facts = new ContactFacts(deps.table, contact, event);
  const deciding: Deciding = {
    event,
    profile: folded.profile,
    now,
    zone: zoneOf(folded.profile, settings),
    settings,
    segments,
    facts,
    deps,
  };
  const fresh = isFresh(event, now);
  const heard = fresh ? await signal(deciding) : { profile: folded.profile, writes: [], hints: [] };
  const begun = fresh
    ? await enter({ ...deciding, profile: heard.profile }, await liveFor(deps.published, event.type))
    : { ...heard, writes: [], hints: [] };
  return {
    writes: oneWriteARow([
      putReceipt(event, contact, now, deps.retention),
      ...arrival.unclaimed.map((identity) => claimIdentity(identity, contact)),
      putProfile(begun.profile, arrival.profile),
      putEvent(event, contact, deps.retention),
      ...heard.writes,
      ...begun.writes,
    ]),
    hints: [...heard.hints, ...begun.hints],
  };
}

/** Live journeys that an event of this type may start. */
async function liveFor(
  published: Published,
  type: string,
): Promise<{ journey: CompiledJourney; status: JourneyStatus }[]> {
  const { journeys } = await published.catalogue();
  const concerned = Object.entries(journeys).filter(([, live]) => live.status === 'live' && live.events.includes(type));
  return Promise.all(
    concerned.map(async ([id, { version, status }]) => ({ journey: await published.version(id, version), status })),
  );
}

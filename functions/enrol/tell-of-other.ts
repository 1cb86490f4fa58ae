import { consentOn } from '#shared/condition/consent.ts';
import type { Profile } from '#shared/contact/profile.ts';
import { zoneOf } from '#shared/contact/zone.ts';
import type { Enrolment, Heard } from '#shared/enrolment/enrolment.ts';
import { hearsEvent } from '#shared/enrolment/hear.ts';
import { refOf } from '#shared/enrolment/hints.ts';
import { hearLate } from '#shared/enrolment/late.ts';
import { nameOn, refOfName } from '#shared/enrolment/names.ts';
import { earliestAfter, isSince } from '#shared/event/order.ts';
import { ARCHIVED, type CompiledJourney, REPLACED, RESUMED, UNSUBSCRIBED } from '#shared/journey/compile.ts';
import { ownOf } from '#shared/own-of.ts';
import { kindOfTopic } from '#shared/settings/settings.ts';
import { auditSoon, loadEnrolments, putTurn } from '#shared/store/enrolments.ts';
import { queryEvents } from '#shared/store/events.ts';
import { ContactFacts } from '#shared/store/facts.ts';
import { noteHeard } from '#shared/store/heard.ts';
import { partsOf } from '#shared/store/profiles.ts';
import { type Contact, passageScope } from '#shared/store/scope.ts';
import type { Merging, Part } from './merge.ts';

/** Events of the other contact that a passage is told of: of very many the newest. */
const MOST = 100;

/**
 * What the other contact has done since a passage began is done by its own contact now: its goal and its exits hear it,
 * while it goes on and while its goal is watched. What waits for something to come has not missed it.
 */
export async function tellOfOther(merging: Merging): Promise<Part> {
  const { profile, settings, now, deps } = merging;
  const facts = new ContactFacts(deps.table, partsOf(profile));
  const contact: Contact = { profile, settings, segments: await deps.published.segments(), facts, now };
  const names = [...Object.keys(profile.inside), ...Object.keys(profile.watching)];
  const rows = await loadEnrolments(
    deps.table,
    names.map((name) => refOfName(profile.contact, name)),
  );
  let all: Part = { profile, writes: [], hints: [] };
  for (const enrolment of rows) {
    const journey = await deps.published.version(enrolment.journey, enrolment.version);
    const passage = { enrolment, journey };
    const heard = await heardOf(passage, contact, facts, merging);
    if (heard.listeners.length === 0) continue;
    all =
      enrolment.state === 'inside' ? note(passage, heard, all, now) : await count(passage, heard, all, contact, facts);
  }
  return all;
}

type Passage = { readonly enrolment: Enrolment; readonly journey: CompiledJourney };
type Hearing = { readonly listeners: readonly string[]; readonly first: Omit<Heard, 'n'> };

/** The sides of a merge: whose passage it is, and whose events are news to it. */
function sidesOf({ contact }: Enrolment, { into, from }: Merging): { own: Profile; other: Profile } {
  return partsOf(from).includes(contact) ? { own: from, other: into } : { own: into, other: from };
}

async function heardOf(passage: Passage, contact: Contact, facts: ContactFacts, merging: Merging): Promise<Hearing> {
  const { enrolment, journey } = passage;
  const { own, other } = sidesOf(enrolment, merging);
  const listeners = journey.listeners.filter((one) => 'types' in one && one.owner.startsWith('!'));
  const types = listeners.flatMap((one) => ('types' in one ? one.types : []));
  const { trigger } = enrolment;
  const query = { types: types.includes('any') ? ('any' as const) : [...new Set(types)], limit: MOST };
  const since = { since: earliestAfter(trigger) };
  const events =
    types.length === 0 ? [] : await queryEvents(merging.deps.table, partsOf(other), { ...query, ...since });
  const later = events.filter((event) => isSince(event, trigger)).toReversed();
  const scope = passageScope(contact, enrolment);
  const heard = await facts.settle(() =>
    later.map((event) => ({ event, by: listeners.filter((one) => hearsEvent(one, event, scope)) })),
  );
  const first = heard.find(({ by }) => by.length > 0)?.event;
  return {
    listeners: [
      ...new Set(heard.flatMap(({ by }) => by.map(({ id }) => id))),
      ...(hasRefused(passage, own, contact) ? [UNSUBSCRIBED] : []),
      ...(await wordsOfWalks(passage, merging)),
    ],
    first: first
      ? { event: first.id, type: first.type, at: first.at }
      : { event: `merged:${other.contact}`, type: 'merged', at: contact.now },
  };
}

/** A walk that tells what has become of a journey may have passed one contact before and not the other. */
async function wordsOfWalks({ enrolment }: Passage, { deps }: Merging): Promise<string[]> {
  if (enrolment.state !== 'inside') return [];
  const live = ownOf((await deps.published.catalogue()).journeys, enrolment.journey);
  if (live?.status === 'archived') return [ARCHIVED];
  if (live && live.version > enrolment.version) {
    const { publish } = (await deps.published.version(enrolment.journey, live.version)).definition;
    if (publish?.inside === 'leave') return [REPLACED];
  }
  return enrolment.cursor?.stalled !== undefined && live?.status !== 'paused' ? [RESUMED] : [];
}

/** Whether the other contact has refused, for good, what this passage writes. */
function hasRefused({ journey, enrolment }: Passage, own: Profile, { profile, settings }: Contact): boolean {
  const { topic, channels } = journey;
  if (enrolment.state !== 'inside' || kindOfTopic(settings, topic) !== 'marketing') return false;
  const written = channels.map((channel) => channel ?? settings.channels.default);
  // Where it writes on none, both have refused that.
  const isRefused = (of: Profile): boolean =>
    written.every((channel) => consentOn(of, settings, channel, topic) === 'denied');
  return isRefused(profile) && !isRefused(own);
}

/** Should the hint be lost with whoever gives it, review looks at the passage within minutes. */
function note({ enrolment }: Passage, { listeners, first }: Hearing, all: Part, now: Merging['now']): Part {
  const ref = refOf(enrolment);
  return {
    profile: all.profile,
    writes: [...all.writes, noteHeard(ref, listeners, first, now), auditSoon(enrolment, now)],
    hints: [...all.hints, ref],
  };
}

/** A passage that is over only waits for its goal: it is counted here, since no turn will come. */
async function count(
  { enrolment, journey }: Passage,
  { listeners, first }: Hearing,
  all: Part,
  contact: Contact,
  facts: ContactFacts,
): Promise<Part> {
  const { now, profile, settings } = contact;
  const input = {
    journey,
    now,
    zone: zoneOf(profile, settings),
    scope: (one: Enrolment, _: unknown, since?: string) => passageScope(contact, one, since),
  };
  const after = await facts.settle(() => hearLate(enrolment, listeners, first, input));
  if (!after?.converted) return all;
  const { [nameOn(profile, enrolment)]: _, ...watching } = all.profile.watching;
  return { ...all, profile: { ...all.profile, watching }, writes: [...all.writes, putTurn(after, enrolment, now)] };
}

import type { Profile } from '#shared/contact/profile.ts';
import { zoneOf } from '#shared/contact/zone.ts';
import { ConditionFailed, Conflict } from '#shared/errors.ts';
import type { Event } from '#shared/event/event.ts';
import { MOST_HOPS, SEGMENT_MOVED } from '#shared/event/own.ts';
import { SOURCE } from '#shared/event/put.ts';
import type { CompiledJourney } from '#shared/journey/compile.ts';
import { isIn, movedSegments, nextMove, type Watched } from '#shared/segment/watched.ts';
import { enteredSince, journeyTouched, looksFor, startedBy, watchedSegments } from '#shared/segment/watching.ts';
import { auditSoon, loadEnrolments, putTurn } from '#shared/store/enrolments.ts';
import { ContactFacts } from '#shared/store/facts.ts';
import { noteHeard } from '#shared/store/heard.ts';
import { type EnrolmentRef, lookKey } from '#shared/store/keys.ts';
import { askedFor, dropLook, hopsOf, lookSoon, putLook } from '#shared/store/looks.ts';
import { park } from '#shared/store/parked.ts';
import { checkProfile, loadProfile, partsOf, putProfile } from '#shared/store/profiles.ts';
import { contactScope, passageScope } from '#shared/store/scope.ts';
import { TRANSACTION_LIMIT, type Write } from '#shared/store/table.ts';
import { oneWriteARow } from '#shared/store/transaction.ts';
import { earlierOf, type Instant } from '#shared/time/instant.ts';
import type { Enrolment } from './enrolment.ts';
import { enterAll, type Present } from './enter-all.ts';
import { hint, refOf } from './hints.ts';
import { derivedId } from './ids.ts';
import type { AppointmentDeps } from './keep-appointment.ts';
import { hearLate } from './late.ts';
import { nameOn, refOfName } from './names.ts';
import { goalMoment, hearState } from './state.ts';

const ATTEMPTS = 5;

/**
 * Looks at a contact: the segments that start journeys are asked anew, and who has come into one, or out of one, is
 * judged at the door; passages hear what has become true of what they ask. Then the next look by time is arranged.
 * Everything is one transaction, so that it may be done again. Throws Conflict when others were faster too often.
 */
export async function lookAt(contact: string, deps: AppointmentDeps): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    try {
      return await look(contact, deps);
    } catch (error) {
      if (!(error instanceof ConditionFailed || error instanceof Conflict)) throw error;
      await deps.clock.sleep(20 * 2 ** attempt);
    }
  }
  throw new Conflict(`a look at a contact met other writers ${ATTEMPTS} times`);
}

async function look(id: string, deps: AppointmentDeps): Promise<void> {
  const { table, published, clock } = deps;
  // Who asks for a look after this gets another one.
  const soon = await table.get(lookKey(id, 'soon'));
  const asked = askedFor(soon);
  const hops = hopsOf(soon);
  const taken = asked > 0 ? [dropLook(id, asked)] : [];
  const before = await loadProfile(table, id);
  const now = clock.now();
  // Of who is gone, nothing is left to look at; who was merged is looked at as who they are now.
  if (before?.contact !== id)
    return write([...taken, putLook(id, undefined), ...(before ? [lookSoon(before.contact, now, hops)] : [])], deps);
  const [settings, segments] = await Promise.all([published.settings(), published.segments()]);
  const facts = new ContactFacts(table, partsOf(before));
  const contact: Present = { profile: before, settings, segments, facts, now };
  const passages = await passagesOf(before, deps);
  const heard = await hearing(contact, passages);
  const room = TRANSACTION_LIMIT - 5 - heard.writes.length;
  const begun = await moving({ ...contact, profile: heard.profile }, { room, hops }, deps);
  const touched = new Set([...heard.touched, ...begun.touched]);
  const again = await looksFor(begun.profile, touched, { published, now, hops: hops + 1 });
  const next = begun.more ? now : await nextLook({ ...contact, profile: begun.profile }, passages, deps);
  const { look: _, ...rest } = begun.profile;
  const after: Profile = { ...rest, ...(next !== undefined && { look: next }) };
  const isSame = begun.profile === before && next === before.look;
  await write(
    oneWriteARow([
      isSame ? checkProfile(before) : putProfile({ ...after, rev: before.rev + 1 }, before),
      ...(again.length > 0 ? again : taken),
      putLook(id, next),
      ...heard.writes,
      ...begun.writes,
    ]),
    deps,
  );
  for (const ref of [...heard.hints, ...begun.hints]) await hint(ref, deps);
}

const write = (writes: readonly Write[], { table }: AppointmentDeps): Promise<void> => table.transact(writes);

type Passage = {
  readonly enrolment: Enrolment;
  readonly journey: CompiledJourney;
  readonly until: Instant | undefined;
};

/** The passages that ask for something that the contact's state or time can make true: inside, or watching for the goal. */
async function passagesOf(profile: Profile, { table, published }: AppointmentDeps): Promise<Passage[]> {
  const inside = Object.entries(profile.inside).map(([name, version]) => ({ name, version, until: undefined }));
  const over = Object.entries(profile.watching).map(([name, watch]) => ({ name, ...watch }));
  const all = [...inside, ...over].map(async ({ name, version, until }) => {
    const ref = refOfName(profile.contact, name);
    return { name, ref, until, journey: await published.version(ref.journey, version) };
  });
  const asking = (await Promise.all(all)).filter(({ journey }) => journey.asks.length > 0);
  if (asking.length === 0) return [];
  const rows = await loadEnrolments(
    table,
    asking.map(({ ref }) => ref),
  );
  return asking.flatMap(({ name, journey, until }) => {
    const enrolment = rows.find((row) => nameOn(profile, row) === name);
    return enrolment ? [{ enrolment, journey, until }] : [];
  });
}

type Heard = {
  readonly profile: Profile;
  readonly writes: readonly Write[];
  readonly hints: readonly EnrolmentRef[];
  readonly touched: readonly string[];
};

/** What passages hear of the contact as it is: those inside note it, those that are over count their goal. */
async function hearing(contact: Present, passages: readonly Passage[]): Promise<Heard> {
  const { profile, settings, facts, now } = contact;
  const zone = zoneOf(profile, settings);
  let all: Heard = { profile, writes: [], hints: [], touched: [] };
  for (const { enrolment, journey, until } of passages) {
    const scopeOf = (since: Instant | undefined) => passageScope(contact, enrolment, since);
    const listeners = await facts.settle(() => hearState(journey, enrolment, scopeOf));
    if (listeners.length === 0) continue;
    const cause = { event: `look-${profile.rev}`, type: 'look', at: now };
    if (enrolment.state === 'inside') {
      // The look is used up with this: should the hint be lost, review looks at the passage within minutes.
      const notes = [noteHeard(refOf(enrolment), listeners, cause, now), auditSoon(enrolment, now)];
      all = { ...all, writes: [...all.writes, ...notes], hints: [...all.hints, refOf(enrolment)] };
    } else if (until !== undefined && until >= now) {
      const input = {
        journey,
        enrolment,
        now,
        zone,
        scope: (e: Enrolment, _: unknown, s?: Instant) => passageScope(contact, e, s),
      };
      const counted = await facts.settle(() => hearLate(enrolment, listeners, cause, input));
      if (!counted?.converted) continue;
      const name = nameOn(profile, enrolment);
      const { [name]: _, ...watching } = all.profile.watching;
      all = {
        ...all,
        profile: { ...all.profile, watching },
        writes: [...all.writes, putTurn(counted, enrolment, now)],
        touched: [...all.touched, journeyTouched(name)],
      };
    }
  }
  return all;
}

type Begun = Heard & { readonly more: boolean };

/** The segments as they are now, and the entries that follow. What finds no room is not noted, and moved by the next look. */
async function moving(
  contact: Present,
  { room, hops }: { readonly room: number; readonly hops: number },
  deps: AppointmentDeps,
): Promise<Begun> {
  const { profile, facts, now } = contact;
  const watched = await watchedSegments(deps.published);
  const scope = contactScope(contact);
  // What is not noted yet has not been moved by time.
  const wasIn = (one: Watched) => isIn(one, scope);
  const moved = await facts.settle(() => movedSegments(profile, scope, { watched, wasIn }));
  const cause = {
    event: `segment:${profile.contact}:${profile.rev}`,
    at: now,
    arrived: now,
    ...(hops > 0 && { hops }),
  };
  // Journeys that move one another's segments in turns would start one another for ever.
  const isEndless = hops > MOST_HOPS && moved.starts.length > 0;
  const starts = isEndless ? [] : moved.starts;
  const started = await Promise.all(starts.map((one) => startedBy(one, cause, deps.published)));
  const begun = await enterAll(
    started.flatMap((one) => one ?? []),
    { ...contact, profile: moved.profile },
    room,
    deps,
  );
  return {
    ...begun,
    writes: [...begun.writes, ...(isEndless ? [parkStarts(contact, moved.starts, hops)] : [])],
    profile: withoutNotes(begun.profile, profile, begun.more),
    touched: enteredSince(profile, begun.profile).map(journeyTouched),
    more: begun.more.length > 0,
  };
}

/** Put aside for a person to look at, like an event that has come too far. */
function parkStarts({ profile, now }: Present, starts: readonly Watched[], hops: number): Write {
  const event: Event = {
    id: derivedId('segment', profile.contact, profile.rev),
    type: SEGMENT_MOVED,
    at: now,
    source: SOURCE,
    identities: {},
    contact: profile.contact,
    hops,
    data: { segments: starts.map(({ segment }) => segment), journeys: starts.map(({ journey }) => journey) },
  };
  return park(event, 'too-many-hops', now);
}

function withoutNotes(after: Profile, before: Profile, journeys: readonly string[]): Profile {
  if (journeys.length === 0) return after;
  const notes = Object.entries(after.segments ?? {}).flatMap(([journey, note]) => {
    const known = journeys.includes(journey) ? before.segments?.[journey] : note;
    return known ? [[journey, known]] : [];
  });
  return { ...after, segments: Object.fromEntries(notes) };
}

/** When time alone may move the contact, or make the goal of a passage that is over true. */
async function nextLook(
  contact: Present,
  passages: readonly Passage[],
  { published }: AppointmentDeps,
): Promise<Instant | undefined> {
  const watched = await watchedSegments(published);
  const { facts, profile } = contact;
  return facts.settle(() => {
    const goals = passages.map(({ enrolment, journey, until }) =>
      until === undefined || !Object.hasOwn(profile.watching, nameOn(profile, enrolment))
        ? undefined
        : goalMoment(journey, enrolment, passageScope(contact, enrolment, enrolment.trigger.at), until),
    );
    const moments = [nextMove(watched, contactScope(contact)), ...goals].filter((moment) => moment !== undefined);
    return moments.length === 0 ? undefined : moments.reduce(earlierOf);
  });
}

import { zoneOf } from '#shared/contact/zone.ts';
import { isFresh } from '#shared/enrolment/decide.ts';
import { enterAll } from '#shared/enrolment/enter-all.ts';
import type { Event } from '#shared/event/event.ts';
import { inShopTerms } from '#shared/event/in-shop-terms.ts';
import { enteredSince, journeyTouched, looksFor, watchedSegments } from '#shared/segment/watching.ts';
import { moreOf, noteMore } from '#shared/store/events.ts';
import { ContactFacts } from '#shared/store/facts.ts';
import { type EnrolmentRef, receiptKey } from '#shared/store/keys.ts';
import { loadProfile, partsOf, putProfile } from '#shared/store/profiles.ts';
import { TRANSACTION_LIMIT } from '#shared/store/table.ts';
import { oneWriteARow } from '#shared/store/transaction.ts';
import { arrangeMore } from './arrange.ts';
import { type Deciding, liveFor } from './decide.ts';
import type { EnrolDeps } from './enrol.ts';
import { startedJourneys } from './enter.ts';

/** Beside profile, receipt and what asks for a look. */
const ROOM = TRANSACTION_LIMIT - 3;

/**
 * Holds a recorded event against journeys that its transaction had no room for: as many as one transaction takes. What is
 * left stands on the event's receipt, so that whoever is interrupted may call again. Returns the passages that need a
 * hint; undefined when nothing is left to do.
 */
export async function enterMore(posted: Event, contact: string, deps: EnrolDeps): Promise<EnrolmentRef[] | undefined> {
  // The profile first: who takes journeys from the receipt moves the profile's `rev` too.
  const before = await loadProfile(deps.table, contact);
  const more = moreOf(await deps.table.get(receiptKey(posted.id)));
  if (!before || more.length === 0) return undefined;
  const now = deps.clock.now();
  const [settings, segments] = await Promise.all([deps.published.settings(), deps.published.segments()]);
  const { event } = inShopTerms(posted, settings);
  const deciding: Deciding = {
    event,
    profile: { ...before, rev: before.rev + 1 },
    now,
    zone: zoneOf(before, settings),
    settings,
    segments,
    facts: new ContactFacts(deps.table, partsOf(before)),
    touched: () => new Set(),
    deps,
  };
  const arranged = await arrangeMore(deciding, more, ROOM);
  const live = isFresh(event, now) ? await liveFor(deps.published, event) : [];
  const moved = isFresh(event, now) ? await watchedSegments(deps.published) : [];
  const started = await startedJourneys(
    deciding,
    live.filter(({ journey }) => more.includes(journey.id)),
    moved.filter(({ journey }) => more.includes(journey)),
  );
  const begun = await enterAll(started, deciding, ROOM - arranged.writes.length, deps);
  const joined = enteredSince(before, begun.profile).map(journeyTouched);
  const looks = await looksFor(begun.profile, new Set(joined), { published: deps.published, now, hops: event.hops });
  const left = noteMore(event.id, [...arranged.more, ...begun.more]);
  await deps.table.transact(
    oneWriteARow([putProfile(begun.profile, before), left, ...arranged.writes, ...begun.writes, ...looks]),
  );
  return [...begun.hints];
}

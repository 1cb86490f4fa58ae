import type { Profile } from '#shared/contact/profile.ts';
import { isFresh } from '#shared/enrolment/decide.ts';
import { canMove, isIn, isNoted, movedSegments, nextMove, type Watched } from '#shared/segment/watched.ts';
import { watchedSegments } from '#shared/segment/watching.ts';
import { ContactFacts } from '#shared/store/facts.ts';
import { putLook } from '#shared/store/looks.ts';
import { partsOf } from '#shared/store/profiles.ts';
import { contactScope } from '#shared/store/scope.ts';
import type { Write } from '#shared/store/table.ts';
import { earlierOf } from '#shared/time/instant.ts';
import type { Deciding } from './decide.ts';

type Moved = { readonly profile: Profile; readonly starts: readonly Watched[]; readonly writes: readonly Write[] };

/**
 * The segments that the event has moved the contact into or out of, and when time alone may do so next. An event that is
 * not of today moves them and starts nothing.
 */
export async function moveSegments(deciding: Deciding, before: Profile | undefined): Promise<Moved> {
  const { profile, facts, deps, event, now } = deciding;
  const watched = await watchedSegments(deps.published);
  if (watched.length === 0) return { profile, starts: [], writes: [] };
  const was = await standing(deciding, before, watched);
  const touched = deciding.touched();
  const { segments } = deciding;
  const asked = watched.filter((one) => !isNoted(one, profile) || canMove(one, touched, segments));
  const wasIn = before && ((one: Watched) => was.has(one.journey));
  const { moved, next } = await facts.settle(() => {
    const scope = contactScope(deciding);
    return { moved: movedSegments(profile, scope, { watched, touched, wasIn }), next: nextMove(asked, scope) };
  });
  const look = earlier(moved.profile.look, next);
  const isLater = look === moved.profile.look;
  return {
    profile: isLater ? moved.profile : { ...moved.profile, ...(look !== undefined && { look }) },
    starts: isFresh(event, now) ? moved.starts : [],
    writes: isLater ? [] : [putLook(profile.contact, look)],
  };
}

const earlier = (a: string | undefined, b: string | undefined): string | undefined =>
  a === undefined || b === undefined ? (a ?? b) : earlierOf(a, b);

/** Journeys whose segment the contact was in before the event, of those where that is not noted. */
async function standing(
  { deps, settings, segments, now }: Deciding,
  before: Profile | undefined,
  watched: readonly Watched[],
): Promise<ReadonlySet<string>> {
  const unknown = before ? watched.filter((one) => !isNoted(one, before)) : [];
  if (!before || unknown.length === 0) return new Set();
  const facts = new ContactFacts(deps.table, partsOf(before));
  const scope = contactScope({ profile: before, settings, segments, facts, now });
  const was = await facts.settle(() => unknown.filter((one) => isIn(one, scope)));
  return new Set(was.map(({ journey }) => journey));
}

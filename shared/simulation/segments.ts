import { isFresh } from '#shared/enrolment/decide.ts';
import { triggerOf } from '#shared/enrolment/trigger.ts';
import type { Event } from '#shared/event/event.ts';
import { isIn, movedSegments, nextMove, type Watched } from '#shared/segment/watched.ts';
import { contactScope } from '#shared/store/scope.ts';
import type { Instant } from '#shared/time/instant.ts';
import { enterSegment } from './enter.ts';
import { contactOf, type Play } from './world.ts';

/** Segments that start journeys: what `enrol` and the look at a contact do with rows. */

/**
 * What an event moves. An event of the past only says where the contact stands, as for one whom the shop had before its
 * journeys; those that take who is there already let them in.
 */
export function moveBy(play: Play, event: Event, isNew: boolean, now: Instant): void {
  const starts = moved(play, now, isNew && !event.historic ? undefined : wasThere(play, now));
  if (!isFresh(event, now) && !event.historic) return;
  for (const one of starts) enterSegment(play, one, triggerOf(event, now), now);
}

/** What has been moved by steps, mails or time since; true when anybody was judged at the door for it. */
export function moveNow(play: Play, now: Instant): boolean {
  const starts = moved(play, now, wasThere(play, now));
  const cause = { event: `segment:${play.contact}:${now}`, at: now, arrived: now };
  for (const one of starts) enterSegment(play, one, cause, now);
  return starts.length > 0;
}

type WasIn = ((watched: Watched) => boolean) | undefined;

function wasThere(play: Play, now: Instant): WasIn {
  const { profile } = play;
  return (one) => profile !== undefined && isIn(one, contactScope(contactOf(play, profile, now)));
}

function moved(play: Play, now: Instant, wasIn: WasIn): readonly Watched[] {
  const { profile, world } = play;
  if (!profile || world.watched.length === 0) return [];
  const scope = contactScope(contactOf(play, profile, now));
  const after = movedSegments(profile, scope, { watched: world.watched, wasIn });
  play.profile = after.profile;
  play.look = nextMove(world.watched, scope);
  return after.starts;
}

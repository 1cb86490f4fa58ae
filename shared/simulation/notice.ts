import type { Profile } from '#shared/contact/profile.ts';
import { isWanted } from '#shared/event/happenings.ts';
import { type Cause, messageHappening, profileHappenings } from '#shared/event/notice.ts';
import type { Message, MessageFact } from '#shared/message/message.ts';
import type { Instant } from '#shared/time/instant.ts';
import type { Play } from './world.ts';

/** What is noticed of a contact, as far as a journey names it: what `enrol`, `advance` and `track` put on the bus. */

/** What has changed on the contact, except what `butFor` has said itself. */
export function noticeProfile(play: Play, before: Profile | undefined, cause: Cause, butFor: string): void {
  const { profile, world } = play;
  if (world.wanted.size === 0 || !profile) return;
  const happenings = profileHappenings(before, profile, cause).filter(({ type }) => type !== butFor);
  play.bus.push(...happenings.filter((happening) => isWanted(world.wanted, happening)));
}

/** What has become of a message. A complaint is told by the withdrawal that goes with it. */
export function noticeMessage(
  play: Play,
  message: Message,
  facts: readonly MessageFact[],
  at: Instant,
  link?: string,
): void {
  const { reason } = message;
  const told = facts.filter((fact) => fact !== 'complained' && play.world.wanted.has(`message.${fact}`));
  play.bus.push(...told.map((fact) => messageHappening(message, { fact, at, reason, link })));
}

import { isGood } from '#shared/coupon/coupon.ts';
import type { Outcome, StepContext } from '#shared/enrolment/turn.ts';
import { ownOf } from '#shared/own-of.ts';
import { addDuration } from '#shared/time/duration.ts';
import { earlierOf, type Instant } from '#shared/time/instant.ts';
import { arm, type Run } from './run.ts';

/**
 * Gives the contact a code. One that they hold and can still use is given again, unless the settings let codes of this pool
 * overlap.
 */
export const coupon: Run<'coupon'> = ({ pool, valid }, at) => {
  const overlaps = ownOf(at.here.settings.pools, pool)?.overlap === true;
  const given = at.giving().find((one) => one.pool === pool);
  // One code of a pool a turn: the next is looked for once this one is written.
  if (given) return overlaps ? { pause: at.now } : withCode(given.free.code, given.expiresAt, at);
  const held = at.here.facts.heldCode(pool);
  if (held && !overlaps && isGood(held, at.now)) return withCode(held.code, held.expiresAt, at);
  const free = at.here.facts.freeCode(pool);
  if (!free) {
    at.lack(pool);
    return { go: arm(at, 'otherwise'), left: { at: at.began } };
  }
  const ends = [free.until, valid === undefined ? undefined : addDuration(at.now, valid, at.zone)];
  const expiresAt = ends.filter((end) => end !== undefined).reduce<Instant | undefined>(sooner, undefined);
  at.give({ pool, free, expiresAt, before: held });
  return withCode(free.code, expiresAt, at);
};

const sooner = (a: Instant | undefined, b: Instant): Instant => (a === undefined ? b : earlierOf(a, b));

const withCode = (code: string, expiresAt: Instant | undefined, at: StepContext): Outcome => ({
  go: at.node.next,
  left: { at: at.began, code, ...(expiresAt !== undefined && { expiresAt }) },
});

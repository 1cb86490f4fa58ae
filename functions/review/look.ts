import { lookAt } from '#shared/enrolment/look.ts';
import { contactOf } from '#shared/store/keys.ts';
import type { Key } from '#shared/store/table.ts';
import type { Instant } from '#shared/time/instant.ts';
import type { ReviewDeps } from './review.ts';

/** Time may have moved a contact into a segment or out of one, or somebody has changed something that matters to it. */
export async function reviewLook(key: Key, now: Instant, deps: ReviewDeps): Promise<void> {
  const due = (await deps.table.get(key))?.['due'];
  const contact = contactOf(key);
  if (contact !== undefined && typeof due === 'string' && due <= now) await lookAt(contact, deps);
}

import type { Profile } from '#shared/contact/profile.ts';
import type { Enrolment } from '#shared/enrolment/enrolment.ts';

/**
 * Where the mails of a passage go. What a guest has done is answered to the address that they did it with: by it alone they
 * are known, and whoever names it in an account may be somebody else. Others are written to where they are reached now.
 */
export const addressOf = ({ trigger }: Enrolment, { identities }: Profile): string | undefined =>
  trigger.email ?? identities.email;

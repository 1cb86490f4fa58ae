import { identityHash } from '#shared/enrolment/ids.ts';
import type { ConsentState, Profile } from './profile.ts';

/** The hash of the address that mails go to now; undefined of who has none. */
export const addressHash = ({ identities: { email } }: Pick<Profile, 'identities'>): string | undefined =>
  email === undefined ? undefined : identityHash('email', email);

/** Whether a yes was confirmed by whoever reads another address than theirs of now. */
export const isOfAnother = (
  { address }: Pick<ConsentState, 'address'>,
  profile: Pick<Profile, 'identities'>,
): boolean => address !== undefined && address !== addressHash(profile);

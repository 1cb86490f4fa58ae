import type { EnrolmentRef } from '#shared/store/keys.ts';

/** How a passage is named where its contact is known: short, and unique there. The key may hold any character. */
export const nameOf = ({ journey, key, n }: Omit<EnrolmentRef, 'contact'>): string => `${journey}#${key}#${n}`;

/** How a passage is named on a profile: one that began under another contact, merged into this one, says so. */
export const nameOn = ({ contact }: { readonly contact: string }, ref: EnrolmentRef): string =>
  ref.contact === contact ? nameOf(ref) : `${nameOf(ref)}@${ref.contact}`;

/** The passage that a profile of this contact names so. */
export function refOfName(contact: string, name: string): EnrolmentRef {
  const first = name.indexOf('#');
  const last = name.lastIndexOf('#');
  const [n, other] = name.slice(last + 1).split('@');
  return { contact: other ?? contact, journey: name.slice(0, first), key: name.slice(first + 1, last), n: Number(n) };
}

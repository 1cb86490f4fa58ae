import type { EnrolmentRef } from '#shared/store/keys.ts';

/** How a passage is named on its contact's profile: short, and unique there. The key may hold any character. */
export const nameOf = ({ journey, key, n }: Omit<EnrolmentRef, 'contact'>): string => `${journey}#${key}#${n}`;

export function refOfName(contact: string, name: string): EnrolmentRef {
  const first = name.indexOf('#');
  const last = name.lastIndexOf('#');
  return { contact, journey: name.slice(0, first), key: name.slice(first + 1, last), n: Number(name.slice(last + 1)) };
}

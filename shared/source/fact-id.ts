import { derivedId } from '#shared/enrolment/ids.ts';

const PART = /^[\x21-\x7e]{1,80}$/;

/**
 * The id of an event: who says it, in which shop, of what, and what of it. A part that an id can't hold stands there as its
 * hash.
 */
export const factId = (...parts: readonly string[]): string => {
  const id = parts.map((part) => (PART.test(part) ? part : derivedId('part', part))).join(':');
  return id.length <= 200 ? id : `${parts[0]}:${derivedId(...parts)}`;
};

/**
 * Stands in the id of what changes. A storefront's times have whole seconds, and one of its deliveries says more than
 * another: two words of one moment that are not the same are two events.
 */
export const mark = (content: object): string => derivedId('mark', JSON.stringify(content)).slice(0, 10);

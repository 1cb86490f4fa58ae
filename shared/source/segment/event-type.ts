import { derivedId } from '#shared/enrolment/ids.ts';
import { isOwnType } from '#shared/event/own.ts';

const LONGEST = 60;
const HASH = 8;

const hashOf = (name: string): string => derivedId('event-name', name).slice(0, HASH);

/** One separator for several: the one that says most. */
const joint = (run: string): string => (run.includes('.') ? '.' : run.includes('_') ? '_' : '-');

/** Small letters, digits and separators of a name: `song-played` of "Song Played" and of "songPlayed". */
export const slugOf = (name: string): string =>
  (/\s/.test(name.trim()) ? name : name.replace(/([a-z\d])([A-Z])/g, '$1-$2'))
    .normalize('NFKD')
    .replace(/\p{M}|['’]/gu, '')
    .toLowerCase()
    .replace(/[^a-z\d._]+/g, '-')
    .replace(/[._-]{2,}/g, joint)
    .replace(/^[._-]+|[._-]+$/g, '');

/** Whether letters have no place in a type, so that two names could become one. */
const isLossy = (name: string): boolean => /[^\p{ASCII}\p{M}’]/u.test(name.normalize('NFKD'));

/**
 * The type that events of this name have. A hash of the name stands in it where the grammar of types has no letters for it
 * or no room; what is a word of Tropa's own stands behind `segment.`.
 */
export function typeOfName(name: string): string {
  const slug = slugOf(name);
  const begun = /^[a-z]/.test(slug) ? slug : ['event', slug].filter(Boolean).join('-');
  const own = isOwnType(begun) ? `segment.${begun}` : begun;
  if (!isLossy(name) && own.length <= LONGEST && slug !== '') return own;
  const room = own.slice(0, LONGEST - HASH - 1).replace(/[._-]+$/, '');
  return `${room}-${hashOf(name)}`;
}

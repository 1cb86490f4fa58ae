import type { Refusal } from '#shared/enrolment/entry.ts';

/** Why somebody does not enter, in words. */
export const REFUSAL_WORDS: Readonly<Record<Refusal, string>> = {
  'not-live': 'the journey lets nobody in at present',
  early: 'entry has not opened yet',
  late: 'entry has closed',
  inside: 'is inside',
  again: 'has been in it, and may not enter again (yet)',
  'too-many': 'is inside too many journeys',
  'goal-reached': 'has done since what the journey is for',
  condition: 'the entry rule says no',
  cap: 'its caps let nobody in at present',
};

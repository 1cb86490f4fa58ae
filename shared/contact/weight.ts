import type { TraitValue } from './profile.ts';

/** Of two words said at one moment the weightier stands, so that the order of arrival does not matter. */
export const weight = (value: TraitValue | null | undefined): string => JSON.stringify(value ?? null);

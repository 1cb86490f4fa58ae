/** Why events are put aside: what `tropa redrive` and the reports know them by. */
export const PARKED_REASONS = ['privacy', 'too-many-hops', 'too-old'] as const;
export type ParkedReason = (typeof PARKED_REASONS)[number];

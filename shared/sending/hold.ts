/** What holds a message back at a moment, in the order in which a report names it. */
export const HOLDS = ['quiet', 'window', 'cap'] as const;
export type Hold = (typeof HOLDS)[number];

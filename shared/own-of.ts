/**
 * What a record has under a name that somebody chose; nothing of what every object has: a step may be called
 * `constructor`, and an event `valueof`.
 */
export const ownOf = <T>(record: Readonly<Record<string, T>> | undefined, name: string): T | undefined =>
  record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;

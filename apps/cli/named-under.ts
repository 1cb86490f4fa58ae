/** All texts that stand under a key, however deep, alone or in a list. */
export function namedUnder(value: unknown, wanted: string): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    key === wanted ? [member].flat().filter((name) => typeof name === 'string') : namedUnder(member, wanted),
  );
}

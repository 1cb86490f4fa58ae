/** What a thing is made of, each part with how it is said. A new part does not compile until it is. */
export type Parts<T> = {
  readonly [K in Exclude<keyof Required<T>, 'note'>]: (part: NonNullable<T[K]>, whole: T) => string[];
};

/** Lines for the parts that are written, in the order of the table. A `note` is said elsewhere. */
export function sayParts<T extends object>(table: Parts<T>, whole: T): string[] {
  const names: string[] = Object.keys(table);
  const isPart = (name: string): name is Extract<keyof Parts<T>, string> => names.includes(name);
  return names.filter(isPart).flatMap((name) => {
    const part = whole[name];
    return part === undefined || part === null ? [] : table[name](part, whole);
  });
}

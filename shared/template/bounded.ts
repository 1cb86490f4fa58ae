/**
 * Remembers what was made for the newest keys, at most `limit`; the one asked for longest ago goes first. As long as it is
 * half empty, the order is that of their making: it is asked several times a mail, and far from letting anything go.
 */
export function bounded<T>(limit: number) {
  const known = new Map<string, T>();
  return {
    get size() {
      return known.size;
    },
    /** What stands for the key, made now if it is not there. */
    of(key: string, make: () => T): T {
      const found = known.get(key);
      if (found !== undefined && known.size * 2 <= limit) return found;
      const value = found ?? make();
      if (found !== undefined) known.delete(key);
      known.set(key, value);
      const [oldest] = known.keys();
      if (known.size > limit && oldest !== undefined) known.delete(oldest);
      return value;
    },
    /** Forgets a key, if `value` is what stands for it. */
    drop(key: string, value: T): void {
      if (known.get(key) === value) known.delete(key);
    },
  };
}

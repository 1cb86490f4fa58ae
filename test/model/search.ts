/** One thing that may happen in a state. */
export type Move<S> = {
  readonly name: string;
  /** `prompt`: happens by itself, soon. `patient`: only when time has passed. `fault`: need not happen at all. */
  readonly kind: 'prompt' | 'patient' | 'fault';
  readonly next: S;
  /** What this very move breaks. */
  readonly breaks?: string | undefined;
};

export type Model<S> = {
  readonly start: S;
  readonly moves: (state: S) => readonly Move<S>[];
  /** What is wrong with a state, knowing what can happen in it; undefined when nothing is. */
  readonly wrong: (state: S, moves: readonly Move<S>[]) => string | undefined;
};

export type Found = {
  readonly states: number;
  /** The shortest way to something wrong. */
  readonly fault?: { readonly what: string; readonly way: readonly string[] };
};

/** Looks at every state that can be reached, nearest first, and stops at the first that is wrong. */
export function search<S>({ start, moves, wrong }: Model<S>): Found {
  const first = JSON.stringify(start);
  const from = new Map<string, { key: string; name: string } | undefined>([[first, undefined]]);
  const wayTo = (key: string, last: string[] = []): string[] => {
    const way = last;
    for (let at = from.get(key); at; at = from.get(at.key)) way.unshift(at.name);
    return way;
  };
  let level: { key: string; state: S }[] = [{ key: first, state: start }];
  while (level.length > 0) {
    const further: typeof level = [];
    for (const { key, state } of level) {
      const possible = moves(state);
      const what = wrong(state, possible);
      if (what !== undefined) return { states: from.size, fault: { what, way: wayTo(key) } };
      for (const { name, next, breaks } of possible) {
        if (breaks !== undefined) return { states: from.size, fault: { what: breaks, way: wayTo(key, [name]) } };
        const nextKey = JSON.stringify(next);
        if (from.has(nextKey)) continue;
        from.set(nextKey, { key, name });
        further.push({ key: nextKey, state: next });
      }
    }
    level = further;
  }
  return { states: from.size };
}

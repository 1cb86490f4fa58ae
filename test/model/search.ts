type Fields = Readonly<Record<string, unknown>>;

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
export function search<S extends Fields>({ start, moves, wrong }: Model<S>): Found {
  const parts = new Parts(start);
  const first = parts.nameOf(start);
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
        const nextKey = parts.nameOf(next);
        if (from.has(nextKey)) continue;
        from.set(nextKey, { key, name });
        further.push({ key: nextKey, state: parts.shared(next) });
      }
    }
    level = further;
  }
  return { states: from.size };
}

/**
 * The parts that states consist of, each once. A move leaves most of them alone, so that a state is named by looking them
 * up: written out in full, naming states took four fifths of a search.
 */
class Parts {
  readonly #fields: readonly string[];
  readonly #names = new Map<unknown, number>();
  readonly #byText = new Map<string, unknown>();

  constructor(state: Fields) {
    this.#fields = Object.keys(state);
  }

  /** The same for two states that are alike, and only for those. */
  nameOf(state: Fields): string {
    let name = '';
    for (const field of this.#fields) name += `${this.#names.get(state[field]) ?? this.#find(state[field])} `;
    return name;
  }

  /** The same state, made of parts that are looked up without being written out. */
  shared<S extends Fields>(state: S): S {
    const strange = this.#fields.filter((field) => !this.#names.has(state[field]));
    const known = strange.map((field) => [field, this.#byText.get(JSON.stringify(state[field]))]);
    return strange.length === 0 ? state : { ...state, ...Object.fromEntries(known) };
  }

  #find(part: unknown): number | undefined {
    const text = JSON.stringify(part);
    const known = this.#byText.get(text);
    if (known !== undefined) return this.#names.get(known);
    this.#byText.set(text, part);
    this.#names.set(part, this.#names.size);
    return this.#names.get(part);
  }
}

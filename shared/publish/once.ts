/** What is reckoned of an object, once: a large journey asks the same of one condition many hundred times. */
export function once<In extends object, Out>(reckon: (value: In) => Out): (value: In) => Out {
  const known = new WeakMap<In, { readonly out: Out }>();
  return (value) => {
    const before = known.get(value);
    if (before) return before.out;
    const out = reckon(value);
    known.set(value, { out });
    return out;
  };
}

/** What is made when it is asked for, and then kept. */
export function lazily<T>(make: () => T): () => T {
  let made: { readonly it: T } | undefined;
  return () => {
    made ??= { it: make() };
    return made.it;
  };
}

/** Traits and files say what is asked for, so the memory of it has an end. */
const KEPT = 1000;

/** A function that answers each text once, and the same text again from memory. What it throws it throws again. */
export function remembering<T>(answer: (text: string) => T): (text: string) => T {
  const known = new Map<string, { readonly answer: T }>();
  return (text) => {
    const before = known.get(text);
    if (before) return before.answer;
    if (known.size >= KEPT) known.clear();
    const found = answer(text);
    known.set(text, { answer: found });
    return found;
  };
}

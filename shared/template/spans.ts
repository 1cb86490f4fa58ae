type Marks = readonly [open: string, close: string];
export type Span = { readonly start: number; readonly end: number };

/**
 * Everything between these marks, marks included, from left to right and none inside another. In one pass, however many
 * marks are left open: regular expressions take the square of the length for that.
 */
export function spansOf(text: string, marks: readonly Marks[]): Span[] {
  const found: Span[] = [];
  const next = marks.map(([open]) => text.indexOf(open));
  for (let from = 0; ; ) {
    for (const [i, at] of next.entries()) if (at >= 0 && at < from) next[i] = text.indexOf(marks[i]?.[0] ?? '', from);
    const start = Math.min(...next.map((at) => (at < 0 ? Number.POSITIVE_INFINITY : at)));
    const kind = next.indexOf(start);
    const [open, close] = marks[kind] ?? [];
    if (open === undefined || close === undefined) return found;
    const end = text.indexOf(close, start + open.length);
    // Never closed from here on, so neither is any later one.
    if (end < 0) next[kind] = -1;
    else {
      from = end + close.length;
      found.push({ start, end: from });
    }
  }
}

/** The text with each of these spans made into something else. */
export function replaceSpans(
  text: string,
  spans: readonly Span[],
  by: (piece: string, start: number) => string,
): string {
  const parts: string[] = [];
  let done = 0;
  for (const { start, end } of spans) {
    parts.push(text.slice(done, start), by(text.slice(start, end), start));
    done = end;
  }
  return [...parts, text.slice(done)].join('');
}

/** Letters to put in, take out, change or swap with their neighbour (Levenshtein, with swaps). */
export function distance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, i) => i)];
  const cell = (i: number, j: number): number => rows[i]?.[j] ?? 0;
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    rows.push(row);
    for (let j = 1; j <= b.length; j += 1) {
      const change = cell(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = swapped ? cell(i - 2, j - 2) + 1 : change;
      row.push(Math.min(change, swap, cell(i - 1, j) + 1, (row[j - 1] ?? 0) + 1));
    }
  }
  return cell(a.length, b.length);
}

/** The known word that was probably meant: at most a third of its letters are wrong, case aside. */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  const written = word.toLowerCase();
  for (const candidate of known) {
    const most = Math.max(1, Math.floor(Math.max(word.length, candidate.length) / 3));
    const there = candidate.toLowerCase();
    // So many letters at least are to put in or to take out.
    if (Math.abs(written.length - there.length) > Math.min(most, least)) continue;
    const far = distance(written, there);
    if (far < least && far <= most) {
      best = candidate;
      least = far;
    }
  }
  return best;
}

/** ` Did you mean "x"?`; else what there is, if that is little, and what else mends it. */
export function meantOr(word: string, known: Iterable<string>, mend = ''): string {
  const all = [...new Set(known)];
  const few = all.length > 0 && all.length <= 6 ? ` There ${all.length === 1 ? 'is' : 'are'} ${quoted(all)}.` : '';
  return didYouMean(word, all) || `${few}${mend && ` ${mend}`}`;
}

const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ');

/** ` Did you mean "x"?`, or nothing. */
export function didYouMean(word: string, known: Iterable<string>): string {
  const meant = nearest(word, known);
  return meant === undefined ? '' : ` Did you mean "${meant}"?`;
}

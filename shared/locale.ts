const KEPT = 1000;
const known = new Map<string, boolean>();

/** Whether numbers are written somewhere as this locale says: a language, `pl`, or one with a country, `pl-PL` (BCP 47). */
export function isLocale(text: string): boolean {
  const seen = known.get(text);
  if (seen !== undefined) return seen;
  // Odd traits are remembered, too, so the memory of them has an end.
  if (known.size >= KEPT) known.clear();
  const found = isWritten(text);
  known.set(text, found);
  return found;
}

function isWritten(locale: string): boolean {
  try {
    return Intl.NumberFormat.supportedLocalesOf(locale).length > 0;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/**
 * Comma-separated values by RFC 4180, forgiving where real files are careless: a quote inside an unquoted field
 * (`12" plate`) is a letter like any other.
 */

/** `open`: the text ends inside quotes, so the record goes on in the next line. `stray`: text follows a closing quote. */
export type Split = { readonly values: string[] } | { readonly problem: 'open' | 'stray' };

/** Takes one record apart. Without a quote in it this is a plain split, which is what most rows of most files need. */
export function splitRecord(text: string, delimiter: string): Split {
  if (!text.includes('"')) return { values: text.split(delimiter) };
  const values: string[] = [];
  let at = 0;
  for (;;) {
    const field = text[at] === '"' ? quotedField(text, at) : plainField(text, at, delimiter);
    if (!field) return { problem: 'open' };
    values.push(field.value);
    if (field.end === text.length) return { values };
    if (!text.startsWith(delimiter, field.end)) return { problem: 'stray' };
    at = field.end + delimiter.length;
  }
}

function plainField(text: string, from: number, delimiter: string): { value: string; end: number } {
  const next = text.indexOf(delimiter, from);
  const end = next < 0 ? text.length : next;
  return { value: text.slice(from, end), end };
}

function quotedField(text: string, from: number): { value: string; end: number } | undefined {
  let close = text.indexOf('"', from + 1);
  while (close >= 0 && text[close + 1] === '"') close = text.indexOf('"', close + 2);
  if (close < 0) return undefined;
  return { value: text.slice(from + 1, close).replaceAll('""', '"'), end: close + 1 };
}

/** The values as one record again, quoted only where needed. */
export function joinRecord(values: readonly string[], delimiter: string): string {
  const needsQuotes = (value: string) => value.includes(delimiter) || /["\r\n]/.test(value);
  return values.map((value) => (needsQuotes(value) ? `"${value.replaceAll('"', '""')}"` : value)).join(delimiter);
}

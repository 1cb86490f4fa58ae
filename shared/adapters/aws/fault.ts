/** An error as it may be logged: what it is and where it was thrown, one entry for each `cause`. */
export type Fault = { readonly name: string; readonly message: string; readonly at: readonly string[] };

/** Deep enough for any cause that this project builds. */
const DEPTH = 4;
const FRAMES = 8;

/**
 * Messages of other people's errors quote what they were given: SES names addresses, JSON.parse shows the payload. So
 * addresses and long numbers are struck out, and a SyntaxError keeps its place only. Other fields of an error are
 * left out: ConditionFailed carries rows.
 */
export function describeFault(cause: unknown): Fault[] {
  const faults: Fault[] = [];
  for (let error = cause; error !== undefined && faults.length < DEPTH; ) {
    if (!(error instanceof Error)) return [...faults, { name: typeof error, message: '', at: [] }];
    const { name, message, stack = '' } = error;
    faults.push({ name, message: error instanceof SyntaxError ? '' : struckOut(message), at: framesOf(stack) });
    error = error.cause;
  }
  return faults;
}

const struckOut = (message: string): string =>
  message
    // Word by word: a pattern with the "@" in it goes through a long word once for each of its letters.
    .replaceAll(/[^\s"'<>,;:()]+/g, (word) => (/.@./s.test(word) ? '<address>' : word))
    .replaceAll(/\+?\d[\d ()-]{6,}\d/g, '<number>');

const framesOf = (stack: string): string[] =>
  stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, FRAMES)
    .map((line) => line.trim());

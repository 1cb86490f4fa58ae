/** What publish has to say about a file. A file with an error is not published; what was live stays. */
export type Severity = 'error' | 'warning';

/** Lines and columns count from 1; columns are those of an editor (UTF-16 units). */
export type Position = {
  readonly line: number;
  readonly column: number;
  /** The place in another file, where this one takes that in: `templates/_brand/footer.mjml 3:5`. */
  readonly within?: string;
};

export type Remark = Omit<Position, 'within'> & {
  /** `E11`, `W07`: public, for `allow` and for looking it up. */
  readonly code: string;
  readonly message: string;
  readonly severity: Severity;
};

/** The letter of the code is the severity. */
export const remark = (code: string, position: Position, message: string): Remark => ({
  code,
  line: position.line,
  column: position.column,
  message: position.within === undefined ? message : `In ${position.within}: ${message}`,
  severity: code.startsWith('W') ? 'warning' : 'error',
});

export const hasErrors = (remarks: readonly Remark[]): boolean => remarks.some((r) => r.severity === 'error');

/** More remarks than anybody reads. */
const MOST = 200;

const byPlace = (a: Remark, b: Remark): number =>
  a.line - b.line || a.column - b.column || (a.code < b.code ? -1 : Number(a.code > b.code));

/** In the order of the file, each said once. */
export function inOrder(remarks: readonly Remark[]): Remark[] {
  const all = remarks.toSorted(byPlace);
  // What is said twice has one place, and stands together now.
  let from = 0;
  const sorted = all.filter((r, i) => {
    if (byPlace(all[from] ?? r, r) !== 0) from = i;
    return !all.slice(from, i).some(({ message }) => message === r.message);
  });
  const [first, ...more] = sorted.slice(MOST);
  if (!first) return sorted;
  const text = `There are ${more.length + 1} remarks more. Mend these first.`;
  return [...sorted.slice(0, MOST), remark(hasErrors(sorted) ? OVER_LIMIT : UNSAID, first, text)];
}

/**
 * Codes beyond the table of the language: what is no construct's own mistake. `E49` a value that does not fit its place,
 * `E50` in the language and not yet in this version, `E51` over a limit, `E52` the layout of a template, `E53` its
 * Liquid, `E54` a file in another encoding, `W50` a mail that mail programs cut off, `W51` a template and a send that
 * disagree about the topic, `W52` a name that nobody has declared and that may come all the same, `W53` more segments than
 * anybody tells apart, `W54` more remarks than anybody reads, `W55` a line of a pool that is left out.
 * `E55` and `W56` to `W63` are of check-manners.ts.
 */
export const MISFIT = 'E49';
export const NOT_YET = 'E50';
export const OVER_LIMIT = 'E51';
export const BAD_LAYOUT = 'E52';
export const BAD_LIQUID = 'E53';
export const NOT_UTF8 = 'E54';
/** A part of the brand that is not there, or that a template does not go with. */
export const NO_PART = 'E56';
/** A mail that asks to confirm a sign-up, where nobody has to. */
export const NOT_TO_CONFIRM = 'E57';
/** A journey that asks to confirm and starts with something else. */
export const NOTHING_TO_CONFIRM = 'W65';
/** Topics with double opt-in, and no live journey that asks for it. */
export const NOBODY_ASKS = 'W66';
/** A template that keeps its old look. */
export const OLD_LOOK = 'W64';
/** The tests of a journey do not pass. */
export const NO_PASS = 'E47';
export const TOO_LONG_A_MAIL = 'W50';
export const TOPICS_DIFFER = 'W51';
export const UNDECLARED = 'W52';
export const MANY_SEGMENTS = 'W53';
const UNSAID = 'W54';
export const LEFT_OUT = 'W55';

/** Where that is said which concerns a file as a whole. */
export const TOP: Position = { line: 1, column: 1 };

/** Characters of a file: the limit of the language is 256 KB. */
const LONGEST_FILE = 256 * 1024;

/** What is said of a file that is too long to be read at all. */
export const tooLong = (text: string): Remark | undefined =>
  text.length > LONGEST_FILE
    ? remark(OVER_LIMIT, TOP, 'A file has at most 256 KB. Make two of it, or take out what nobody needs.')
    : undefined;

/** Said alike everywhere, so that a marketer knows it at sight: the language has it, this version does not run it. */
export const notYet = (position: Position, what: string, instead?: string): Remark =>
  remark(NOT_YET, position, `${what} not available yet. ${instead ?? 'Take it out for now.'}`);

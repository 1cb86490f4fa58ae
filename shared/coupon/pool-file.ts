import { splitRecord } from '#shared/csv.ts';
import { garbled } from '#shared/publish/encoding.ts';
import { LEFT_OUT, MISFIT, OVER_LIMIT, type Remark, remark, TOP } from '#shared/publish/remarks.ts';
import { addDuration } from '#shared/time/duration.ts';
import type { Instant } from '#shared/time/instant.ts';
import { readTime } from '#shared/time/local.ts';
import { type FreeCode, LONGEST_CODE, plainCode } from './coupon.ts';

/** What a file of codes holds: what can be given, how many lines were left out, and what is said of them. */
export type PoolFile = {
  readonly codes: readonly FreeCode[];
  readonly refused: number;
  readonly remarks: readonly Remark[];
};

/** Bytes of a file, and codes in it. More come in several files, one after the other. */
export const LONGEST_POOL = 8 * 1024 * 1024;
const MOST_CODES = 500_000;
/** A file with more is refused in any case: it has too many codes, or most of its lines are none. */
const MOST_LINES = 2 * MOST_CODES;
/** Lines that are told of one by one. */
const TOLD = 50;

const TOO_MANY = remark(OVER_LIMIT, TOP, 'A file has at most 500,000 codes. Upload it in parts.');

const NAMED = /^pools\/([a-z][a-z0-9-]{0,39})\.csv$/;

/** The pool that a file is for: its name. */
export const poolNamed = (key: string): string | undefined => NAMED.exec(key)?.[1];

type Columns = { readonly code: number; readonly expires: number | undefined };
type Line = { readonly text: string; readonly number: number };
type Surroundings = { readonly zone: string; readonly now: Instant };

/**
 * Reads `pools/<id>.csv`: a code a line, or two columns, `code` and `expires`. A line that cannot be used is left out and
 * told of; a file that is none of codes is refused as a whole.
 */
export function readPool(key: string, text: string, around: Surroundings): PoolFile {
  const refused = unreadable(key, text);
  if (refused) return { codes: [], refused: 0, remarks: [refused] };
  const lines = linesOf(text);
  if (!lines) return { codes: [], refused: 0, remarks: [TOO_MANY] };
  const [first] = lines;
  const delimiter = first && !first.text.includes(',') && first.text.includes(';') ? ';' : ',';
  const { columns, rest, problem } = columnsIn(lines, delimiter);
  if (problem || !columns) return { codes: [], refused: 0, remarks: problem ? [problem] : [] };
  return collect(rest, delimiter, columns, around);
}

function unreadable(key: string, text: string): Remark | undefined {
  if (poolNamed(key) === undefined) {
    const said = 'A pool lies at "pools/<id>.csv"; its id has small Latin letters, digits and "-", at most 40.';
    return remark(MISFIT, TOP, said);
  }
  return text.length > LONGEST_POOL ? TOO_LONG : garbled(text);
}

export const TOO_LONG = remark(OVER_LIMIT, TOP, 'A file of codes has at most 8 MB. Upload it in parts.');

/** Lines with something in them; undefined when there are more than a file may have. */
function linesOf(text: string): Line[] | undefined {
  const lines: Line[] = [];
  for (const line of splitLines(text.replace(/^\uFEFF/, ''))) {
    if (line.text.trim() === '') continue;
    if (lines.length === MOST_LINES) return undefined;
    lines.push(line);
  }
  return lines;
}

/** One after the other: eight million empty ones would fill the memory. */
function* splitLines(text: string): Generator<Line> {
  const ends = /\r\n|\n|\r/g;
  let [from, number] = [0, 1];
  for (let end = ends.exec(text); end; end = ends.exec(text)) {
    yield { text: text.slice(from, end.index), number };
    [from, number] = [ends.lastIndex, number + 1];
  }
  yield { text: text.slice(from), number };
}

/** A first line that names its columns is no code. */
function columnsIn(
  lines: readonly Line[],
  delimiter: string,
): { columns?: Columns; rest: readonly Line[]; problem?: Remark } {
  const [first, ...others] = lines;
  if (!first) return { rest: [], problem: remark(MISFIT, TOP, 'This file has no codes.') };
  const split = splitRecord(first.text, delimiter);
  const names = 'values' in split ? split.values.map(plainCode) : [];
  const code = names.indexOf('code');
  const expires = names.indexOf('expires');
  if (code >= 0) return { columns: { code, expires: expires < 0 ? undefined : expires }, rest: others };
  if (names.length > 2 || expires >= 0) {
    const said = 'Name the column of the codes "code", or leave only the codes in the file.';
    return { rest: [], problem: remark(MISFIT, { line: first.number, column: 1 }, said) };
  }
  return { columns: { code: 0, expires: 1 }, rest: lines };
}

function collect(lines: readonly Line[], delimiter: string, columns: Columns, around: Surroundings): PoolFile {
  const codes: FreeCode[] = [];
  const remarks: Remark[] = [];
  const known = new Map<string, number>();
  let refused = 0;
  for (const { text, number } of lines) {
    const found = readLine(text, delimiter, columns, around);
    const twin = 'code' in found ? known.get(plainCode(found.code)) : undefined;
    const why =
      'why' in found ? found.why : twin === undefined ? undefined : `The code of line ${twin} stands here again.`;
    if (why === undefined && 'code' in found) {
      known.set(plainCode(found.code), number);
      codes.push(found);
      continue;
    }
    refused += 1;
    if (refused <= TOLD) remarks.push(remark(LEFT_OUT, { line: number, column: 1 }, `${why} This line is left out.`));
  }
  const whole = asAWhole(codes.length, refused, lines.at(0)?.number ?? 1);
  return { codes: whole ? [] : codes, refused, remarks: whole ? [...remarks, whole] : remarks };
}

function asAWhole(codes: number, refused: number, line: number): Remark | undefined {
  if (codes > MOST_CODES) return TOO_MANY;
  if (codes > refused) return undefined;
  const said = codes === 0 ? 'This file has no codes.' : 'Most lines of this file are no codes. Is it the right one?';
  return remark(MISFIT, { line, column: 1 }, said);
}

/** Letters, digits and signs: what can be typed, without spaces. */
const CODE = /^[^\s\p{C}]+$/u;

function readLine(
  text: string,
  delimiter: string,
  columns: Columns,
  { zone, now }: Surroundings,
): FreeCode | { readonly why: string } {
  const split = splitRecord(text, delimiter);
  if ('problem' in split) return { why: split.problem === 'open' ? 'A quote is not closed.' : 'Text follows a quote.' };
  const code = (split.values[columns.code] ?? '').trim();
  if (code === '') return { why: 'There is no code.' };
  if (code.length > LONGEST_CODE) return { why: `A code has at most ${LONGEST_CODE} characters.` };
  if (!CODE.test(code)) return { why: `"${code}" has a space or an unprintable sign in it.` };
  const written = columns.expires === undefined ? '' : (split.values[columns.expires] ?? '').trim();
  if (written === '') return { code };
  const time = readTime(written, zone);
  if (!time) return { why: `"${written.slice(0, 40)}" is no date. Write "2026-12-24".` };
  const until = time.day ? addDuration(time.at, 'P1D', zone) : time.at;
  return until <= now ? { why: `"${code}" has expired.` } : { code, until };
}

import { createScanner, type ParseError, printParseErrorCode } from 'jsonc-parser';
import { type Position, type Remark, remark } from './remarks.ts';

/** Turns offsets into lines and columns. */
export function positions(text: string, firstLine = 1): (offset: number) => Position {
  const starts = [0];
  for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) starts.push(i + 1);
  return (offset) => {
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + firstLine, column: offset - (starts[low] ?? 0) + 1 };
  };
}

/** A byte-order mark is no part of the text, nor of the columns. */
export const withoutMark = (text: string): string => (text.startsWith('\uFEFF') ? text.slice(1) : text);

const WRONG_BRACKET = 'This bracket closes another kind of bracket: "{" is closed by "}", "[" by "]".';

const SAID: Readonly<Record<string, string>> = {
  InvalidSymbol: 'This word is not JSON. Text stands in double quotes: "text".',
  InvalidNumberFormat: 'This is not a number.',
  PropertyNameExpected: 'A key in double quotes is expected here.',
  ValueExpected: 'A value is missing here.',
  ColonExpected: 'A ":" is missing here.',
  CloseBraceExpected: 'A "}" is missing here.',
  CloseBracketExpected: 'A "]" is missing here.',
  EndOfFileExpected: 'The file goes on after its last bracket.',
  UnexpectedEndOfComment: 'This comment does not end.',
  UnexpectedEndOfString: 'This text has no closing double quote.',
  UnexpectedEndOfNumber: 'This number breaks off.',
  InvalidUnicode: 'After "\\u" stand four hexadecimal digits.',
  InvalidEscapeCharacter: 'This letter cannot stand after "\\". A backslash itself is "\\\\".',
  InvalidCharacter: 'A line break or control character cannot stand inside a text. Write "\\n".',
};

const CURLY = /[“”„‟‘’«»]/;
const CURLY_QUOTES = 'This quote is curly, as word processors make them. JSON has straight ones: "text".';

/** What a person would say of each of the parser's errors. */
export function syntaxRemarks(
  text: string,
  errors: readonly ParseError[],
  positionOf: (offset: number) => Position,
): Remark[] {
  const remarks = errors.map((error) => {
    const kind = printParseErrorCode(error.error);
    if (kind !== 'CommaExpected') {
      const said = CURLY.test(text[error.offset] ?? '') ? CURLY_QUOTES : SAID[kind];
      return remark('E01', positionOf(error.offset), said ?? `This is not JSON (${kind}).`);
    }
    if ('}]'.includes(text[error.offset] ?? '')) return remark('E01', positionOf(error.offset), WRONG_BRACKET);
    const end = positionOf(endOfTokenBefore(text, error.offset));
    return remark('E01', end, `A comma is missing after line ${end.line}.`);
  });
  // What follows a mistake on its line is mostly its echo; a second comma is not.
  const first = new Map<number, Remark>();
  for (const r of remarks) if (!first.has(r.line)) first.set(r.line, r);
  return remarks.filter((r) => first.get(r.line) === r || r.message.startsWith('A comma'));
}

/** A missing comma is reported at what follows; the place to mend it is behind what stands before. */
function endOfTokenBefore(text: string, offset: number): number {
  let end = 0;
  for (const token of tokens(text)) {
    if (token.offset >= offset) break;
    end = token.offset + token.length;
  }
  return end;
}

function* tokens(text: string): Generator<{ offset: number; length: number }> {
  const scanner = createScanner(text, true);
  // The end is told by its place: after an unfinished comment the scanner gives it a length.
  for (scanner.scan(); scanner.getTokenOffset() < text.length; scanner.scan()) {
    yield { offset: scanner.getTokenOffset(), length: scanner.getTokenLength() };
  }
}

/** Brackets within brackets; the grammar needs about 30. Reading is recursive, so a file of brackets would end the process. */
const DEEPEST = 100;

/** Texts and comments, in which brackets mean nothing, and the brackets. One without an end goes to the end. */
const PIECES = /"(?:[^"\\\n]|\\.)*"?|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|[{}[\]]/g;

/** Where it becomes deeper than that. */
export function tooDeep(text: string): number | undefined {
  let depth = 0;
  for (const { 0: piece, index } of text.matchAll(PIECES)) {
    if (piece === '{' || piece === '[') depth += 1;
    if (piece === '}' || piece === ']') depth -= 1;
    if (depth > DEEPEST) return index;
  }
  return undefined;
}

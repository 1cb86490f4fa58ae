import { holdAgainst } from '#shared/publish/explain.ts';
import { parseJsonc, type Source } from '#shared/publish/parse.ts';
import { hasErrors, MISFIT, type Remark, remark } from '#shared/publish/remarks.ts';
import { withoutMark } from '#shared/publish/syntax.ts';
import { type Front, frontSchema } from './front-data.ts';

export type Fronted = {
  /** Missing when there is an error in the remarks. */
  readonly front?: Front;
  readonly source: Source;
  readonly body: string;
  /** The line of the file on which the body begins. */
  readonly bodyLine: number;
  readonly remarks: readonly Remark[];
};

const FENCE = /^---[ \t]*$/;

/** Takes a template file apart into its front data and its body. */
export function readFront(text: string): Fronted {
  const lines = withoutMark(text).split(/\r?\n/);
  const end = FENCE.test(lines[0] ?? '') ? lines.findIndex((line, i) => i > 0 && FENCE.test(line)) : -1;
  if (end < 0) {
    const said = 'A template begins with its front data between two lines "---": { "subject": "..." }.';
    const remarks = [remark(MISFIT, { line: 1, column: 1 }, said)];
    return { source: parseJsonc('{}'), body: lines.join('\n'), bodyLine: 1, remarks };
  }
  const source = parseJsonc(lines.slice(1, end).join('\n'), 2);
  const rest = { source, body: lines.slice(end + 1).join('\n'), bodyLine: end + 2 };
  if (source.value === undefined || hasErrors(source.remarks)) return { ...rest, remarks: source.remarks };
  const { value: front, remarks } = holdAgainst(frontSchema, source, 'The front data');
  return { ...rest, remarks, ...(front && { front }) };
}

import type { Condition } from '#shared/condition/condition.ts';
import { walk } from '#shared/condition/leaves.ts';
import { ownOf } from '#shared/own-of.ts';
import { type Segment, segmentSchema } from '#shared/segment/segment.ts';
import { checkLeaves } from './available.ts';
import { checkConditions } from './check-conditions.ts';
import { fileNamed } from './check-file.ts';
import type { Asking, CheckContext } from './context.ts';
import { holdAgainst } from './explain.ts';
import { type Path, readFile, type Source } from './parse.ts';
import { hasErrors, inOrder, MANY_SEGMENTS, OVER_LIMIT, type Remark, remark, TOP } from './remarks.ts';
import { placed } from './walk.ts';

/** Characters of all segments together: everybody who decides anything reads them at once. */
const LONGEST = 256 * 1024;
/** More than anybody keeps apart in their head. */
const MANY = 50;

/** Reads a segment file and holds it against the grammar, the settings and the other segments. */
export function checkSegment(
  fileName: string,
  text: string,
  context: CheckContext,
): { segment?: Segment; remarks: readonly Remark[] } {
  const source = readFile(text);
  if (source.value === undefined || hasErrors(source.remarks)) return { remarks: inOrder(source.remarks) };
  const { value: segment, remarks } = holdAgainst(segmentSchema, source, 'A segment');
  if (!segment) return { remarks: inOrder(remarks) };
  const then = { ...context, segments: { ...context.segments, [segment.id]: segment.if } };
  const said = inOrder([
    ...fileNamed(fileName, 'segment', segment.id, source),
    ...askingOfContact(segment.if, ['if'], source, then),
    ...circle(segment.id, source, then),
    ...size(then),
  ]);
  return hasErrors(said) ? { remarks: said } : { segment, remarks: said };
}

/** The same of a segment that was published before. */
export const checkStoredSegment = (id: string, condition: Condition, context: CheckContext): Remark[] => {
  const source = { value: condition, remarks: [], at: () => TOP, keyAt: () => TOP };
  return [...askingOfContact(condition, [], source, context), ...circle(id, source, context)];
};

/** A condition that stands outside of any journey. */
export function askingOfContact(condition: Condition, path: Path, source: Source, context: CheckContext): Remark[] {
  const conditions = [placed({ condition, path, use: 'contact' })];
  const asking: Asking = { source, context, steps: [], conditions };
  return [...checkConditions(asking), ...checkLeaves(asking)];
}

const named = (condition: Condition | undefined): string[] =>
  condition ? [...walk(condition)].flatMap((leaf) => ('segment' in leaf ? leaf.segment : [])) : [];

/** The way by which a segment comes back to itself. */
function wayBack(
  to: string,
  from: string,
  segments: CheckContext['segments'],
  seen: readonly string[],
): string[] | undefined {
  if (from === to && seen.length > 0) return [...seen];
  if (seen.includes(from)) return undefined;
  for (const next of named(ownOf(segments, from))) {
    const way = wayBack(to, next, segments, [...seen, from]);
    if (way) return way;
  }
  return undefined;
}

function circle(id: string, source: Source, { segments }: CheckContext): Remark[] {
  const way = wayBack(id, id, segments, []);
  if (!way) return [];
  const names = [...way].sort().map((name) => `"${name}"`);
  const last = names.pop();
  const text =
    names.length === 0
      ? `Segment ${last} defines itself. Take it out of its own condition.`
      : `Segments ${names.join(', ')} and ${last} define each other. Take one of them out of the other.`;
  const condition = ownOf(segments, id);
  const leaves = condition && placed({ condition, path: ['if'], use: 'contact' }).leaves;
  const leaf = leaves?.find(({ leaf: l }) => 'segment' in l);
  return [remark('E16', source.at([...(leaf?.path ?? []), 'segment']), text)];
}

function size({ segments }: CheckContext): Remark[] {
  const count = Object.keys(segments).length;
  const many = `These are ${count} segments. Keep the few that decide something.`;
  return [
    ...(count > MANY ? [remark(MANY_SEGMENTS, TOP, many)] : []),
    ...(JSON.stringify(segments).length > LONGEST
      ? [remark(OVER_LIMIT, TOP, 'All segments together have at most 256 KB. Remove those that nobody needs.')]
      : []),
  ];
}

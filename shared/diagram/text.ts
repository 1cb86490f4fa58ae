import { columnsOf } from './characters.ts';
import type { Arm, Item, Line, Outline } from './outline.ts';
import { goOn } from './outline.ts';
import { wrap } from './wrap.ts';

/** A journey as a tree for the terminal. */

const COLUMNS = 100;
/** Deeper trees keep their right end, so that words have room. */
const DEEPEST = 60;

/** A text behind `first`; what does not fit goes on behind `following`. */
function lineWith(first: string, following: string, text: string, columns: number): string[] {
  const room = columns - Math.max(columnsOf(first), columnsOf(following));
  return wrap(text, room, columnsOf).map((piece, i) => (i === 0 ? first : following) + piece);
}

const shortened = (prefix: string): string =>
  prefix.length <= DEEPEST ? prefix : `…${prefix.slice(prefix.length - DEEPEST + 1)}`;

type Branch = { readonly first: string; readonly inside: string };

const branch = (prefix: string, isLast: boolean): Branch => ({
  first: shortened(`${prefix}${isLast ? '└─ ' : '├─ '}`),
  inside: shortened(`${prefix}${isLast ? '   ' : '│  '}`),
});

const MARKS: { readonly [T in Line['tone']]: string } = { if: '? ', plain: '', note: '* ' };

function linesOfItem(item: Item, { first, inside }: Branch, columns: number): string[] {
  const below = `${inside}${item.arms.length > 0 ? '│  ' : ''}`;
  const counts = item.counts.length > 0 ? [`(${item.counts.join('; ')})`] : [];
  const said = [...item.lines.map(({ tone, text }) => `${MARKS[tone]}${text}`), ...counts];
  return [
    ...lineWith(first, `${below}  `, `${item.title} [${item.id}]`, columns),
    ...said.flatMap((text) => lineWith(below, `${below}  `, text, columns)),
    ...item.arms.flatMap((arm, i) => linesOfArm(arm, branch(inside, i === item.arms.length - 1), columns)),
  ];
}

function linesOfArm({ label, condition, items }: Arm, { first, inside }: Branch, columns: number): string[] {
  const name = condition === undefined ? label : `${label}, ${condition}`;
  const said = items.length === 0 ? `${name}: goes on` : `${name}:`;
  return [...lineWith(`${first}> `, `${inside}  `, said, columns), ...treeOf(items, inside, columns)];
}

const treeOf = (items: readonly Item[], prefix: string, columns: number): string[] =>
  items.flatMap((item, i) => linesOfItem(item, branch(prefix, i === items.length - 1), columns));

function headerLines({ title, id, note, rows }: Outline, columns: number): string[] {
  const width = Math.max(...rows.map(({ label }) => label.length)) + 2;
  return [
    ...wrap(`${title} [${id}]`, columns, columnsOf),
    ...wrap(note ?? '', columns, columnsOf),
    '',
    ...rows.flatMap(({ label, lines }) =>
      lines.flatMap((text, i) => lineWith((i === 0 ? label : '').padEnd(width), ' '.repeat(width + 2), text, columns)),
    ),
    '',
  ];
}

/** What comes behind the last step. */
export const FINISHED = 'End as "finished"';

/** The journey in lines of at most `columns` columns, no less than 80. */
export function textOf(shown: Outline, columns = COLUMNS): string {
  const { items } = shown;
  const tree = treeOf(items, '', columns);
  return [...headerLines(shown, columns), ...tree, ...(goOn(items) ? [FINISHED] : []), ''].join('\n');
}

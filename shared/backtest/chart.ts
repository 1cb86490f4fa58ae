import { type Box, FACES, type Style, type Text } from '#shared/diagram/drawing.ts';
import { widthOf } from '#shared/diagram/metrics.ts';
import { plain } from '#shared/diagram/plain.ts';
import { svgOf } from '#shared/diagram/svg.ts';
import { counted, sayNumber } from '#shared/diagram/words/values.ts';
import { wrap } from '#shared/diagram/wrap.ts';
import type { Journey } from '#shared/journey/journey.ts';
import { type Column, columnsOf, hoursOf, ranked, upTo } from './spans.ts';
import type { Backtest } from './tally.ts';

/** A back-test as a picture: as wide as a phone, each chart below the other. */

const WIDTH = 360;
const EDGE = 14;
const INNER = WIDTH - 2 * EDGE;
const TALL = 90;
const BAR = 12;

/** What is drawn, from `y` down, and where it ends. */
type Part = { readonly boxes: readonly Box[]; readonly end: number };

const box = (kind: Box['kind'], name: string, at: Pick<Box, 'x' | 'y' | 'width' | 'height'>): Box => ({
  ...at,
  kind,
  name,
  texts: [],
  chips: [],
});

/** Lines of text that fit, below each other; they stand in a box of their own. */
function words(text: string, style: Style, y: number, kind: Box['kind'] = 'skip'): Part {
  const face = FACES[style];
  const lines = wrap(plain(text), INNER - 16, (part) => widthOf(part, face));
  const texts = lines.map((line, i): Text => ({ x: 8, y: (i + 1) * face.height - 2, text: line, style }));
  const height = lines.length * face.height + 6;
  const at = { x: EDGE, y, width: INNER, height };
  return { boxes: [{ ...box(kind, plain(text), at), texts }], end: y + height + 4 };
}

/** Columns beside each other, with the first and the last named below, and the highest above. */
function standing(title: string, columns: readonly Column[], y: number): Part {
  const most = Math.max(1, ...columns.map(({ n }) => n));
  const head = words(`${title}; at most ${sayNumber(most)}`, 'label', y, 'arm');
  const wide = INNER / Math.max(1, columns.length);
  const foot = head.end + TALL;
  const bars = columns.flatMap(({ name, n }, i) => {
    const height = (n / most) * TALL;
    const at = { x: EDGE + i * wide, y: foot - height, width: Math.max(1, wide - 1), height };
    return n === 0 ? [] : [box('send', `${name}: ${counted(n, 'mail')}`, at)];
  });
  const ends = [columns[0]?.name, columns.at(-1)?.name].join(' to ');
  const below = words(ends, 'note', foot + 4, 'arm');
  return { boxes: [...head.boxes, ...bars, ...below.boxes], end: below.end + 12 };
}

/** Bars below each other, each with its name and number above. */
function lying(title: string, columns: readonly Column[], kind: Box['kind'], y: number): Part {
  const most = Math.max(1, ...columns.map(({ n }) => n));
  const boxes: Box[] = [];
  const head = words(title, 'label', y, 'arm');
  let { end } = head;
  for (const { name, n } of columns) {
    const said = words(`${name}: ${sayNumber(n)}`, 'plain', end, 'arm');
    const at = { x: EDGE, y: said.end - 2, width: Math.max(2, (n / most) * INNER), height: BAR };
    boxes.push(...said.boxes, box(kind, `${name}: ${sayNumber(n)}`, at));
    end = said.end + BAR + 6;
  }
  return { boxes: [...head.boxes, ...boxes], end: end + 8 };
}

/** The back-test of a journey as an SVG that stands alone. */
export function chartOf({ id, name }: Pick<Journey, 'id' | 'name'>, test: Backtest): string {
  const { mails, goal, entries, contacts, outcomes, inside, refused } = test;
  const { unit, columns } = columnsOf(mails.byDay);
  const found = `${counted(entries, 'entry', 'entries')} of ${counted(contacts, 'contact')}, ${counted(mails.sent, 'mail')}, ${counted(goal.reached, 'goal')}`;
  const parts: readonly ((y: number) => Part)[] = [
    (y) => words(name, 'heading', y, 'arm'),
    (y) => words(found, 'plain', y, 'arm'),
    (y) => standing(`Mails by ${unit}`, columns, y),
    (y) => standing('Mails by hour of the day', hoursOf(mails.byHour), y),
    (y) => lying('Contacts by number of mails', upTo(6, mails.perContact), 'send', y),
    (y) => lying('How it ended', ranked(inside > 0 ? { ...outcomes, 'still inside': inside } : outcomes), 'update', y),
    (y) => lying('Not let in', ranked(refused), 'end', y),
  ];
  const boxes: Box[] = [];
  let y = EDGE;
  for (const part of parts) {
    const drawn = part(y);
    boxes.push(...drawn.boxes);
    y = drawn.end;
  }
  const size = { width: WIDTH, height: Math.ceil(y) };
  const said = `A back-test: ${found}. Bars show mails by ${unit} and hour, contacts by number of mails, and how it ended.`;
  return svgOf({ ...size, boxes, lines: [] }, { id: `backtest-${id}`, title: plain(name) }, said);
}

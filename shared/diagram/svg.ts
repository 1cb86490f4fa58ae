import { type Box, type Drawing, FACES, type Line, type Text } from './drawing.ts';
import { isSure, widthOf } from './metrics.ts';
import { ICONS, SHAPES } from './shapes.ts';
import { styleSheet } from './theme.ts';

/** A picture as an SVG that stands alone: no scripts, nothing from elsewhere, and whatever names say is only text. */

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string): string => text.replace(/[&<>"']/g, (c) => ESCAPES[c] ?? '');

const round = (n: number): number => Math.round(n * 10) / 10;

function textElement({ x, y, text, style }: Text): string {
  // Of scripts whose letters are not in the table the width is set, so that no font makes them run over.
  const width = isSure(text)
    ? ''
    : ` textLength="${round(widthOf(text, FACES[style]))}" lengthAdjust="spacingAndGlyphs"`;
  return `<text class="${style}" x="${round(x)}" y="${round(y)}"${width}>${escaped(text)}</text>`;
}

/** Icons stand left of the title. */
function icon({ kind, texts }: Box): string {
  if (kind === 'header' || kind === 'arm') return '';
  const [title] = texts;
  return title
    ? `<path class="icon" d="${ICONS[kind]}" transform="translate(${title.x - 25} ${round(title.y - 14)})"/>`
    : '';
}

function boxElement(box: Box): string {
  const { x, y, width, height, kind, id, name, texts, chips } = box;
  const shape = `<path class="shape" d="${SHAPES[kind](round(width), round(height))}"/>`;
  const plates = chips.map(
    (chip) =>
      `<rect class="chip" x="${round(chip.x)}" y="${round(chip.y)}" width="${round(chip.width)}" height="${chip.height}" rx="8"/>`,
  );
  const step = id === undefined ? '' : ` data-step="${escaped(id)}"`;
  const role = 'role="graphics-symbol img"';
  const inside = [shape, icon(box), ...plates, ...texts.map(textElement)].join('');
  return `<g class="${kind}" ${role} aria-label="${escaped(name)}"${step} transform="translate(${round(x)} ${round(y)})">${inside}</g>`;
}

const TIP = 7;

/** The tip of an arrow, which lies along the last stretch of its line. */
function tip({ points }: Line): string {
  const [[ax, ay] = [0, 0], [bx, by] = [0, 0]] = points.slice(-2);
  const [dx, dy] = [Math.sign(bx - ax), Math.sign(by - ay)];
  const corner = (side: number) => `${round(bx - dx * TIP - dy * side)} ${round(by - dy * TIP - dx * side)}`;
  return `<path class="tip" d="M${round(bx)} ${round(by)}L${corner(4)}L${corner(-4)}Z"/>`;
}

function lineElement(line: Line): string {
  const path = `M${line.points.map(([x, y]) => `${round(x)} ${round(y)}`).join('L')}`;
  return `<path class="way ${line.kind}" d="${path}"/>${line.arrow ? tip(line) : ''}`;
}

/** `said` is what kind of picture it is, for those who do not see it; what each box says, it says itself. */
export function svgOf(drawing: Drawing, { id, title }: { id: string; title: string }, said: string): string {
  const { width, height } = drawing;
  const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
  const named = `aria-labelledby="${id}-title" aria-describedby="${id}-desc"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="tropa-journey" role="graphics-document document" ${named} ${size}>`,
    `<title id="${id}-title">${escaped(title)}</title>`,
    `<desc id="${id}-desc">${escaped(said)}</desc>`,
    `<style>${styleSheet()}</style>`,
    `<rect class="page" width="${width}" height="${height}"/>`,
    `<g aria-hidden="true">${drawing.lines.map(lineElement).join('\n')}</g>`,
    ...drawing.boxes.map(boxElement),
    '</svg>\n',
  ].join('\n');
}

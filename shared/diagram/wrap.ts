import { graphemesOf } from './characters.ts';

/** Text in lines of a width, in whatever unit `measure` has. */
type Measure = (text: string) => number;

/** As much of a word as fits, at least one character; broken behind a mark inside it if there is one late enough. */
function fitting(word: string, width: number, measure: Measure): string {
  let taken = '';
  for (const grapheme of graphemesOf(word)) {
    if (taken !== '' && measure(taken + grapheme) > width) break;
    taken += grapheme;
  }
  const [upToMark = ''] = /^.*[-./_,:](?=.)/u.exec(taken) ?? [];
  return taken.length < word.length && upToMark.length > taken.length / 3 ? upToMark : taken;
}

function pieces(word: string, width: number, measure: Measure): string[] {
  const found: string[] = [];
  for (let rest = word; rest !== ''; ) {
    const piece = measure(rest) <= width ? rest : fitting(rest, width, measure);
    found.push(piece);
    rest = rest.slice(piece.length);
  }
  return found;
}

/** No line is wider than `width`, unless a single character is. Words are broken only where they must be. */
export function wrap(text: string, width: number, measure: Measure): string[] {
  const lines: string[] = [];
  let current = '';
  for (const word of text.split(' ').filter(Boolean)) {
    const longer = current === '' ? word : `${current} ${word}`;
    if (measure(longer) <= width) {
      current = longer;
      continue;
    }
    if (current !== '') lines.push(current);
    const [last = '', ...before] = pieces(word, width, measure).reverse();
    lines.push(...before.reverse());
    current = last;
  }
  return current === '' ? lines : [...lines, current];
}

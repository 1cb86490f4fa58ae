import { didYouMean } from '#shared/publish/did-you-mean.ts';
import { BAD_LAYOUT, NO_PART, OVER_LIMIT, type Position, type Remark, remark } from '#shared/publish/remarks.ts';
import { positions } from '#shared/publish/syntax.ts';
import { type Brand, brandKey, calledBy, LOOK, partFor, valuesOf } from './brand.ts';
import { withoutLiquid } from './mask.ts';

/** A template with everything that it takes in from the brand, as one text. */
export type Assembled = {
  readonly text: string;
  /** Where a place of the text lies: in the template, and which part it comes from if from one. */
  readonly at: (position: Position) => Position;
  /** What it takes in, by the names that it calls it by; those that are missing too. */
  readonly parts: readonly string[];
  readonly remarks: readonly Remark[];
};

export type Wanted = {
  readonly body: string;
  readonly locale: string;
  /** The shop's, which fills in for others. */
  readonly shops: string;
  /** A layout by name, for a body that is no whole page. */
  readonly layout?: string | undefined;
  readonly subject?: string;
  readonly brand: Brand;
};

/** Parts within parts, parts in one mail, and characters of it. */
const DEEPEST = 10;
const MOST = 200;
const LONGEST = 512 * 1024;

const INCLUDE = /<mj-include\b([^<>]*?)\/?>(?:\s*<\/mj-include>)?/g;
const INCLUDED = /^<mj-include\s+path="([^"]*)"\s*\/?>/;
const VALUE = /\{\{-?\s*(brand\.[\w.-]+?)\s*-?\}\}/g;
const PAGE = /<mjml(?=[\s>])([^<>]*)>/;
const LANG = /\slang="[^"]*"/;
/** What the layout puts the template into. */
const CONTENT = 'content';

/** A stretch of the text: of which file, and from where in it. `fixed`: all of it stands for one place. */
type Piece = { readonly text: string; readonly owner: Owner; readonly from: number; readonly fixed?: boolean };
/** `part` is undefined for the template itself. `within`: the files that this one is being put into. */
type Owner = { readonly part: string | undefined; readonly text: string; readonly within: readonly string[] };

export const isWholePage = (body: string): boolean => PAGE.test(withoutLiquid(body));
/** MJML without a page around it is put into the layout. */
const needsLayout = (body: string): boolean => /^\s*<mj-/.test(withoutLiquid(body)) && !isWholePage(body);

/** Puts a template into its layout, and into both what they include. */
export function assemble(wanted: Wanted): Assembled {
  const build = new Build(wanted);
  const own: Owner = { part: undefined, text: wanted.body, within: [] };
  if (wanted.layout !== undefined || needsLayout(wanted.body)) build.layout(wanted.layout ?? 'layout', own);
  else build.add(own);
  return build.done();
}

/** The same of a part by itself. */
export function assemblePart(part: string, text: string, wanted: Omit<Wanted, 'body'>): Assembled {
  const build = new Build({ ...wanted, body: '' });
  build.add({ part: undefined, text, within: [part] }, isWholePage(text) ? () => undefined : undefined);
  return build.done();
}

const HOW = 'A part of the brand is taken in so: <mj-include path="footer" />.';
const lies = (name: string): string =>
  /^[a-z][a-z0-9-]*$/.test(name) ? ` It would lie at ${brandKey(name)}.` : ` ${HOW}`;

type Fill = () => void;

class Build {
  readonly #wanted: Wanted;
  readonly #values: ReadonlyMap<string, string>;
  readonly #pieces: Piece[] = [];
  readonly #parts = new Set<string>();
  readonly #remarks: Remark[] = [];
  #length = 0;
  #included = 0;

  constructor(wanted: Wanted) {
    this.#wanted = wanted;
    this.#values = valuesOf(wanted.brand.look);
  }

  layout(name: string, own: Owner): void {
    const layout = this.#find(name);
    if (!layout) {
      const more = `Without <mjml> a template is put into a layout, which would lie at ${brandKey(name)}.`;
      this.#say(NO_PART, { owner: own, from: 0 }, `There is no layout "${name}".${this.#meant(name)} ${more}`);
      return;
    }
    let filled = 0;
    this.add({ ...layout, within: [layout.part] }, () => {
      filled += 1;
      if (filled === 1) this.add(own);
    });
    if (filled !== 1) {
      const said = `${brandKey(layout.part)} puts the template in ${filled} times: write <mj-include path="${CONTENT}" /> once.`;
      this.#say(BAD_LAYOUT, { owner: own, from: 0 }, said);
    }
  }

  /** Adds a file, with what it includes in place of its includes. `fill` adds the template where it is a layout. */
  add(owner: Owner, fill?: Fill): void {
    let done = 0;
    for (const { start, end, put } of this.#holes(owner, fill)) {
      if (start < done) continue;
      this.#put({ text: owner.text.slice(done, start), owner, from: done });
      put();
      done = end;
    }
    this.#put({ text: owner.text.slice(done), owner, from: done });
  }

  #holes(owner: Owner, fill: Fill | undefined) {
    const layout = withoutLiquid(owner.text);
    const includes = [...layout.matchAll(INCLUDE)].map(({ 0: tag, index }) => ({
      start: index,
      end: index + tag.length,
      put: () => this.#include(owner, index, owner.text.slice(index, index + tag.length), fill),
    }));
    const values = [...owner.text.matchAll(VALUE)].map(({ 0: print, 1: path = '', index }) => ({
      start: index,
      end: index + print.length,
      put: () => this.#value(owner, index, path),
    }));
    return [...includes, ...values, ...(fill ? this.#head(owner, layout) : [])].sort((a, b) => a.start - b.start);
  }

  /** A layout speaks the language of what is put into it, and has its subject for a title. */
  #head(owner: Owner, layout: string) {
    const { locale, shops, subject = '' } = this.#wanted;
    const page = PAGE.exec(layout);
    const lang = page && LANG.exec(page[0]);
    const at = (page?.index ?? 0) + (lang ? lang.index : '<mjml'.length);
    const put = (text: string, from: number) => ({
      put: () => this.#put({ text, owner, from, fixed: true }),
    });
    const head = /<mj-head\s*>/.exec(layout);
    const isTitled = layout.includes('<mj-title');
    const title = `<mj-title>${subject.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</mj-title>`;
    const behind = (head?.index ?? 0) + (head?.[0].length ?? 0);
    return [
      ...(page ? [{ start: at, end: at + (lang?.[0].length ?? 0), ...put(` lang="${locale || shops}"`, at) }] : []),
      ...(head && subject && !isTitled ? [{ start: behind, end: behind, ...put(title, behind) }] : []),
    ];
  }

  #value(owner: Owner, from: number, path: string): void {
    this.#parts.add(LOOK);
    const text = this.#values.get(path);
    if (text !== undefined) this.#put({ text, owner, from, fixed: true });
    else {
      const hint = didYouMean(path, this.#values.keys()) || ` It would stand in ${brandKey(LOOK)}.`;
      this.#say(NO_PART, { owner, from }, `The brand has no "${path}".${hint}`);
    }
  }

  #include(owner: Owner, from: number, tag: string, fill: Fill | undefined): void {
    const [, name] = INCLUDED.exec(tag) ?? [];
    const found = name === undefined ? undefined : this.#find(name);
    if (name === CONTENT && fill) fill();
    else if (name === undefined) this.#say(BAD_LAYOUT, { owner, from }, HOW);
    else if (!found)
      this.#say(NO_PART, { owner, from }, `There is no part "${name}".${this.#meant(name) || lies(name)}`);
    else this.#take(owner, from, found);
  }

  #take(owner: Owner, from: number, found: { part: string; text: string }): void {
    this.#included += 1;
    const said = this.#tooMuch(owner, found.part);
    if (said) this.#say(said.code, { owner, from }, said.message);
    else this.add({ ...found, within: [...owner.within, found.part] });
  }

  #tooMuch({ within }: Owner, part: string): { code: string; message: string } | undefined {
    if (within.includes(part))
      return { code: BAD_LAYOUT, message: `"${part}" takes in itself: ${[...within, part].join(' -> ')}.` };
    if (within.length >= DEEPEST)
      return { code: OVER_LIMIT, message: `Parts stand within parts more than ${DEEPEST} deep here.` };
    if (this.#included > MOST || this.#length > LONGEST)
      return {
        code: OVER_LIMIT,
        message: `With its parts this mail becomes too long: at most ${MOST} parts and 512 KB.`,
      };
    return undefined;
  }

  #find(name: string): { part: string; text: string } | undefined {
    if (name !== CONTENT) this.#parts.add(name);
    const { brand, locale, shops } = this.#wanted;
    return partFor(brand, name, locale, shops);
  }

  #meant = (name: string): string =>
    didYouMean(name.replace(/^.*\//, '').replace(/\.mjml$/, ''), Object.keys(this.#wanted.brand.parts).map(calledBy));

  #put(piece: Piece): void {
    if (piece.text === '') return;
    this.#pieces.push(piece);
    this.#length += piece.text.length;
  }

  #say(code: string, place: Pick<Piece, 'owner' | 'from'>, message: string): void {
    // Of a thousand parts too many one is told.
    if (code === OVER_LIMIT && this.#remarks.some((r) => r.code === code)) return;
    this.#remarks.push(remark(code, this.#placeOf(place), message));
  }

  /** In a part: its file is named, and the template's first line stands for where it is taken in. */
  #placeOf({ owner, from }: Pick<Piece, 'owner' | 'from'>): Position {
    const own = positions(owner.text)(from);
    if (owner.part === undefined) return own;
    return { line: 1, column: 1, within: `${brandKey(owner.part)} ${own.line}:${own.column}` };
  }

  done(): Assembled {
    const text = this.#pieces.map((piece) => piece.text).join('');
    let end = 0;
    const ends = this.#pieces.map((piece) => (end += piece.text.length));
    const starts = lineStarts(text);
    const at = ({ line, column }: Position): Position => {
      const offset = (starts[line - 1] ?? 0) + column - 1;
      const i = ends.findIndex((one) => offset < one);
      const piece = this.#pieces[i];
      if (!piece) return { line, column };
      const inside = piece.fixed ? 0 : offset - ((ends[i] ?? 0) - piece.text.length);
      return this.#placeOf({ owner: piece.owner, from: piece.from + inside });
    };
    return { text, at, parts: [...this.#parts].sort(), remarks: this.#remarks };
  }
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) starts.push(i + 1);
  return starts;
}

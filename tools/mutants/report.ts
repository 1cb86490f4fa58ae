import type { Explained } from './explained.ts';
import type { Mutant } from './run.ts';

/** How many mutants of a file or folder came to which end. */
export interface Counts {
  readonly mutants: number;
  readonly killed: number;
  /** They never ended: killed as well. */
  readonly timeout: number;
  readonly survived: number;
  /** No test comes by them: they survive as well. */
  readonly uncovered: number;
}

export function counted(mutants: readonly Mutant[]): Counts {
  const of = (status: string): number => mutants.filter((mutant) => mutant.status === status).length;
  const [killed, timeout, survived, uncovered] = [of('Killed'), of('Timeout'), of('Survived'), of('NoCoverage')];
  return { mutants: killed + timeout + survived + uncovered, killed, timeout, survived, uncovered };
}

/** Of a hundred mutants, so many are noticed. A folder with none has the full score. */
export const score = ({ mutants, killed, timeout }: Counts): string =>
  (mutants === 0 ? 100 : (100 * (killed + timeout)) / mutants).toFixed(1);

/** One line a file that has mutants, and one for all. */
export function table(folder: string, mutants: readonly Mutant[]): string {
  const files = [...new Set(mutants.map(({ file }) => file))].sort();
  const rows = [
    ...files.map((file) => [file, counted(mutants.filter((mutant) => mutant.file === file))] as const),
    [folder, counted(mutants)] as const,
  ];
  const wide = Math.max(...rows.map(([name]) => name.length));
  const line = (name: string, cells: readonly (string | number)[]): string =>
    [name.padEnd(wide), ...cells.map((cell) => String(cell).padStart(10))].join('');
  return [
    line('', ['mutants', 'killed', 'timeout', 'survived', 'uncovered', 'score']),
    ...rows.map(([name, counts]) => line(name, [...Object.values(counts), score(counts)])),
  ].join('\n');
}

export const alive = ({ status }: Mutant): boolean => status === 'Survived' || status === 'NoCoverage';

/** Why this survivor may stay; undefined when nobody has said. `line` is the line of code it is in. */
export const reasonOf = (mutant: Mutant, line: string, all: readonly Explained[]): string | undefined =>
  all.find((one) => one.file === mutant.file && one.replacement === mutant.replacement && line.includes(one.line))?.why;

/** Where a folder's row stands in the page: after the table's head, until the next empty line. */
const TABLE = /(\| folder .*\n\| --- .*\n)((?:\|.*\n)*)/;

/** The page with this row in its table: in place of the folder's earlier one, or as its last. */
export function withRow(page: string, folder: string, row: string): string {
  return page.replace(TABLE, (_, head: string, body: string) => {
    const rows = body.split('\n').slice(0, -1);
    const at = rows.findIndex((earlier) => earlier.startsWith(`| ${folder} |`));
    return `${head}${rows.toSpliced(at < 0 ? rows.length : at, at < 0 ? 0 : 1, row).join('\n')}\n`;
  });
}

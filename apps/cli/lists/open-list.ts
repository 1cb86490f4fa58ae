import { basename } from 'node:path';
import { BadInput } from '#apps/cli/bad-input.ts';
import { readLines } from '#apps/cli/replay/lines.ts';
import { RowReader } from '#apps/cli/replay/rows.ts';
import { splitRecord } from '#shared/csv.ts';
import { type Columns, columnsOf } from './columns.ts';
import type { ListRequest } from './list.ts';
import { LOST } from './said-by.ts';

/** A list whose header is understood. */
export type List = {
  readonly reader: RowReader;
  readonly header: readonly string[];
  readonly columns: Columns;
  readonly delimiter: string;
};

const DELIMITERS = [',', ';', '\t'];

/**
 * Throws BadInput for a header that cannot be read or understood. Spreadsheets part by what their country is used to: what is
 * there most often in the header does it.
 */
export async function openList({ file, kind, map }: ListRequest): Promise<List> {
  const first = await headerLine(file);
  if (first.includes(LOST)) throw new BadInput(`"${basename(file)}" is not in UTF-8. Save it as "CSV UTF-8".`);
  const [delimiter = ','] = DELIMITERS.toSorted((a, b) => first.split(b).length - first.split(a).length);
  const split = splitRecord(first, delimiter);
  if (!('values' in split)) throw new BadInput(`The first line of "${basename(file)}" has a quote that does not end.`);
  const header = split.values.map((name) => name.trim());
  const columns = columnsOf(kind, header, map);
  return {
    reader: new RowReader({ file, format: { kind: 'csv', delimiter }, columns: header }),
    header,
    columns,
    delimiter,
  };
}

async function headerLine(file: string): Promise<string> {
  for await (const lines of readLines(file, () => {})) {
    const first = lines.find((line) => line.trim() !== '');
    if (first !== undefined) return first;
  }
  throw new BadInput(`"${basename(file)}" is empty.`);
}

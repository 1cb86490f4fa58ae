import type { Row } from '#apps/cli/replay/rows.ts';
import type { Columns, ListKind } from './columns.ts';
import { consent } from './consent-row.ts';
import { contact } from './contact-row.ts';
import type { Cells, Reading, Said } from './row.ts';
import { suppression } from './suppression-row.ts';

/** What stands for a letter that was not written in UTF-8. */
export const LOST = '\ufffd';

const READERS: Readonly<Record<ListKind, (cells: Cells, reading: Reading) => Said>> = {
  contacts: contact,
  consents: consent,
  suppressions: suppression,
};

/** What a row of the file says, or why it cannot be used. */
export function saidBy(row: Row, kind: ListKind, reading: Reading, columns: Columns): Said {
  if (!('cells' in row)) return unreadable(row.reason);
  const cells = cellsOf(row.cells, columns);
  if (!Object.values(cells).some((cell) => cell.includes(LOST))) return READERS[kind](cells, reading);
  return { reason: 'not-utf8', text: 'A letter got lost: save the whole list as "CSV UTF-8" and import it again.' };
}

const unreadable = (reason: string): Said => ({
  reason,
  text: `The row cannot be read: ${reason.replaceAll('-', ' ')}.`,
});

function cellsOf(cells: readonly string[], columns: Columns): Cells {
  const named = cells.flatMap((cell, i): [string, string][] => {
    const [meaning, value] = [columns[i], cell.trim()];
    return meaning === undefined || value === '' ? [] : [[meaning, value]];
  });
  return Object.fromEntries(named);
}

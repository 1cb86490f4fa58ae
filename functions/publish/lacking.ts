import { ConditionFailed, Conflict } from '#shared/errors.ts';
import type { Clock } from '#shared/ports.ts';
import type { Report } from '#shared/publish/print.ts';
import { NO_PART, NO_PASS, NOT_TO_CONFIRM, type Remark } from '#shared/publish/remarks.ts';
import type { Table } from '#shared/store/table.ts';
import { noteWaiting, type Upload } from '#shared/store/waiting.ts';
import type { Outcome } from './publish.ts';

/**
 * Errors that another file may mend: a template, topic, segment or journey that is not there yet, or is not yet what it
 * must be, or tests that expect something else. What is wrong with the file itself stays wrong until it is uploaded anew.
 */
const MENDED_BY_OTHERS = [
  'E11',
  'E12',
  'E13',
  'E14',
  'E15',
  'E16',
  'E17',
  'E18',
  'E19',
  'E34',
  'E37',
  'E46',
  NOT_TO_CONFIRM,
  NO_PART,
  NO_PASS,
];

export const isMendedByOthers = (code: string): boolean => MENDED_BY_OTHERS.includes(code);

/** Whether a refused file is to be tried again when something else has been published. */
export const waitsFor = (remarks: readonly Remark[]): boolean => {
  const errors = remarks.filter((r) => r.severity === 'error');
  return errors.length > 0 && errors.every(({ code }) => isMendedByOthers(code));
};

/** What a file that was refused comes to; it waits for what it lacks. */
export async function refused(report: Report, upload: Upload, { table }: { readonly table: Table }): Promise<Outcome> {
  const waits = waitsFor(report.remarks);
  // At once: what it lacks may go live any moment, and looks then at who waits.
  if (waits) await noteWaiting(table, upload, true);
  return { report, changed: false, waits };
}

const ATTEMPTS = 8;

/** A file that has its report waits for nothing any more. Until then, whoever is cut off finds it waiting still. */
export async function waitsNoMore(
  upload: Upload,
  { table, clock }: { readonly table: Table; readonly clock: Pick<Clock, 'sleep'> },
): Promise<void> {
  for (let n = 1; ; n += 1) {
    try {
      return await noteWaiting(table, upload, false);
    } catch (error) {
      if (!(error instanceof ConditionFailed || error instanceof Conflict) || n === ATTEMPTS) throw error;
      await clock.sleep(20 * 2 ** n);
    }
  }
}

/** A later upload is live: this one waits for nothing any more. */
export async function overtaken(table: Table, upload: Upload): Promise<undefined> {
  await noteWaiting(table, upload, false);
}

import { existsSync, realpathSync } from 'node:fs';
import { BadInput } from '#apps/cli/bad-input.ts';
import type { Progress } from '#apps/cli/progress.ts';
import { factsOf } from '#apps/cli/replay/lines.ts';
import { timeReader } from '#apps/cli/replay/moment.ts';
import type { Row } from '#apps/cli/replay/rows.ts';
import { type OpenTarget, withTarget } from '#apps/cli/target/open.ts';
import { Errors } from './errors.ts';
import type { ListReport, ListRequest } from './list.ts';
import { type List, openList } from './open-list.ts';
import { countsOf, emptyReport } from './report.ts';
import { isProblem, type Reading, type Usable } from './row.ts';
import { saidBy } from './said-by.ts';
import { Waiting } from './waiting.ts';

/** `tropa import contacts|consents|suppressions`: reads a list, and brings in what it says unless it is only tried. */
export async function runList(request: ListRequest, progress: Progress): Promise<ListReport> {
  return withTarget(request.target, async (opened) => {
    const { file, errors: named } = request;
    if (named !== undefined && isSameFile(file, named))
      throw new BadInput(`--errors "${named}" is the list itself. Name another file.`);
    const list = await openList(request);
    const errors = named === undefined ? Errors.beside(file, list) : Errors.into(named, list);
    const report = emptyReport(request, list, await opened.published.settings());
    let left: string | undefined;
    try {
      await work(request, { opened, list, errors, report, progress });
    } finally {
      left = errors.close();
    }
    return { ...report, ...(left !== undefined && { errors: left }) };
  });
}

const isSameFile = (one: string, other: string): boolean =>
  existsSync(one) && existsSync(other) && realpathSync(one) === realpathSync(other);

type Job = {
  readonly opened: OpenTarget;
  readonly list: List;
  readonly errors: Errors;
  readonly report: ListReport;
  readonly progress: Progress;
};

async function work(request: ListRequest, job: Job): Promise<void> {
  const { opened, list, report, progress } = job;
  const settings = await opened.published.settings();
  const now = opened.clock.now();
  const readerOf = (day?: 'begins' | 'ends') => timeReader(settings.shop.timeZone, request.dates, day);
  const [begins, ends] = [readerOf('begins'), readerOf('ends')];
  const reading: Reading = {
    ...{ settings, now, usual: request.usual, asOf: request.asOf ?? now },
    timeOf: readerOf(),
    boundsOf: (text) => {
      const [from, to] = [begins(text), ends(text)];
      return from === undefined || to === undefined ? undefined : { from, to };
    },
  };
  const { size } = await factsOf(request.file);
  let [bytes, row] = [0, 0];
  // All rows before it are in.
  let next = request.fromRow;
  const seen = new Set<string>();
  const waiting = new Waiting(request, opened);
  try {
    for await (const rows of list.reader.read((n) => {
      bytes += n;
    })) {
      for (const one of rows) {
        row = one.number;
        const said = take(one, request, reading, job, seen);
        if (said) await waiting.add(said);
        if (waiting.isEmpty) next = row + 1;
      }
      progress.show(request.dryRun ? 'trying' : 'importing', bytes, size);
    }
    await waiting.flush();
  } catch (error) {
    if (error instanceof BadInput || request.dryRun) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new BadInput(
      `Broken off in row ${row}: ${reason}. What is in stays in, and comes in once; go on with --from-row ${next}.`,
      { cause: error },
    );
  }
  report.rows = row;
}

/** What a row says, counted; undefined when there is nothing to bring in. */
function take(
  row: Row,
  { kind, fromRow }: ListRequest,
  reading: Reading,
  { list, errors, report }: Job,
  seen: Set<string>,
): Usable | undefined {
  if (row.number < fromRow) {
    report.skipped += 1;
    return undefined;
  }
  const said = saidBy(row, kind, reading, list.columns);
  if (isProblem(said)) {
    report.rejected[said.reason] = (report.rejected[said.reason] ?? 0) + 1;
    errors.add(row, said.text);
    return undefined;
  }
  const key = keyOf(said);
  if (seen.has(key)) {
    report.repeated += 1;
    return undefined;
  }
  seen.add(key);
  report.used += 1;
  if ('events' in said) report.events += said.events.length;
  for (const [counts, name] of countsOf(said, report)) counts[name] = (counts[name] ?? 0) + 1;
  return said;
}

/** Half of an id tells the rows of one list apart, at half of the memory. */
const keyOf = (said: Usable): string =>
  'events' in said
    ? (said.events.at(-1)?.id.slice(7, 23) ?? '')
    : said.suppressed.map(({ hash, reason }) => `${hash.slice(0, 16)} ${reason}`).join();

import { closeSync, existsSync, openSync, realpathSync, rmSync, writeSync } from 'node:fs';
import { basename } from 'node:path';
import { BadInput } from '#apps/cli/bad-input.ts';
import type { Progress } from '#apps/cli/progress.ts';
import { factsOf, readLines } from '#apps/cli/replay/lines.ts';
import { timeReader } from '#apps/cli/replay/moment.ts';
import { type Row, RowReader } from '#apps/cli/replay/rows.ts';
import { type OpenTarget, withTarget } from '#apps/cli/target/open.ts';
import { joinRecord, splitRecord } from '#shared/csv.ts';
import type { Event } from '#shared/event/event.ts';
import { ownOf } from '#shared/own-of.ts';
import type { Settings } from '#shared/settings/settings.ts';
import { suppress } from '#shared/store/suppressions.ts';
import { type Columns, columnsOf, type ListKind, OURS } from './columns.ts';
import type { ListReport, ListRequest } from './list.ts';
import { type Cells, isProblem, READERS, type Reading, type Said, type Suppressed, type Usable } from './read.ts';

/** Events or rows that are put at a time. */
const BATCH = 500;
const WRITES_AT_ONCE = 25;

/** `tropa import contacts|consents|suppressions`: reads a list, and brings in what it says unless it is only tried. */
export async function runList(request: ListRequest, progress: Progress): Promise<ListReport> {
  return withTarget(request.target, async (opened) => {
    if (isSameFile(request.file, request.errors))
      throw new BadInput(`--errors "${request.errors}" is the list itself. Name another file.`);
    const list = await openList(request);
    const errors = new Errors(request.errors, list);
    const report = emptyReport(request, list, await opened.published.settings());
    try {
      await work(request, { opened, list, errors, report, progress });
    } finally {
      errors.close();
    }
    return { ...report, ...(errors.any && { errors: request.errors }) };
  });
}

const isSameFile = (one: string, other: string): boolean =>
  existsSync(one) && existsSync(other) && realpathSync(one) === realpathSync(other);

type List = {
  readonly reader: RowReader;
  readonly header: readonly string[];
  readonly columns: Columns;
  readonly delimiter: string;
};

const DELIMITERS = [',', ';', '\t'];

/** Spreadsheets part by what their country is used to: what is there most often in the header does it. */
async function openList({ file, kind, map }: ListRequest): Promise<List> {
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

function emptyReport({ kind, file, dryRun }: ListRequest, { header, columns }: List, settings: Settings): ListReport {
  const named = header.map((name, i): [string, string] => [name, columns[i] ?? '-']);
  const isUndeclared = (path: string) => ownOf(settings.traits, path) === undefined && !KNOWN.has(path);
  return {
    ...{ list: kind, file: basename(file), dryRun, rows: 0, used: 0, repeated: 0, skipped: 0, events: 0 },
    ...{ rejected: {}, consents: {}, suppressed: {} },
    columns: Object.fromEntries(named),
    undeclared: kind === 'contacts' ? columns.filter((path) => path !== undefined).filter(isUndeclared) : [],
  };
}

/** What needs no declaration: it is a text that everybody knows. */
const KNOWN = new Set([
  'email',
  'phone',
  'externalId',
  'createdAt',
  'tags',
  'name.first',
  'name.last',
  'locale',
  'timeZone',
]);

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
  const said = saidBy(row, kind, reading, list);
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

/** What stands for a letter that was not written in UTF-8. */
const LOST = '\ufffd';

function saidBy(row: Row, kind: ListKind, reading: Reading, { columns }: List): Said {
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

/** Half of an id tells the rows of one list apart, at half of the memory. */
const keyOf = (said: Usable): string =>
  'events' in said
    ? (said.events.at(-1)?.id.slice(7, 23) ?? '')
    : said.suppressed.map(({ hash, reason }) => `${hash.slice(0, 16)} ${reason}`).join();

function countsOf(said: Usable, { consents, suppressed }: Job['report']): [Record<string, number>, string][] {
  if ('suppressed' in said) return said.suppressed.map(({ reason }) => [suppressed, reason]);
  return said.events.flatMap((event) =>
    (event.consents ?? []).map(({ channel, topic, state }): [Record<string, number>, string] => [
      consents,
      `${channel}, ${topic}, ${state}`,
    ]),
  );
}

/** What is to be brought in, in batches, no faster than is asked for: what customers do meanwhile must not wait behind it. */
class Waiting {
  readonly #request: ListRequest;
  readonly #opened: OpenTarget;
  #events: Event[] = [];
  #suppressed: Suppressed[] = [];

  constructor(request: ListRequest, opened: OpenTarget) {
    this.#request = request;
    this.#opened = opened;
  }

  get isEmpty(): boolean {
    return this.#events.length + this.#suppressed.length === 0;
  }

  async add(said: Usable): Promise<void> {
    if (this.#request.dryRun) return;
    if ('events' in said) this.#events.push(...said.events);
    else this.#suppressed.push(...said.suppressed);
    if (this.#events.length + this.#suppressed.length >= BATCH) await this.flush();
  }

  async flush(): Promise<void> {
    const [events, suppressed] = [this.#events, this.#suppressed];
    this.#events = [];
    this.#suppressed = [];
    const began = performance.now();
    if (events.length > 0) await this.#opened.put(events);
    for (let at = 0; at < suppressed.length; at += WRITES_AT_ONCE) {
      const writes = suppressed.slice(at, at + WRITES_AT_ONCE);
      await Promise.all(
        writes.map(({ kind, hash, reason, at: since }) =>
          this.#opened.table.write(suppress(kind, hash, reason, since, { by: 'import' })),
        ),
      );
    }
    if (!('stage' in this.#request.target)) return;
    const due = ((events.length + suppressed.length) / this.#request.rate) * 1000 - (performance.now() - began);
    if (due > 0) await new Promise((resolve) => setTimeout(resolve, due));
  }
}

/** Rows that could not be used, as they came, with what is wrong: to be mended there and imported by themselves. */
class Errors {
  readonly #file: string;
  readonly #list: List;
  #descriptor: number | undefined;

  constructor(file: string, list: List) {
    this.#file = file;
    this.#list = list;
    if (existsSync(file)) rmSync(file);
  }

  get any(): boolean {
    return this.#descriptor !== undefined;
  }

  add(row: Row, text: string): void {
    const { header, delimiter } = this.#list;
    if (this.#descriptor === undefined) {
      this.#descriptor = openSync(this.#file, 'wx', 0o600);
      writeSync(
        this.#descriptor,
        `${joinRecord([...header.filter((name) => !OURS.includes(name)), ...OURS], delimiter)}\n`,
      );
    }
    const own = 'cells' in row ? row.cells.filter((_, i) => !OURS.includes(header[i] ?? '')) : [row.raw];
    const cells = joinRecord(own, delimiter);
    writeSync(this.#descriptor, `${cells}${delimiter}${joinRecord([String(row.number), text], delimiter)}\n`);
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
  }
}

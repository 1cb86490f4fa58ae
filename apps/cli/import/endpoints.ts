import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { BadInput } from '#apps/cli/bad-input.ts';
import type { Progress } from '#apps/cli/progress.ts';
import { factsOf, readLines } from '#apps/cli/replay/lines.ts';
import { joinRecord } from '#shared/csv.ts';
import { type ContactRow, type LeftOut, readEndpoint } from '#shared/import/pinpoint/endpoint.ts';

/** `tropa import endpoints`: of what Pinpoint exported, the lists that `tropa import contacts` and `consents` take. */
export type EndpointsRequest = { readonly files: readonly string[]; readonly to: string; readonly force: boolean };

/** What became of them: the form that `--json` prints, kept stable. endpoints = contacts + all that was left out. */
export type EndpointsReport = {
  readonly files: readonly string[];
  endpoints: number;
  contacts: number;
  optedOut: number;
  notOptedOut: number;
  readonly leftOut: Partial<Record<LeftOut, number>>;
  /** Traits of which somebody has several values. */
  several: readonly string[];
  readonly written: string[];
};

const FILES = {
  contacts: 'contacts.csv',
  optedOut: 'opted-out.csv',
  notOptedOut: 'not-opted-out.csv',
  leftOut: 'left-out.csv',
} as const;
const WHO = ['email', 'phone', 'externalId'];
const WORD = [...WHO, 'channel', 'at'];

/** Reads the files twice: first which columns there are and since when each user is known, then row by row. */
export async function runEndpoints(request: EndpointsRequest, progress: Progress): Promise<EndpointsReport> {
  const { files, to, force } = request;
  const known = await surveyOf(files, progress);
  const report: EndpointsReport = {
    ...{ files, endpoints: 0, contacts: 0, optedOut: 0, notOptedOut: 0 },
    ...{ leftOut: {}, several: [...known.several].sort(), written: [] },
  };
  const traits = [...known.traits].sort();
  mkdirSync(to, { recursive: true });
  const lists = new Lists(to, force, report.written);
  try {
    const contacts = lists.open(FILES.contacts, [...WHO, 'createdAt', ...traits]);
    const out = lists.open(FILES.optedOut, [...WORD, 'topic', 'state', 'source']);
    const notOut = lists.open(FILES.notOptedOut, WORD);
    const left = lists.open(FILES.leftOut, ['file', 'line', 'reason', 'endpoint']);
    for await (const { file, number, line, said } of endpointsIn(files, 'writing', progress)) {
      report.endpoints += 1;
      if (typeof said === 'string') {
        report.leftOut[said] = (report.leftOut[said] ?? 0) + 1;
        left([file, String(number), said, line]);
        continue;
      }
      report.contacts += 1;
      const who = WHO.map((kind) => said.who[kind] ?? '');
      contacts([...who, known.since(said), ...traits.map((trait) => said.traits[trait] ?? '')]);
      if (!said.word) continue;
      const { channel, isOut, at = '' } = said.word;
      if (isOut) out([...who, channel, at, 'marketing', 'denied', 'Amazon Pinpoint']);
      // A yes of another endpoint must not come after the no of the same address.
      else if (!known.out.has(addressOf(said))) notOut([...who, channel, at]);
      else continue;
      report[isOut ? 'optedOut' : 'notOptedOut'] += 1;
    }
  } finally {
    lists.close();
  }
  return report;
}

type Line = {
  readonly file: string;
  readonly number: number;
  readonly line: string;
  readonly said: ContactRow | LeftOut;
};

async function* endpointsIn(files: readonly string[], task: string, progress: Progress): AsyncGenerator<Line> {
  const sizes = await Promise.all(files.map(async (file) => (await factsOf(file)).size));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  let bytes = 0;
  for (const file of files) {
    let number = 0;
    const count = (n: number): void => {
      bytes += n;
    };
    for await (const lines of readLines(file, count)) {
      for (const line of lines) {
        number += 1;
        if (line.trim() !== '') yield { file, number, line, said: readEndpoint(line) };
      }
      progress.show(task, bytes, total);
    }
  }
}

type Survey = {
  readonly traits: ReadonlySet<string>;
  readonly several: ReadonlySet<string>;
  /** Addresses whose owners wanted no more, by any endpoint. */
  readonly out: ReadonlySet<string>;
  /** When the contact of a row was first known: said in one of their rows, as it makes their registration. */
  readonly since: (row: ContactRow) => string;
};

async function surveyOf(files: readonly string[], progress: Progress): Promise<Survey> {
  const [traits, several, out] = [new Set<string>(), new Set<string>(), new Set<string>()];
  const first = new Map<string, string>();
  let [contacts, endpoints] = [0, 0];
  for await (const { said } of endpointsIn(files, 'reading', progress)) {
    endpoints += 1;
    if (typeof said === 'string') continue;
    contacts += 1;
    for (const trait of Object.keys(said.traits)) traits.add(trait);
    for (const trait of said.several) several.add(trait);
    if (said.word?.isOut) out.add(addressOf(said));
    const before = first.get(nameOf(said));
    if (said.since !== undefined && (before === undefined || said.since < before)) first.set(nameOf(said), said.since);
  }
  if (contacts === 0)
    throw new BadInput(
      `There is no endpoint with an address or a user in ${files.join(', ')}${endpoints === 0 ? ', which holds no line at all' : ''}. What is read is an export of Amazon Pinpoint: a line of JSON for each endpoint, packed by gzip or not.`,
    );
  const since = (row: ContactRow): string => {
    const at = first.get(nameOf(row));
    if (at === undefined || at !== row.since) return '';
    first.delete(nameOf(row));
    return at;
  };
  return { traits, several, out, since };
}

const addressOf = ({ who }: Pick<ContactRow, 'who'>): string =>
  (who['email'] ?? who['phone'] ?? '').trim().toLowerCase();

/** By the user where there is one: their addresses are one contact. */
const nameOf = ({ who }: Pick<ContactRow, 'who'>): string =>
  who['externalId'] === undefined ? `a${addressOf({ who })}` : `u${who['externalId']}`;

/** Files that are written row by row. They hold personal data: nobody else on the machine may read them. */
class Lists {
  readonly #open: number[] = [];
  readonly #folder: string;
  readonly #flag: 'w' | 'wx';
  readonly #written: string[];

  constructor(folder: string, replace: boolean, written: string[]) {
    this.#folder = folder;
    this.#flag = replace ? 'w' : 'wx';
    this.#written = written;
  }

  open(name: string, header: readonly string[]): (row: readonly string[]) => void {
    const path = join(this.#folder, name);
    const file = this.#descriptor(path);
    this.#open.push(file);
    this.#written.push(path);
    const write = (row: readonly string[]): void => void writeSync(file, `${joinRecord(row, ',')}\n`);
    write(header);
    return write;
  }

  close(): void {
    for (const file of this.#open) closeSync(file);
  }

  #descriptor(path: string): number {
    try {
      return openSync(path, this.#flag, 0o600);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      throw new BadInput(`${path} is there already. Name another folder with --to, or replace it with --force.`);
    }
  }
}

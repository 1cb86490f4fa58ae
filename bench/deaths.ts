import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import timers from 'node:timers/promises';
import * as z from 'zod';

const CUSTOMERS = 60;
const rowSchema = z.record(z.string(), z.unknown());
const mailSchema = z.object({ message: z.string(), journey: z.string(), step: z.string() });

/**
 * The laptop is killed at 100 random moments of the sample shop's month, of one shop after the other, and started again on
 * what lies in its file. Each month is held against one that was not disturbed: profiles, mails and counts. Fails when more
 * differs than messages that became `unknown`, at most those in flight, or when a mail went twice.
 */
export const run = (): Promise<object> => died({ kills: 100 });

/** The same of any number. */
export async function died({ kills: wanted }: { readonly kills: number }): Promise<object> {
  const folder = mkdtempSync(join(tmpdir(), 'tropa-bench-'));
  const began = performance.now();
  const all = { bench: 'deaths', customers: CUSTOMERS, kills: 0, shops: 0, mails: 0, unknown: 0, twice: 0, differ: 0 };
  try {
    for (let n = 0; all.kills < wanted; n += 1) {
      const words = ['--seed', `deaths ${Math.random()}`, '--data'];
      const [whole, cut] = [join(folder, `whole${n}`), join(folder, `cut${n}`)];
      const started = performance.now();
      await once(play([...words, whole]), 'exit');
      all.kills += await killNowAndThen([...words, cut], performance.now() - started);
      const found = compare(join(whole, 'tropa.db'), join(cut, 'tropa.db'));
      all.shops += 1;
      for (const name of ['mails', 'unknown', 'twice', 'differ'] as const) all[name] += found[name];
      rmSync(whole, { recursive: true });
      rmSync(cut, { recursive: true });
      process.stderr.write(`\r${all.kills} of ${wanted} kills, ${all.shops} shops`);
    }
    process.stderr.write('\n');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const figures = { ...all, seconds: (performance.now() - began) / 1000 };
  if (all.twice > 0 || all.differ > 0 || all.unknown > all.kills) throw new Error(JSON.stringify(figures));
  return figures;
}

const play = (words: readonly string[]): ChildProcess =>
  spawn(process.execPath, ['apps/local/main.ts', '--once', '--json', '--contacts', String(CUSTOMERS), ...words], {
    stdio: 'ignore',
  });

/** How often it was killed before it came to its end. */
async function killNowAndThen(words: readonly string[], took: number): Promise<number> {
  for (let kills = 0; ; kills += 1) {
    const child = play(words);
    const ended = once(child, 'exit');
    await Promise.race([ended, timers.setTimeout(Math.random() * 0.6 * took)]);
    child.kill('SIGKILL');
    const [, signal] = await ended;
    if (signal !== 'SIGKILL') return kills;
  }
}

type Found = { readonly mails: number; readonly unknown: number; readonly twice: number; readonly differ: number };

/** What differs of two files; not of whom a mail became `unknown`, since their journeys go on otherwise. */
function compare(whole: string, cut: string): Found {
  const [one, other] = [read(whole), read(cut)];
  const isUnclear = (contact: string): boolean => other.unknown.has(contact) && !one.unknown.has(contact);
  const differ = [...new Set([...one.rows.keys(), ...other.rows.keys()])].filter(
    (key) => !isUnclear(contactOf(key)) && !isAlike(one.rows.get(key), other.rows.get(key)),
  );
  for (const key of differ.slice(0, 3)) console.error(key, one.rows.get(key), other.rows.get(key));
  return {
    mails: other.mails.length,
    unknown: [...other.unknown].filter(isUnclear).length,
    twice: other.mails.length - new Set(other.mails).size,
    differ: differ.length,
  };
}

const INSTANT = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;
const SLACK = 1000;

/** The same, but for moments within a second: a mail may get another slot of the rate, and its reader buys as much later. */
function isAlike(one: unknown, other: unknown): boolean {
  if (typeof one === 'string' && typeof other === 'string' && INSTANT.test(one) && INSTANT.test(other))
    return Math.abs(Date.parse(one) - Date.parse(other)) < SLACK;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return one === other;
  const [mine, theirs] = [Object.entries(one), new Map(Object.entries(other))];
  return (
    mine.length === theirs.size && mine.every(([name, value]) => theirs.has(name) && isAlike(value, theirs.get(name)))
  );
}

const contactOf = (key: string): string => key.split(' ')[0] ?? '';

/** What is held against each other: all of a profile, what became of each passage, and of each message. */
const ROWS: Readonly<Record<string, (row: Row) => unknown>> = {
  PROFILE: ({ version: _, rev: __, ...profile }) => profile,
  J: ({ journey, state, outcome, converted }) => ({ journey, state, outcome, converted: converted !== undefined }),
  M: ({ journey, step, state, reason, facts }) => ({
    journey,
    step,
    state,
    reason,
    facts: Object.keys(Object(facts)).sort(),
  }),
};
type Row = Readonly<Record<string, unknown>>;

function read(file: string) {
  const db = new DatabaseSync(file, { readOnly: true });
  const found = db.prepare("SELECT pk, sk, body FROM rows WHERE pk LIKE 'C#%'").all();
  const rows = found.flatMap(({ pk, sk, body }): [string, unknown][] => {
    const what = ROWS[String(sk).split('#')[0] ?? ''];
    return what ? [[`${pk} ${sk}`, what(rowSchema.parse(JSON.parse(String(body))))]] : [];
  });
  const mails = db.prepare('SELECT tags FROM mails').all();
  db.close();
  const unknown = new Set(
    rows.flatMap(([key, row]) => (JSON.stringify(row).includes('"unknown"') ? [contactOf(key)] : [])),
  );
  return {
    rows: new Map(rows),
    unknown,
    mails: mails.map(({ tags }) => mailSchema.parse(JSON.parse(String(tags))).message),
  };
}

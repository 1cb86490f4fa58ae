import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import timers from 'node:timers/promises';
import * as z from 'zod';

const CUSTOMERS = 2000;
const DAYS = 7;
const rowSchema = z.record(z.string(), z.unknown());
const mailSchema = z.object({ message: z.string(), journey: z.string(), step: z.string() });

/**
 * The laptop is killed at 100 random moments of a week of the sample shop, and started again on what lies in its file. The
 * week is held against one that was not disturbed: profiles, passages and mails. Fails when more differs than messages that
 * became `unknown`, at most those in flight, or when a mail went twice.
 */
export const run = (): Promise<object> => died({ kills: 100, customers: CUSTOMERS });

/** The same of any number; where a week ends before so many kills, another shop follows. */
export async function died(size: { readonly kills: number; readonly customers: number }): Promise<object> {
  const folder = mkdtempSync(join(tmpdir(), 'tropa-bench-'));
  const began = performance.now();
  const seeds: string[] = [];
  const all = { kills: 0, mails: 0, converted: 0, unknown: 0, twice: 0, differ: 0 };
  try {
    while (all.kills < size.kills) {
      const seed = `deaths ${Math.random()}`;
      seeds.push(seed);
      const words = ['--contacts', String(size.customers), '--seed', seed, '--data'];
      const [whole, cut] = [join(folder, `whole${seeds.length}`), join(folder, `cut${seeds.length}`)];
      await timeOf([...words, whole]);
      all.kills += await killNowAndThen([...words, cut], await timeOf([...words, whole]), size.kills - all.kills);
      const found = compare(join(whole, 'tropa.db'), join(cut, 'tropa.db'));
      for (const name of ['mails', 'converted', 'unknown', 'twice', 'differ'] as const) all[name] += found[name];
      rmSync(whole, { recursive: true });
      rmSync(cut, { recursive: true });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const seconds = (performance.now() - began) / 1000;
  const figures = { bench: 'deaths', customers: size.customers, days: DAYS, seeds, ...all, seconds };
  if (all.twice > 0 || all.differ > 0 || all.unknown > all.kills) throw new Error(JSON.stringify(figures));
  return figures;
}

const play = (words: readonly string[]): ChildProcess =>
  spawn(process.execPath, ['apps/local/main.ts', '--once', '--json', '--days', String(DAYS), ...words], {
    stdio: 'ignore',
  });

/** Milliseconds. */
async function timeOf(words: readonly string[]): Promise<number> {
  const began = performance.now();
  const [code] = await once(play(words), 'exit');
  if (code !== 0) throw new Error(`the sample shop ended with ${code}`);
  return performance.now() - began;
}

/** A play is written once a second (ADR 0042): whoever lives for less starts where the last life did. */
const WRITTEN = 1000;

/**
 * How often it was killed; at most as often as is wanted, and then it comes to its end. `start` is how long one takes that has
 * nothing left to play, in milliseconds.
 */
async function killNowAndThen(words: readonly string[], start: number, wanted: number): Promise<number> {
  let kills = 0;
  for (; kills < wanted; kills += 1) {
    const child = play(words);
    const ended = once(child, 'exit');
    await Promise.race([ended, timers.setTimeout(Math.random() * 2 * (start + WRITTEN))]);
    child.kill('SIGKILL');
    const [, signal] = await ended;
    if (signal !== 'SIGKILL') return kills;
    process.stderr.write(`\r${kills + 1} of ${wanted} kills`);
  }
  process.stderr.write('\n');
  await timeOf(words);
  return kills;
}

type Found = {
  readonly mails: number;
  readonly converted: number;
  readonly unknown: number;
  readonly twice: number;
  readonly differ: number;
};

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
    converted: [...other.rows.values()].filter((row) => Object(row).converted === true).length,
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

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { playFile, plays } from '#apps/cli/backtest/play.ts';
import { prepareFrom } from '#apps/cli/backtest/prepare-from.ts';
import { contactsIn } from '#apps/cli/backtest/prepared.ts';
import { journeyOf, loadShop } from '#apps/cli/backtest/shop.ts';
import { BadInput } from '#apps/cli/bad-input.ts';
import { EXAMPLES } from '#apps/local/folder.ts';
import { play } from '#apps/local/play.ts';
import { openRuntime } from '#apps/local/runtime.ts';
import type { Enrolment } from '#shared/enrolment/enrolment.ts';
import type { Event } from '#shared/event/event.ts';
import type { Message } from '#shared/message/message.ts';
import { readEnrolment } from '#shared/store/enrolments.ts';
import { enrolmentRange } from '#shared/store/keys.ts';
import { loadMessages } from '#shared/store/messages.ts';
import type { Table } from '#shared/store/table.ts';
import { plusMillis, toMillis } from '#shared/time/instant.ts';

const silent = { show: () => {}, stop: () => {} };
const NOW = '2026-11-01T00:00:00.000Z';

/** A summer of forty customers; some buy weekly, some twice. The same in each run. */
function invoices(): string {
  let state = 7;
  const dice = (): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  const lines = ['InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country'];
  for (let i = 0; i < 260; i += 1) {
    const at = plusMillis('2025-01-06T07:30:00.000Z', (i / 260 + dice() / 200) * 80 * 86_400_000).slice(0, 16);
    const cancels = i > 20 && dice() < 0.1;
    const customer = 100 + Math.floor(dice() ** 2 * 40);
    lines.push(
      `${cancels ? 'C' : ''}${5000 + i},A,CUP,${cancels ? -1 : 1 + (i % 5)},${at}:00,${i % 9}.${11 + (i % 83)},${customer},Poland`,
    );
  }
  return lines.join('\n');
}

/**
 * Something of everything that time and chance decide: windows, caps, quiet times, arms, a control group, repetition.
 * Nothing may hang on a second, which queues take and a back-test does not: hence the 50 hours.
 */
const MIXED = {
  ...{ id: 'mixed', name: 'Mixed', status: 'live', topic: 'offers' },
  trigger: { type: 'event', event: 'purchase', quietFor: 'P9D' },
  entry: { again: { after: 'P12D', atMost: 6 }, holdout: 15 },
  goal: { if: { event: 'purchase', where: { data: 'total', gte: 4 } }, window: 'P40D', leave: false, value: 'total' },
  exits: [{ if: { event: 'order.cancelled' }, outcome: 'cancelled' }],
  caps: [{ count: 2, per: 'P7D' }],
  quiet: [{ from: '21:00', to: '08:00' }],
  steps: [
    { type: 'send', id: 'first', template: 'win-back-hello', data: { customer: 'occasional' } },
    {
      ...{ type: 'split', id: 'test' },
      arms: [
        {
          name: 'slow',
          weight: 50,
          steps: [{ type: 'wait', id: 'slow', for: 'P3D', until: { days: ['mon', 'fri'] } }],
        },
        { name: 'quick', weight: 50, steps: [{ type: 'wait', id: 'quick', for: 'P1D' }] },
      ],
    },
    {
      ...{ type: 'repeat', id: 'again', times: 4, until: { event: 'purchase', since: 'entry' } },
      steps: [
        { type: 'send', id: 'more', template: 'win-back-last', when: { from: '18:00', to: '22:00' }, expires: 'PT50H' },
        { type: 'wait', id: 'rest', for: 'P2D' },
      ],
    },
    { type: 'update', id: 'mark', tag: ['asked'] },
  ],
};

const passagesIn = async (table: Table, contact: string, journey: string): Promise<Enrolment[]> =>
  (await table.query(enrolmentRange(contact, journey))).flatMap((row) => readEnrolment(row) ?? []);

type Told = { readonly what: object; readonly times: readonly (string | undefined)[] };

const passageOf = ({ key, n, state, outcome, trigger, entered, ended, converted }: Enrolment): Told => ({
  what: { key, n, state, outcome, trigger: trigger.event },
  times: [entered, ended, converted?.at],
});
const messageOf = ({ id, key, step, visit, reason, facts: { sent } }: Message): Told => ({
  what: { id, key, step, visit, reason },
  times: [sent],
});
const byId = (list: readonly Message[]): Message[] => list.toSorted((a, b) => (a.id < b.id ? -1 : 1));
const byEntry = (list: readonly Enrolment[]): Enrolment[] =>
  list.toSorted((a, b) => (`${a.key}#${a.n}` < `${b.key}#${b.n}` ? -1 : 1));

/** Between functions lie queues, the sending rate and a sweep each minute: times may differ by that. */
const MINUTES = 3 * 60_000;

function expectAlike(ours: readonly Told[], theirs: readonly Told[]): void {
  expect(ours.map(({ what }) => what)).toEqual(theirs.map(({ what }) => what));
  for (const [i, { times, what }] of ours.entries())
    for (const [k, time] of times.entries()) {
      const other = theirs[i]?.times[k];
      expect(time === undefined, JSON.stringify(what)).toBe(other === undefined);
      if (time !== undefined && other !== undefined)
        expect(Math.abs(toMillis(time) - toMillis(other)), JSON.stringify(what)).toBeLessThan(MINUTES);
    }
}

describe('a back-test', () => {
  const dir = mkdtempSync(join(tmpdir(), 'tropa-test-'));
  afterAll(() => rmSync(dir, { recursive: true }));

  async function prepared(id: string, more?: object) {
    const folder = join(dir, id);
    cpSync(EXAMPLES, folder, {
      recursive: true,
      // One journey, without the tests of others.
      filter: (file) =>
        !/journeys|tests/.test(file.slice(EXAMPLES.length)) || file.endsWith('journeys') || file.endsWith(`${id}.json`),
    });
    if (more) writeFileSync(join(folder, `journeys/${id}.json`), JSON.stringify(more));
    writeFileSync(join(folder, 'invoices.csv'), invoices());
    const shop = await loadShop(folder, NOW);
    const file = join(folder, 'events.jsonl');
    const from = { source: 'online-retail' as const, files: [join(folder, 'invoices.csv')], to: file };
    const topics = Object.keys(shop.settings.topics);
    const head = await prepareFrom({ ...from, topics, rejectedFile: join(folder, 'rejected.jsonl') }, silent);
    return { folder, request: { shop, journey: journeyOf(shop, id), file, head } };
  }

  async function both(id: string, more?: object) {
    const { folder, request } = await prepared(id, more);
    const { file, head } = request;
    return {
      request,
      counts: await playFile(request, silent),
      local: await playedLocally(folder, file, head.first, head.last),
    };
  }

  /** The same events through all functions, in order of time, as `tropa replay` plays them. */
  async function playedLocally(folder: string, file: string, first: string, until: string) {
    const events: Event[] = [];
    for await (const own of contactsIn(file)) events.push(...own.map(({ contact: _, ...event }) => event));
    events.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
    const start = plusMillis(first, -60_000);
    const runtime = openRuntime({
      start,
      eventDays: 400,
      mailsPerSecond: 100,
      publicUrl: 'http://localhost',
      dry: true,
    });
    runtime.upload(folder);
    await runtime.drive(plusMillis(start, 30_000));
    const arrivals = events.map((detail, i) => ({ sequence: i + 1, at: detail.at, detail, type: detail.type }));
    await play(runtime, arrivals, { name: 'parity', until });
    return runtime;
  }

  it.each([
    ['after-purchase', undefined],
    ['win-back', undefined],
    ['mixed', MIXED],
  ])('of %s has the passages and mails that all functions together have', async (id, more) => {
    const { request, counts, local } = await both(id, more);
    let [passages, mails] = [0, 0];
    for await (const {
      play: { profile, passages: own, messages },
    } of plays(request)) {
      const contact = profile?.contact ?? '';
      expectAlike(byEntry(own).map(passageOf), byEntry(await passagesIn(local.table, contact, id)).map(passageOf));
      expectAlike(byId(messages).map(messageOf), byId(await loadMessages(local.table, [contact])).map(messageOf));
      passages += own.length;
      mails += messages.filter(({ facts }) => facts.sent !== undefined).length;
    }
    local.close();
    expect(counts).toMatchObject({ entries: passages, contacts: request.head.contacts });
    expect(counts.mails.sent).toBe(mails);
    expect(passages).toBeGreaterThan(20);
    expect(mails).toBeGreaterThan(30);
  });

  it('counts the same, to the last digit of a value, in however many threads', async () => {
    const { request } = await prepared('mixed', MIXED);
    const alone = await playFile(request, silent, 1);
    expect(alone.goal.value).toBeGreaterThan(0);
    expect(alone.mails.sent).toBeGreaterThan(30);
    for (const threads of [2, 3]) expect(await playFile(request, silent, threads)).toEqual(alone);
  });

  it('tells what is wrong with a file, whichever thread finds it', async () => {
    const { request } = await prepared('win-back');
    const lines = readFileSync(request.file, 'utf8').trimEnd().split('\n');
    const names = [...new Set(lines.slice(1).map((line) => JSON.parse(line).contact))];
    const faulty = lines.findIndex((line) => JSON.parse(line).contact === names[1]);
    const file = join(dir, 'faulty.jsonl');
    writeFileSync(file, lines.map((line, i) => (i === faulty ? line.replace('"at":"', '"at":"x') : line)).join('\n'));
    for (const threads of [1, 2])
      await expect(playFile({ ...request, file }, silent, threads)).rejects.toThrow(`Line ${faulty + 1} of "faulty`);
    writeFileSync(file, lines.slice(0, -1).join('\n'));
    await expect(playFile({ ...request, file }, silent, 2)).rejects.toThrow(BadInput);
  });
});

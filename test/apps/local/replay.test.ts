import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ReplayRequest } from '#apps/cli/commands/replay.ts';
import { runReplay } from '#apps/local/replay.ts';
import type { Summary } from '#apps/local/summary.ts';

const HEAD = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';
const LINES = [
  '1001,A,Cup,2,2011-01-10 09:00:00,3.50,501.0,United Kingdom',
  '1001,B,Pot,1,2011-01-10 09:00:00,9.00,501.0,United Kingdom',
  '1002,A,Cup,1,2011-01-11 10:00:00,3.50,,France',
  '1003,C,Tray,4,2011-01-12 12:00:00,2.25,502.0,France',
  'C1004,A,Cup,-1,2011-01-14 12:00:00,3.50,501.0,United Kingdom',
  '1005,B,Pot,1,2011-03-20 15:00:00,9.00,501.0,United Kingdom',
];

const silent = { show: () => {}, stop: () => {} };

describe('a replay', () => {
  let dir = '';
  let request: ReplayRequest;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'tropa-test-'));
    const file = join(dir, 'orders.csv');
    writeFileSync(file, [HEAD, ...LINES].join('\n'));
    request = {
      source: 'online-retail',
      files: [file],
      data: join(dir, 'state'),
      rejectedFile: join(dir, 'rejected.jsonl'),
      dry: false,
    };
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const replay = async (more: Partial<ReplayRequest> = {}): Promise<Summary> =>
    (await runReplay({ ...request, ...more }, silent)).json as Summary;

  const sumOf = (counts: Readonly<Record<string, number>>) => Object.values(counts).reduce((a, b) => a + b, 0);

  it('adds up: rows, events and passages', async () => {
    const { rows, events, contacts, journeys } = await replay();
    expect(rows).toEqual({ read: 6, used: 5, rejected: { 'no-customer': 1 } });
    expect(events).toEqual({
      derived: 18,
      recorded: 18,
      duplicates: 0,
      parked: 0,
      deadLetters: 0,
      // The journey that asks for a confirmation listens to what somebody agrees to.
      byType: { 'order.cancelled': 1, purchase: 3, registration: 2, subscribed: 12 },
    });
    expect(contacts).toBe(2);
    expect(journeys['after-purchase']?.entries).toBe(3);
    expect(journeys['after-purchase']?.messages['thanks']?.sent).toBe(3);
    expect(journeys['welcome']).toMatchObject({ converted: 2, reached: 2, heldReached: 0 });
    for (const { entries, inside, held, converted, finished, exited } of Object.values(journeys))
      expect(inside + held + converted + finished + sumOf(exited)).toBe(entries);
  });

  it('played twice into the same data records nothing anew', async () => {
    const first = await replay();
    const second = await replay();
    expect(second.events).toMatchObject({ derived: 18, recorded: 0, duplicates: 18, parked: 0 });
    expect(second.contacts).toBe(first.contacts);
    expect(second.journeys).toEqual(first.journeys);
  });

  it('cut short by --until goes on from there, and ends as one that was not', async () => {
    await replay({ until: '2011-01-13T00:00:00.000Z' });
    const rest = await replay();
    const whole = await replay({ data: join(dir, 'other') });
    expect(rest.events).toEqual(whole.events);
    expect(rest.journeys).toEqual(whole.journeys);
  });

  it('dry, decides and counts the same mails', async () => {
    const rendered = await replay({ data: undefined });
    const dry = await replay({ data: undefined, dry: true });
    expect(dry.journeys).toEqual(rendered.journeys);
  });

  it('extended by --until lets time go on after the last row', async () => {
    const { journeys } = await replay({ data: undefined, until: '2011-06-30T00:00:00.000Z' });
    expect(journeys['after-purchase']?.inside).toBe(0);
    expect(journeys['win-back']?.entries).toBeGreaterThan(0);
  });
});

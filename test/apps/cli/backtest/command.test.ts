import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runBacktest } from '#apps/cli/backtest/run.ts';
import { backtestCommand } from '#apps/cli/commands/backtest.ts';
import { EXAMPLES } from '#apps/local/folder.ts';

const HEAD = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';
const LINES = [
  '1001,A,Cup,2,2011-01-10 09:00:00,3.50,501.0,United Kingdom',
  '1003,C,Tray,4,2011-01-12 12:00:00,2.25,502.0,France',
  '1005,B,Pot,1,2011-02-10 15:00:00,9.00,501.0,United Kingdom',
  '1006,B,Pot,1,2011-03-20 15:00:00,9.00,502.0,France',
];

describe('tropa backtest', () => {
  let dir = '';
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'tropa-test-'));
    writeFileSync(join(dir, 'orders.csv'), [HEAD, ...LINES].join('\n'));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const at = (name: string): string => join(dir, name);

  async function backtest(...words: string[]): Promise<{ out: string; err: string }> {
    const [out, err] = [new PassThrough(), new PassThrough()];
    const command = backtestCommand((request, progress) => runBacktest(request, progress, '2026-11-01T00:00:00.000Z'), {
      out,
      err,
    });
    await command.parseAsync([...words, '--rejected', at('rejected.jsonl')], { from: 'user' });
    return { out: String(out.read() ?? ''), err: String(err.read() ?? '') };
  }

  it('says who would have entered and what they would have got', async () => {
    const { out } = await backtest('win-back', '--from', at('orders.csv'), '--source', 'online-retail');
    expect(out).toContain('Win back: 6 events of 2 contacts, 2011-01-10 to 2011-03-20');
    expect(out).toContain('Entered    2 times, 2 contacts');
    expect(out).toContain('Goals are those of the past');
  });

  it('from a file that it has prepared says the same', async () => {
    const from = ['win-back', '--json', '--from'];
    const { out } = await backtest(...from, at('orders.csv'), '--source', 'online-retail', '--prepare', at('p.jsonl'));
    const again = await backtest(...from, at('p.jsonl'));
    expect(JSON.parse(again.out)).toEqual(JSON.parse(out));
    expect(JSON.parse(out)).toMatchObject({
      ...{ journey: 'win-back', contacts: 2, events: 6, entries: 2, entrants: 2 },
      refused: { again: 1 },
      outcomes: { converted: 1, 'let-go': 1 },
      mails: { sent: 3, perContact: { 1: 1, 2: 1 } },
      goal: { reached: 1, value: 9, beforeAnyMail: 0 },
    });
  });

  it('draws a chart that stands alone, as wide as a phone, by day and by night', async () => {
    await backtest('win-back', '--from', at('orders.csv'), '--source', 'online-retail', '--chart', at('c.svg'));
    const svg = readFileSync(at('c.svg'), 'utf8');
    expect(svg).toMatch(/^<svg .*width="360"/);
    expect(svg).toContain('prefers-color-scheme:dark');
    expect(svg).not.toMatch(/NaN|undefined|<script|href/);
    expect(svg).toContain('aria-label="2 mails: 1"');
  });

  it('refuses a folder that publish would refuse, and a journey that is not there', async () => {
    cpSync(EXAMPLES, at('shop'), { recursive: true });
    const rest = ['--folder', at('shop'), '--from', at('orders.csv'), '--source', 'online-retail'];
    await expect(backtest('nobody', ...rest)).rejects.toThrow(
      'There is no journey "nobody" in the folder. There are: ',
    );
    writeFileSync(at('shop/journeys/win-back.json'), '{ "id": "win-back" }');
    await expect(backtest('win-back', ...rest)).rejects.toThrow('journeys/win-back.json   NOT TO BE PUBLISHED');
    expect(existsSync(at('p.jsonl'))).toBe(false);
  });

  it('says when the events were prepared without a topic of the shop', async () => {
    cpSync(EXAMPLES, at('shop'), { recursive: true });
    const rest = ['--folder', at('shop'), '--from'];
    await backtest('win-back', ...rest, at('orders.csv'), '--source', 'online-retail', '--prepare', at('p.jsonl'));
    const settings = readFileSync(at('shop/settings.json'), 'utf8');
    writeFileSync(
      at('shop/settings.json'),
      settings.replace('"topics": {', '"topics": { "tea": { "kind": "marketing" },'),
    );
    expect((await backtest('win-back', ...rest, at('p.jsonl'))).out).toContain('Nobody has consented to "tea"');
  });
});

const DOC = readFileSync(join(import.meta.dirname, '../../../../docs/backtest.md'), 'utf8');

describe('docs/backtest.md', () => {
  it('has an example that runs as it says', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'tropa-test-'));
    const [, events = ''] = /```jsonl events\.jsonl\n([\s\S]*?)```/.exec(DOC) ?? [];
    const [, journey = ''] = /npx tropa backtest (\w+) --from events\.jsonl`/.exec(DOC) ?? [];
    writeFileSync(join(dir, 'events.jsonl'), events);
    const from = [join(dir, 'events.jsonl')];
    const request = { journey, from, source: 'events' as const, rejected: join(dir, 'rejected.jsonl') };
    const { json } = await runBacktest(request, { show: () => {}, stop: () => {} }, '2026-11-01T00:00:00.000Z');
    rmSync(dir, { recursive: true });
    expect(json).toMatchObject({
      ...{ contacts: 2, events: 4, rows: { used: 4, rejected: {} } },
      ...{ entries: 1, outcomes: { converted: 1 }, refused: { condition: 1 } },
    });
  });
});

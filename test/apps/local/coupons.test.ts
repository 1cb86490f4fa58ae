import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkFolder } from '#apps/cli/validate/check-folder.ts';
import { openRuntime, type Runtime } from '#apps/local/runtime.ts';
import { filesOf } from '#apps/local/shop-files.ts';
import { loadShopCounts } from '#apps/local/summary.ts';
import { SOURCE } from '#shared/event/put.ts';
import { print, type Report } from '#shared/publish/print.ts';
import { poolCounts } from '#shared/store/code-counts.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { consent, event } from '#test/build/event.ts';

const START = '2026-03-02T10:00:00.000Z';
const HOUR = 3_600_000;
const GUIDE = readFileSync(new URL('../../../docs/coupons.md', import.meta.url), 'utf8');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tropa-coupons-'));
  for (const [, path = '', body = ''] of GUIDE.matchAll(/^```\w+ (\S+)\n(.*?)^```$/gms)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), body);
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

const mailsIn = ({ db }: Runtime) =>
  db.prepare('SELECT to_address AS "to", step, subject FROM mails ORDER BY id').all() as {
    to: string;
    step: string;
    subject: string;
  }[];

describe('the example of docs/coupons.md', () => {
  it('has no fault', async () => {
    const reports = await checkFolder(filesOf(folder), START);
    expect(reports.flatMap(({ file, remarks }) => remarks.map(({ code }) => `${file} ${code}`))).toEqual([]);
    expect(reports).toHaveLength(4);
  });

  it('gives each of three customers a code of their own, the fourth none, and a used one never again', async () => {
    const reports: Report[] = [];
    const runtime = openRuntime({
      start: START,
      eventDays: 400,
      mailsPerSecond: 10,
      publicUrl: 'http://shop.localhost',
      told: { published: (report) => void reports.push(report) },
    });
    runtime.upload(folder);
    await runtime.drive(plusMillis(START, 60_000));
    expect(reports.map(print)).toContain('pools/cart-10.csv   PUBLISHED. 3 codes are new.\n');
    for (const name of ['ann', 'bob', 'eva', 'dan']) {
      const cart = event('cart.updated', {
        at: runtime.clock.now(),
        identities: { email: `${name}@shop.example` },
        consents: [consent('offers', START)],
      });
      await runtime.bus.put([{ source: SOURCE, detailType: cart.type, detail: cart }]);
    }
    await runtime.drive(plusMillis(START, 3 * HOUR));
    const mails = mailsIn(runtime);
    expect(mails).toHaveLength(3);
    expect(new Set(mails.map(({ subject }) => subject))).toEqual(
      new Set(['CART-7QX2-MK', 'CART-3FWA-Z9', 'CART-P4TD-6H'].map((code) => `Your code: ${code}`)),
    );
    const [{ to, subject } = { to: '', subject: '' }] = mails;
    const buy = event('purchase', {
      at: runtime.clock.now(),
      identities: { email: to },
      data: { coupon: subject.slice('Your code: '.length) },
    });
    await runtime.bus.put([{ source: SOURCE, detailType: buy.type, detail: buy }]);
    await runtime.drive(plusMillis(START, 10 * 24 * HOUR));
    await runtime.rhythm.settle();
    expect(poolCounts(await loadShopCounts(runtime.table))).toEqual({ 'cart-10': { left: 0, given: 3, used: 1 } });
    // Who bought is told no more of the code; the others are, two days before it ends.
    expect(mailsIn(runtime).filter(({ step }) => step === 'last-call')).toHaveLength(2);
    expect(runtime.counters.get('PoolEmpty')).toBe(1);
    runtime.close();
  });
});

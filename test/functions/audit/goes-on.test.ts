import { describe, expect, it } from 'vitest';
import type { Runtime } from '#apps/local/runtime.ts';
import { entryOf } from '#shared/event/put.ts';
import { loadCounts } from '#shared/store/counters.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { event } from '#test/build/event.ts';
import { send, wait, waitFor } from '#test/build/journey.ts';
import { at, auditDay, damage, laptop, losing, mails, START } from './laptop.ts';
import { MINUTE } from './story.ts';

const NOT_DUE = { remove: [['duePk'], ['due']] } as const;
const paid = waitFor('paid', { event: 'purchase' }, { upTo: 'P30D', then: [send('thanks')] });
const buys = (runtime: Runtime) => runtime.bus.put([entryOf(event('purchase', { at: runtime.clock.now() }))]);

describe('on a laptop, what the audit has mended goes on to its end', () => {
  it('a passage that never began, and that nobody would look for', async () => {
    const { wrap, mend } = losing('start');
    const runtime = await laptop([send('hello')], wrap);
    await runtime.drive(plusMillis(START, MINUTE));
    mend();
    await damage(runtime, 'J#%', NOT_DUE);
    await runtime.drive(at(1));
    expect(mails(runtime)).toBe(0);
    expect(await auditDay(runtime)).toEqual({ found: { unwatched: 1 }, mended: { unwatched: 1 } });
    await runtime.drive(at(3));
    expect(mails(runtime)).toBe(1);
    runtime.close();
  });

  it('a mail whose hint was lost, and that nobody would look at', async () => {
    const { wrap, mend } = losing('hint');
    const runtime = await laptop([send('hello', { expires: 'P7D' })], wrap);
    await runtime.drive(plusMillis(START, MINUTE));
    mend();
    await damage(runtime, 'M#%', NOT_DUE);
    await runtime.drive(at(1));
    expect(mails(runtime)).toBe(0);
    expect(await auditDay(runtime)).toEqual({ found: { unsent: 1 }, mended: { unsent: 1 } });
    await runtime.drive(at(3));
    expect(mails(runtime)).toBe(1);
    runtime.close();
  });

  it('a purchase that was heard, and woke nobody', async () => {
    const { wrap, mend } = losing('succeed');
    const runtime = await laptop([paid], wrap);
    await runtime.drive(at(1));
    await buys(runtime);
    await runtime.drive(at(2));
    mend();
    expect(mails(runtime)).toBe(0);
    expect(await auditDay(runtime)).toEqual({ found: { unheard: 1 }, mended: { unheard: 1 } });
    await runtime.drive(at(4));
    expect(mails(runtime)).toBe(1);
    runtime.close();
  });

  it('a pause without a token, and a profile that has forgotten the passage: it hears of the purchase', async () => {
    const runtime = await laptop([paid]);
    await runtime.drive(at(1));
    await damage(runtime, 'J#%', { remove: [['token']] });
    await damage(runtime, 'PROFILE', { set: [[['inside'], {}]] });
    const both = { tokenless: 1, misnamed: 1 };
    expect(await auditDay(runtime)).toEqual({ found: both, mended: both });
    await runtime.drive(at(3));
    await buys(runtime);
    await runtime.drive(at(4));
    expect(mails(runtime)).toBe(1);
    runtime.close();
  });

  it('a shop in which nothing was damaged, in which it finds nothing', async () => {
    const runtime = await laptop([send('hello'), wait('long', 'P10D'), send('thanks')]);
    for (let day = 0; day < 12; day += 1) expect(await auditDay(runtime)).toEqual({ found: {}, mended: {} });
    expect(mails(runtime)).toBe(2);
    runtime.close();
  });
});

describe('a counter that is not what the rows say', () => {
  it.each([
    ['inside', 1],
    ['inside', -1],
    ['at/long', 2],
    ['at/long', -2],
    ['entries', -1],
    ['messages/hello/sent', -1],
  ])('%s by %d: two rounds see it, and the second puts it right', async (counter, by) => {
    const runtime = await laptop([send('hello'), wait('long', 'P30D')]);
    await runtime.drive(at(3));
    await runtime.rhythm.settle();
    const counts = () => loadCounts(runtime.table, 'cart', 1);
    const right = await counts();
    const [row] = runtime.db.prepare("SELECT pk, sk FROM rows WHERE pk LIKE 'K#cart#%'").all();
    const key = { pk: String(row?.['pk']), sk: String(row?.['sk']) };
    await runtime.table.write({ kind: 'update', key, change: { add: [[[`c:${counter}`], by]] } });
    expect(await counts()).not.toEqual(right);
    expect(await auditDay(runtime)).toEqual({ found: {}, mended: {} });
    expect(await auditDay(runtime)).toEqual({ found: { miscounted: 1 }, mended: { miscounted: 1 } });
    expect(await counts()).toEqual(right);
    expect(await auditDay(runtime)).toEqual({ found: {}, mended: {} });
    runtime.close();
  });
});

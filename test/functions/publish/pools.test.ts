import { beforeEach, describe, expect, it } from 'vitest';
import { publish } from '#functions/publish/publish.ts';
import { findFreeCode } from '#shared/store/codes.ts';
import { journey, send } from '#test/build/journey.ts';
import { PublishingShop, shopFile, templateFile } from '#test/build/publishing.ts';
import { Crash, FaultyTable } from '#test/faults/table.ts';

const KEY = 'pools/cart-10.csv';
const many = (n: number) => Array.from({ length: n }, (_, i) => `CODE-${i}`).join('\n');
const offers = { topics: { offers: { kind: 'marketing' } } } as const;
const giving = journey({
  entry: { if: { consent: 'offers' } },
  goal: { if: { event: 'purchase' } },
  steps: [{ type: 'coupon', id: 'code', pool: 'cart-10', otherwise: [{ type: 'end', id: 'none' }] }, send('offer')],
});

let shop: PublishingShop;
beforeEach(async () => {
  shop = new PublishingShop();
  await shop.put('settings.json', shopFile(offers));
});
const line = async (key = KEY) => (await shop.report(key)).split('\n')[0];

describe('a file of codes', () => {
  it('says how many are new, were there, and were left out', async () => {
    await shop.put(KEY, 'code\nA\nB\n');
    expect(await line()).toBe(`${KEY}   PUBLISHED. 2 codes are new.`);
    await shop.put(KEY, 'code\nA\nB\nC\nD D\n');
    expect(await shop.report(KEY)).toBe(
      `${KEY}   PUBLISHED: 1 warning. 1 code is new, 2 were there already, 1 line left out.\n` +
        '  5:1  W55  "D D" has a space or an unprintable sign in it. This line is left out.\n',
    );
  });

  it('is not even read when S3 says that it is too long', async () => {
    await shop.put(KEY, 'code\nA\n');
    const { detail } = shop.upload(KEY, 'code\nB\n');
    shop.shop.bucket.get = () => Promise.reject(new Error('read'));
    const size = 8 * 1024 * 1024 + 1;
    const report = await publish({ detail: { object: { ...detail.object, size } } }, shop.deps);
    expect(report).toMatchObject({ live: true, remarks: [{ message: expect.stringContaining('at most 8 MB') }] });
    await expect(publish({ detail: { object: { ...detail.object, size: 9 } } }, shop.deps)).rejects.toThrow('read');
  });

  it('is refused as a whole when it is none, and adds nothing', async () => {
    await shop.put(KEY, 'name,price,shop\na,b,c\n');
    expect(await line()).toBe(`${KEY}   NOT PUBLISHED: 1 error. Nothing of it is live.`);
    expect(await findFreeCode(shop.shop.table, 'cart-10', 'x')).toBeUndefined();
  });

  it('makes the pool known: a journey that has waited for it goes live', async () => {
    await shop.put('templates/hello/email.mjml', templateFile());
    await shop.put('journeys/cart.json', giving);
    expect(await shop.report('journeys/cart.json')).toContain('E15  There is no pool "cart-10".');
    expect(await shop.live()).toBeUndefined();
    await shop.put(KEY, 'A\nB\n');
    expect(await shop.live()).toMatchObject({ version: 1 });
  });

  it('of 12,000 codes is taken in portions, each of which may come twice', async () => {
    const notice = shop.upload(KEY, many(12_000));
    expect(await publish(notice, shop.deps)).toBeUndefined();
    const [second] = shop.again.take();
    expect(second).toMatchObject({ portion: { from: 5000, added: 5000 } });
    await publish(second, shop.deps);
    const [third] = shop.again.take();
    expect(await publish(second, shop.deps)).toBeUndefined();
    expect(shop.again.take()).toEqual([third]);
    await publish(third, shop.deps);
    expect(await line()).toBe(`${KEY}   PUBLISHED. 12,000 codes are new.`);
    await publish(third, shop.deps);
    expect(await line()).toBe(`${KEY}   PUBLISHED. 12,000 codes are new.`);
    await shop.publish(notice);
    expect(await line()).toBe(`${KEY}   PUBLISHED. 12,000 codes are new.`);
    await shop.put(KEY, `${many(12_000)}\nONE-MORE`);
    expect(await line()).toBe(`${KEY}   PUBLISHED. 1 code is new, 12,000 were there already.`);
  }, 60_000);

  it('goes on where its earlier portions have come to, and tells of all of them at the end', async () => {
    const { detail } = shop.upload(KEY, 'code\nA\nB\nC\nD\n');
    const { key, sequencer, 'version-id': versionId } = detail.object;
    const portion = { key, sequencer: sequencer.padEnd(32, '0'), versionId, from: 2, added: 1 };
    await publish({ portion }, shop.deps);
    expect(await line()).toBe(`${KEY}   PUBLISHED. 3 codes are new, 1 was there already.`);
    const codes = shop.shop.scan().flatMap(({ pk, code }) => (pk.startsWith('U#') ? [code] : []));
    expect(codes.sort()).toEqual(['C', 'D']);
    expect(shop.again.take()).toEqual([]);
  });

  it('is taken up to its 5000th code by a call, and known to journeys with the last', async () => {
    expect(await publish(shop.upload(KEY, many(5001)), shop.deps)).toBeUndefined();
    expect(await line()).toBe('');
    const [rest, ...more] = shop.again.take();
    expect(rest).toMatchObject({ portion: { key: KEY, from: 5000, added: 5000 } });
    const pools = async () => {
      shop.deps.published.refresh();
      return shop.deps.published.pools();
    };
    expect([more, await pools()]).toEqual([[], []]);
    await publish(rest, shop.deps);
    expect(await pools()).toEqual(['cart-10']);
    expect(await line()).toBe(`${KEY}   PUBLISHED. 5,001 codes are new.`);
  });

  it('is whole, and counted right, wherever it was cut off', async () => {
    const counting = new FaultyTable(shop.shop.table, () => undefined);
    await shop.publish(shop.upload('pools/first.csv', many(130)), { table: counting });
    const writes = counting.calls.filter(({ write }) => write !== undefined).length;
    for (let n = 1; n <= writes; n += 1) {
      for (const fault of ['crash-before', 'crash-after'] as const) {
        const key = `pools/p${n}-${fault}.csv`;
        const notice = shop.upload(key, many(130));
        const table = new FaultyTable(shop.shop.table, ({ write }) => (write === n ? fault : undefined));
        await expect(publish(notice, { ...shop.deps, table })).rejects.toThrow(Crash);
        await shop.publish(notice);
        expect(await line(key)).toBe(`${key}   PUBLISHED. 130 codes are new.`);
      }
    }
  }, 60_000);

  it('may be published by two workers at once', async () => {
    const notice = shop.upload(KEY, many(300));
    await Promise.all([shop.publish(notice), shop.publish(notice)]);
    expect(await line()).toBe(`${KEY}   PUBLISHED. 300 codes are new.`);
  });
});

describe('a pool', () => {
  it('takes the last day of a code by the clock of the shop', async () => {
    const until = async () => shop.shop.scan().flatMap(({ pk, until }) => (pk.startsWith('U#') ? [until] : []))[0];
    await shop.put('settings.json', shopFile({ ...offers, shop: { timeZone: 'America/New_York' } }));
    await shop.put(KEY, 'code,expires\nA,2027-05-01\n');
    expect(await until()).toBe('2027-05-02T04:00:00.000Z');
  });

  it('is known once, however many files of codes it has, and may come before the settings', async () => {
    const fresh = new PublishingShop();
    for (const codes of ['A\n', 'B\n']) await fresh.put(KEY, codes);
    await fresh.put('pools/a.csv', 'A\n');
    fresh.deps.published.refresh();
    expect(await fresh.deps.published.pools()).toEqual(['a', 'cart-10']);
  });

  it('is nearly empty when it has fewer codes than "low" says', async () => {
    const pools = { 'cart-10': { low: 5 } };
    await shop.put('settings.json', shopFile({ ...offers, pools }));
    await shop.put('templates/hello/email.mjml', templateFile());
    await shop.put(KEY, many(3));
    await shop.shop.table.write({
      kind: 'update',
      key: { pk: 'K#_shop#0', sk: 'shard' },
      change: { add: [[['c:codes/cart-10/left'], 3]] },
    });
    await shop.put('journeys/cart.json', giving);
    expect(await shop.report('journeys/cart.json')).toContain('W16  "cart-10" has 3 codes, fewer than the 5 of "low".');
  });

  it('has the name of its file, whatever the settings say', async () => {
    await shop.put('settings.json', shopFile({ ...offers, pools: { 'cart-10': { codes: 'pools/other.csv' } } }));
    expect(await shop.report('settings.json')).toContain('The codes of the pool "cart-10" lie in "pools/cart-10.csv".');
  });
});

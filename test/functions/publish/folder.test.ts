import { describe, expect, it } from 'vitest';
import { publish } from '#functions/publish/publish.ts';
import { journey, send, wait } from '#test/build/journey.ts';
import { type Notice, PublishingShop, shopFile, templateFile } from '#test/build/publishing.ts';

const sending = (n: number) =>
  journey({
    id: `j${n}`,
    entry: { if: { consent: 'offers' } },
    goal: { if: { event: 'purchase' } },
    steps: [send('a', { template: `t${2 * n}` }), wait('w'), send('b', { template: `t${2 * n + 1}` })],
  });

/** A folder of which publish is told in the worst order: settings last. */
function folder(shop: PublishingShop, journeys: number): Notice[] {
  const numbers = (count: number) => Array.from({ length: count }, (_, n) => n);
  return [
    ...numbers(journeys).map((n) => shop.upload(`journeys/j${n}.json`, sending(n))),
    ...numbers(2 * journeys).map((n) => shop.upload(`templates/t${n}/email.mjml`, templateFile())),
    shop.upload('settings.json', shopFile()),
  ];
}

describe('a folder that is uploaded at once, settings last', () => {
  it('is tried again file by file, so that the work grows with the folder and not with its square', async () => {
    const shop = new PublishingShop();
    const notices = folder(shop, 40);
    const settings = notices.pop();
    for (const notice of notices) await publish(notice, shop.deps);
    let reads = 0;
    const bucket = {
      get: (key: string, version?: string) => {
        reads += 1;
        return shop.shop.bucket.get(key, version);
      },
      put: shop.shop.bucket.put.bind(shop.shop.bucket),
      list: shop.shop.bucket.list.bind(shop.shop.bucket),
    };
    const deps = { ...shop.deps, bucket };
    await publish(settings, deps);
    const [first] = [reads];
    expect(first).toBeLessThanOrEqual(51);
    while (shop.again.bodies.length > 0) {
      const [before] = [reads];
      for (const body of shop.again.take()) await publish(body, deps);
      expect(reads - before).toBeLessThanOrEqual(50);
    }
    expect(reads).toBe(121);
    shop.deps.published.refresh();
    expect(Object.keys((await shop.deps.published.catalogue()).journeys)).toHaveLength(40);
  });

  it('is all live, however its journeys enrol into one another', async () => {
    const shop = new PublishingShop();
    await shop.put('settings.json', shopFile());
    const chain = (n: number) => ({
      ...sending(n),
      trigger: { type: 'manual' },
      steps: n < 5 ? [wait('w'), { type: 'enrol', id: 'e', journey: `j${n + 1}` }] : [wait('w')],
    });
    for (let n = 0; n < 6; n += 1) await shop.put(`journeys/j${n}.json`, chain(n));
    expect(Object.keys((await shop.deps.published.catalogue()).journeys)).toHaveLength(6);
  });

  it('has a file that is wrong by itself tried once, and one that lacks something tried again', async () => {
    const shop = new PublishingShop();
    await shop.put('settings.json', shopFile());
    await shop.put('journeys/j1.json', { ...sending(1), steps: [wait('w', 'PT0S')] });
    await shop.put('journeys/j2.json', sending(2));
    const puts: string[] = [];
    const put = async (key: string) => void puts.push(key);
    const bucket = { get: shop.shop.bucket.get.bind(shop.shop.bucket), put, list: async () => [] };
    await shop.publish(shop.upload('templates/t4/email.mjml', templateFile()), { bucket });
    const reports = puts.filter((key) => key.startsWith('reports/journeys') && key.endsWith('.txt'));
    expect(reports).toEqual(['reports/journeys.j2.json.txt']);
  });
});

import { beforeEach, describe, expect, it } from 'vitest';
import { publish } from '#functions/publish/publish.ts';
import { noteWaiting, waitingUploads } from '#shared/store/waiting.ts';
import { journey, tag } from '#test/build/journey.ts';
import { PublishingShop, shopFile } from '#test/build/publishing.ts';

const topics = { offers: { kind: 'marketing' } } as const;
let shop: PublishingShop;
beforeEach(async () => {
  shop = new PublishingShop();
  await shop.put('settings.json', shopFile({ topics }));
});

/** These wait; of those that nobody has put into the bucket each is found to be gone when its turn comes. */
const wait = async (...keys: string[]): Promise<void> => {
  for (const key of keys) await noteWaiting(shop.shop.table, { key, sequencer: '1' }, true);
};
const waiting = async () => (await waitingUploads(shop.shop.table)).map(({ key }) => key).sort();
/** One call, without those that it leaves for itself: which files it has read, its own first. */
async function readBy(input: object): Promise<string[]> {
  const read: string[] = [];
  const { bucket } = shop.shop;
  const get = bucket.get.bind(bucket);
  const reading = Object.assign(Object.create(bucket), {
    get: (key: string, version?: string) => {
      read.push(key);
      return get(key, version);
    },
  });
  await publish(input, { ...shop.deps, bucket: reading });
  return read;
}
const journeys = (count: number) => Array.from({ length: count }, (_, n) => `journeys/j${100 + n}.json`);

describe('files that wait', () => {
  it('are tried in the order in which none lacks what comes later, whoever came first', async () => {
    await wait('journeys/a.json', 'templates/b/email.mjml', 'journeys/b.json', 'segments/c.json', 'pools/d.csv');
    expect(await readBy(shop.upload('settings.json', shopFile({ topics, holdout: 1 })))).toEqual([
      'settings.json',
      'pools/d.csv',
      'segments/c.json',
      'templates/b/email.mjml',
      'journeys/a.json',
      'journeys/b.json',
    ]);
    expect(await waiting()).toEqual([]);
  });

  it('are left alone by what none of them can lack', async () => {
    await wait('segments/c.json', 'journeys/a.json');
    await readBy(shop.upload('journeys/cart.json', journey({ steps: [tag('a')] })));
    expect(await waiting()).toEqual(['segments/c.json']);
    // Nothing has changed by a file that is refused, nor by one that is gone.
    await wait('journeys/a.json');
    expect(await readBy(shop.upload('journeys/cart.json', '{'))).toEqual(['journeys/cart.json']);
  });

  it('are taken fifty by a call, and the next goes on behind them', async () => {
    const all = journeys(51);
    await wait(...all);
    const read = await readBy(shop.upload('settings.json', shopFile({ topics, holdout: 1 })));
    expect(read.slice(1)).toEqual(all.slice(0, 50));
    const [rest, ...more] = shop.again.take();
    expect([rest, more]).toEqual([{ waiting: { after: '4 journeys/j149.json', progress: false } }, []]);
    expect(await readBy(rest ?? {})).toEqual(['journeys/j150.json']);
    expect([shop.again.take(), await waiting()]).toEqual([[], []]);
  });

  it('are taken by one call when there are fifty', async () => {
    await wait(...journeys(50));
    await readBy(shop.upload('settings.json', shopFile({ topics, holdout: 1 })));
    expect([shop.again.take(), await waiting()]).toEqual([[], []]);
  });

  it('have another round when one of them went live, which others of their kind may have lacked', async () => {
    const enrols = (id: string, other: string) =>
      journey({ id, trigger: { type: 'manual' }, steps: [{ type: 'enrol', id: 'e', journey: other }] });
    await shop.put('journeys/a.json', enrols('a', 'b'));
    await shop.put('journeys/b.json', enrols('b', 'c'));
    expect(await waiting()).toEqual(['journeys/a.json', 'journeys/b.json']);
    const end = journey({ id: 'c', trigger: { type: 'manual' }, steps: [tag('a')] });
    await readBy(shop.upload('journeys/c.json', end));
    expect(await waiting()).toEqual(['journeys/a.json']);
    const left = shop.again.take();
    expect(left).toEqual([{ waiting: { after: '', progress: false } }]);
    await readBy(left[0] ?? {});
    expect([shop.again.take(), await waiting(), (await shop.live('a'))?.version]).toEqual([[], [], 1]);
  });

  it('have it also where all behind the fiftieth went live, and the first ones had lacked one of those', async () => {
    const manual = { trigger: { type: 'manual' } } as const;
    await shop.put(
      'journeys/a.json',
      journey({ id: 'a', ...manual, steps: [{ type: 'enrol', id: 'e', journey: 'z' }] }),
    );
    await shop.put(
      'journeys/z.json',
      journey({ id: 'z', ...manual, exits: [{ if: { segment: 'vip' } }], steps: [tag('t')] }),
    );
    await wait(...journeys(49));
    await shop.put('segments/vip.json', { id: 'vip', name: 'Very important', if: { tag: 'vip' } });
    expect(await waiting()).toEqual([]);
    expect([(await shop.live('a'))?.version, (await shop.live('z'))?.version]).toEqual([1, 1]);
  });
});

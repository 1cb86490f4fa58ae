import { beforeEach, describe, expect, it } from 'vitest';
import { roundOf, told } from '#functions/publish/notice.ts';
import { roundFor } from '#functions/publish/retry.ts';
import { Conflict } from '#shared/errors.ts';
import { waitingUploads } from '#shared/store/waiting.ts';
import { journey, send, tag } from '#test/build/journey.ts';
import { PublishingShop, shopFile, templateFile } from '#test/build/publishing.ts';
import { meanwhile } from '#test/build/table.ts';

let shop: PublishingShop;
beforeEach(async () => {
  shop = new PublishingShop();
  await shop.put('settings.json', shopFile({ topics: { offers: { kind: 'marketing' } } }));
  shop.shop.metrics.counted.splice(0);
  shop.shop.bus.entries.splice(0);
  shop.telling.take();
});

const counted = () => shop.shop.metrics.counted;
const cart = journey({ steps: [tag('a')] });

describe('of an upload is counted', () => {
  it('that it went live, and that it was refused', async () => {
    await shop.put('journeys/cart.json', cart);
    await shop.put('journeys/cart.json', '{');
    expect(counted()).toEqual([
      ['Published', 1],
      ['PublishRefused', 1],
    ]);
  });

  it('once that one went live which had waited, and that the bus could not be told of it', async () => {
    await shop.put('journeys/cart.json', journey({ steps: [send('hello')] }));
    const { bus } = shop.shop;
    const put = bus.put.bind(bus);
    bus.put = async (entries) => (JSON.stringify(entries).includes('journeys/cart.json') ? [0] : put(entries));
    await shop.put('templates/hello/email.mjml', templateFile());
    expect(counted()).toEqual([
      ['PublishRefused', 1],
      ['Published', 1],
      ['Published', 1],
      ['PublishUntold', 1],
    ]);
    expect((await shop.live())?.status).toBe('live');
    expect(await waitingUploads(shop.shop.table)).toEqual([]);
  });

  it.each([
    'readme.md',
    'journeys/cart.txt',
    'journeys/more/cart.json',
    'segments/vip.jsonc',
    'pools/gift.json',
    'old/settings.json',
    'old/journeys/cart.json',
    'journeys/cart.json.bak',
    'old/segments/vip.json',
    'segments/vip.json.bak',
    'segments/more/vip.json',
    'old/pools/gift.csv',
    'pools/gift.csv.bak',
    'pools/more/gift.csv',
    'old/templates/hello/email.mjml',
  ])('nothing of a file that is nobody’s: %s', async (key) => {
    expect(await shop.put(key, cart)).toBeUndefined();
    expect([counted(), shop.shop.bus.entries, shop.telling.take()]).toEqual([[], [], []]);
  });

  it('nothing of one that was deleted in the meantime, which waits for nothing any more', async () => {
    await shop.put('journeys/cart.json', journey({ steps: [send('hello')] }));
    expect(await waitingUploads(shop.shop.table)).toHaveLength(1);
    counted().splice(0);
    const notice = { detail: { object: { key: 'journeys/cart.json', sequencer: '00ff', 'version-id': '9' } } };
    expect(await shop.publish(notice)).toBeUndefined();
    expect([counted(), await waitingUploads(shop.shop.table)]).toEqual([[], []]);
  });
});

describe('an upload', () => {
  it('has its author told, in two minutes, and the bus at once', async () => {
    const delays: (number | undefined)[] = [];
    const tell = {
      send: async (bodies: readonly object[], given?: { delaySeconds?: number }) => {
        delays.push(given?.delaySeconds);
        await shop.telling.send(bodies);
      },
    };
    await shop.publish(shop.upload('journeys/cart.json', cart, '00aa'), { tell });
    expect(delays).toEqual([120]);
    expect(shop.telling.take()).toEqual([
      { file: 'journeys/cart.json', sequencer: '00aa'.padEnd(32, '0'), versionId: expect.any(String) },
    ]);
    expect(shop.shop.bus.entries).toHaveLength(1);
  });

  it('that the bus does not take comes again, and is published once', async () => {
    const { bus } = shop.shop;
    const put = bus.put.bind(bus);
    bus.put = async () => [0];
    const notice = shop.upload('journeys/cart.json', cart);
    await expect(shop.publish(notice)).rejects.toThrow('the bus does not take what became of journeys/cart.json');
    expect(shop.telling.take()).toEqual([]);
    bus.put = put;
    await shop.publish(notice);
    expect((await shop.live())?.version).toBe(1);
    expect(shop.telling.take()).toHaveLength(1);
  });

  it('that meets others eight times is left to the queue, each time after a longer while', async () => {
    const began = Date.parse(shop.shop.clock.now());
    const busy = meanwhile(shop.shop.table, () => {
      throw new Conflict('busy');
    });
    const uploaded = shop.upload('journeys/cart.json', cart);
    await expect(shop.publish(uploaded, { table: busy })).rejects.toThrow(
      'journeys/cart.json met other uploads 8 times',
    );
    expect(Date.parse(shop.shop.clock.now()) - began).toBe(50 * (2 ** 8 - 1));
    expect(counted()).toEqual([]);
  });

  it('that meets a table which fails for another reason is not tried again by the same call', async () => {
    const began = shop.shop.clock.now();
    const broken = meanwhile(shop.shop.table, () => {
      throw new Error('no route');
    });
    await expect(shop.publish(shop.upload('journeys/cart.json', cart), { table: broken })).rejects.toThrow('no route');
    expect(shop.shop.clock.now()).toBe(began);
  });
});

describe('publish is called', () => {
  it('with what S3 tells, whose later uploads have the greater word', () => {
    const object = { key: 'journeys/cart.json', sequencer: '0A', 'version-id': 'v1', size: 7, etag: 'x' };
    expect(told({ detail: { object } })).toEqual({
      upload: { key: 'journeys/cart.json', sequencer: `0A${'0'.repeat(30)}`, versionId: 'v1' },
      size: 7,
    });
    expect(told({ detail: { object: { key: 'k', sequencer: '1' } } })).toEqual({
      upload: { key: 'k', sequencer: `1${'0'.repeat(31)}` },
    });
    expect(() => told({ detail: {} })).toThrow();
  });

  it('with what it has left of a file, or of those that wait', () => {
    const portion = { key: 'pools/gift.csv', sequencer: '1', versionId: 'v', from: 500, added: 3 };
    expect(told({ portion })).toEqual({
      upload: { key: 'pools/gift.csv', sequencer: '1', versionId: 'v' },
      portion: { from: 500, added: 3 },
    });
    expect(told({ portion: { ...portion, versionId: undefined } }).upload).not.toHaveProperty('versionId');
    expect(roundOf({ waiting: { after: '3 x', progress: true } })).toEqual({ after: '3 x', progress: true });
    expect([roundOf({ portion }), roundOf({ detail: {} })]).toEqual([undefined, undefined]);
  });

  it.each([
    ['settings.json', '0'],
    ['pools/gift.csv', '1'],
    ['segments/vip.json', ''],
    ['templates/hello/email.mjml', '3'],
    ['journeys/cart.json', '4'],
  ])('to try what may have lacked %s', (key, after) => {
    expect(roundFor(key)).toEqual({ after, progress: false });
  });
});

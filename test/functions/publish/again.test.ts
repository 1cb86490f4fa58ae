import { beforeEach, describe, expect, it } from 'vitest';
import { ConditionFailed, Conflict } from '#shared/errors.ts';
import type { Table } from '#shared/store/table.ts';
import { waitingUploads } from '#shared/store/waiting.ts';
import { journey, send, tag } from '#test/build/journey.ts';
import { PublishingShop, shopFile, templateFile } from '#test/build/publishing.ts';
import { interrupted } from '#test/faults/interrupted.ts';

const offers = { topics: { offers: { kind: 'marketing' } } } as const;
const vip = (condition: object = { tag: 'vip' }) => ({ id: 'vip', name: 'Very important', if: condition });
const cart = journey({ steps: [tag('a')] });

let shop: PublishingShop;
beforeEach(async () => {
  shop = new PublishingShop();
  await shop.put('settings.json', shopFile(offers));
});
const waiting = async () => (await waitingUploads(shop.shop.table)).map(({ key }) => key);

describe('an upload of which publish is told twice, since the first time may have been cut off', () => {
  it.each<[key: string, content: unknown, refused: unknown]>([
    ['settings.json', shopFile({ ...offers, holdout: 1 }), '{'],
    ['segments/vip.json', vip(), '{'],
    ['templates/hello/email.mjml', templateFile(), 'x'],
    ['templates/_brand/brand.json', { colors: { page: '#ffffff' } }, '{'],
    ['journeys/cart.json', cart, '{'],
    ['pools/gift.csv', 'code\nA\n', 'name,price,shop\na,b,c\n'],
  ])('says the same again, also of one that is refused: %s', async (key, content, bad) => {
    for (const given of [content, bad]) {
      const notice = shop.upload(key, given);
      const first = await shop.publish(notice);
      const written = await shop.report(key);
      expect(written).toContain(given === bad ? 'NOT PUBLISHED' : 'PUBLISHED');
      await shop.shop.bucket.put(`reports/${key.replaceAll('/', '.')}.txt`, 'lost');
      expect((await shop.publish(notice))?.remarks).toEqual(first?.remarks);
      expect(await shop.report(key)).toBe(written);
    }
  });
});

describe('a file that is refused before anything of it is live', () => {
  it.each<[key: string, content: unknown]>([
    ['segments/vip.json', '{'],
    ['templates/hello/email.mjml', 'x'],
    ['templates/_brand/footer.mjml', '<mj-section>'],
    ['journeys/cart.json', '{'],
    ['pools/gift.csv', 'name,price,shop\na,b,c\n'],
  ])('is told that nothing of it is, and the next that what was live stays: %s', async (key, bad) => {
    await shop.put(key, bad);
    expect(await shop.report(key)).toContain('Nothing of it is live.');
    expect(await waiting()).toEqual([]);
    const good: Record<string, unknown> = {
      'segments/vip.json': vip(),
      'templates/hello/email.mjml': templateFile(),
      'templates/_brand/footer.mjml': '<mj-section><mj-column><mj-text>Bye</mj-text></mj-column></mj-section>',
      'journeys/cart.json': cart,
      'pools/gift.csv': 'A\n',
    };
    await shop.put(key, good[key]);
    await shop.put(key, bad);
    expect(await shop.report(key)).toMatch(/(What was live|Version 1) stays live/);
  });
});

it('a report is written for people and for programs, and says which version of the file it is about', async () => {
  const written = new Map<string, { body: string; type: string }>();
  const { bucket } = shop.shop;
  const storing = Object.assign(Object.create(bucket), {
    put: async (key: string, body: string, type: string) => void written.set(key, { body, type }),
  });
  await shop.put('journeys/cart.json', '{');
  const notice = shop.upload('journeys/cart.json', cart);
  await shop.publish(notice, { bucket: storing });
  expect([...written.keys()]).toEqual(['reports/journeys.cart.json.txt', 'reports/journeys.cart.json.json']);
  const [people, programs] = [...written.values()];
  expect(people).toMatchObject({
    type: 'text/plain; charset=utf-8',
    body: expect.stringContaining('PUBLISHED as version 1'),
  });
  expect(programs?.type).toBe('application/json');
  expect(JSON.parse(programs?.body ?? '')).toMatchObject({ file: 'journeys/cart.json', published: 1, upload: '2' });
});

describe('a template that would break a journey', () => {
  beforeEach(async () => {
    await shop.put('templates/other/email.mjml', templateFile());
    await shop.put('templates/hello/email.mjml', templateFile());
    const sends = { entry: { if: { consent: 'offers' } }, goal: { if: { event: 'purchase' } }, steps: [send('first')] };
    await shop.put('journeys/cart.json', journey(sends));
    expect((await shop.live())?.version).toBe(1);
  });
  const breaking = templateFile('{{ steps.nobody.happened }}');

  it.each([
    ['templates/hello/email.mjml', 'What was live stays live.'],
    ['templates/hello/email.pl.mjml', 'Nothing of it is live.'],
  ])('is refused, and told what is live of it: %s', async (key, said) => {
    await shop.put(key, breaking);
    expect(await shop.report(key)).toContain(said);
    expect(await shop.report(key)).toMatch(/ 1:1 .*The live journey "cart" would break: /);
  });

  it.each([
    ['templates/hello/email.mjml', 'What was live stays live.'],
    ['templates/hello/email.pl.mjml', 'Nothing of it is live.'],
    ['templates/hell/email.mjml', 'Nothing of it is live.'],
  ])('is told the same where it is none: %s', async (key, said) => {
    await shop.put(key, 'x');
    expect(await shop.report(key)).toContain(said);
  });
});

describe('a file that waited', () => {
  it('waits no more once another upload of it needs nothing else, or is wrong by itself', async () => {
    for (const next of [cart, '{']) {
      await shop.put('journeys/cart.json', journey({ steps: [send('hello')] }));
      expect(await waiting()).toEqual(['journeys/cart.json']);
      await shop.put('journeys/cart.json', next);
      expect(await waiting()).toEqual([]);
    }
  });

  it('waits no more when its upload is told of after a later one', async () => {
    const older = shop.upload('journeys/cart.json', journey({ steps: [send('hello')] }));
    const newer = shop.upload('journeys/cart.json', cart);
    await shop.publish(older);
    await shop.publish(newer);
    await shop.publish(older);
    expect([await waiting(), (await shop.live())?.version]).toEqual([[], 1]);
  });

  it('does not wait where it has a fault of its own beside what it lacks', async () => {
    await shop.put('journeys/cart.json', journey({ steps: [send('hello'), send('hello')] }));
    expect([await shop.report('journeys/cart.json'), await waiting()]).toEqual([
      expect.stringMatching(/NOT PUBLISHED: [23] errors/),
      [],
    ]);
  });

  /** Others are faster so many times, whenever this call writes a single row. */
  const busy = (times: number, error: Error): Table => {
    let left = times;
    return interrupted<Table>(shop.shop.table, { methods: ['write'], nth: 'each' }, () => {
      left -= 1;
      if (left >= 0) throw error;
    });
  };
  const mended = async () => {
    await shop.put('journeys/cart.json', journey({ steps: [send('hello')] }));
    return shop.upload('journeys/cart.json', cart);
  };

  it.each([new Conflict('busy'), new ConditionFailed([0], [undefined])])(
    'is crossed out although others write there meanwhile, up to seven times (%s)',
    async (error) => {
      await shop.publish(await mended(), { table: busy(7, error) });
      expect([await waiting(), (await shop.live())?.version]).toEqual([[], 1]);
    },
  );

  it.each<[error: Error, pause: number]>([
    // Each pause is longer: 40 ms, 80 ms, up to 2560 ms.
    [new Conflict('busy'), 20 * (2 ** 8 - 2)],
    [new Error('no route'), 0],
  ])('is crossed out by the next call where this one cannot (%s)', async (error, pause) => {
    const notice = await mended();
    const began = Date.parse(shop.shop.clock.now());
    await expect(shop.publish(notice, { table: busy(8, error) })).rejects.toThrow(error.message);
    expect(Date.parse(shop.shop.clock.now()) - began).toBe(pause);
    expect(await waiting()).toEqual(['journeys/cart.json']);
    await shop.publish(notice);
    expect(await waiting()).toEqual([]);
  });
});

import { beforeEach, describe, expect, it } from 'vitest';
import { privacy } from '#functions/privacy/privacy.ts';
import { identityHash } from '#shared/enrolment/ids.ts';
import { identityKey } from '#shared/store/keys.ts';
import { loadParked, park } from '#shared/store/parked.ts';
import type { Table } from '#shared/store/table.ts';
import { contactOf } from '#test/build/contact-of.ts';
import { consent, event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, send, wait } from '#test/build/journey.ts';

const ANN = { externalId: '4711', email: 'ann@shop.example', phone: '+48123456789' };
const BEN = { externalId: '4712', email: 'ben@shop.example' };

let shop: HandShop;

/** Somebody who looked around, registered, got a mail and is waiting for the next one. */
async function live(identities: typeof BEN, name: string): Promise<void> {
  const at = shop.clock.now();
  const browser = { anonymousId: `browser-of-${name}` };
  await shop.enrol(event('page.viewed', { id: `${name}-1`, at, identities: browser }));
  await shop.enrol(event('login', { id: `${name}-login`, at, identities: { ...identities, ...browser } }));
  const consents = [consent('offers', '2026-03-01T00:00:00.000Z')];
  const traits = { 'name.first': name };
  await shop.enrol(event('cart.updated', { id: `${name}-2`, at, identities, consents, traits }));
  await shop.leg().run();
  await shop.send();
}

const request = (kind: string, identities: object, id = `shopify:s:privacy:${kind}:1`) => ({
  ...{
    type: 'privacy.requested',
    source: 'shopify',
    shop: 's',
    requestId: '1',
    id,
    kind,
    at: shop.clock.now(),
    identities,
  },
});

/** Whatever of this is written anywhere, but in what is kept of an identity. */
const tracesOf = (...words: string[]) =>
  shop.scan().filter((row) => {
    const text = JSON.stringify(row);
    return words.some((word) => text.includes(word));
  });

/** The table, as somebody sees it who is cut off after so many writes. */
function cutAfter(writes: number): Table {
  const { table } = shop.given('privacy');
  let left = writes;
  return {
    get: (key, options) => table.get(key, options),
    batchGet: (keys) => table.batchGet(keys),
    query: (range) => table.query(range),
    queryIndex: (range) => table.queryIndex(range),
    transact: (all) => table.transact(all),
    write: async (write) => {
      if (left === 0) throw new Error('cut off');
      left -= 1;
      return table.write(write);
    },
  };
}

beforeEach(async () => {
  shop = await HandShop.open([journey({ steps: [send('hello'), wait('think'), send('again')] })]);
  await live(ANN, 'Ann');
  await live(BEN, 'Ben');
  shop.clock.pass(10_000);
});

describe('who asks to be forgotten', () => {
  it('is: nothing of them is anywhere in the table, and others are as they were', async () => {
    const ann = await contactOf(shop, ANN);
    const before = tracesOf('ben@shop.example', 'Ben');
    await shop.table.write(
      park({ id: 'late', at: shop.clock.now(), identities: ANN } as never, 'too-old', shop.clock.now()),
    );
    const answered = await privacy(request('erase', { email: 'ann@shop.example' }), {
      ...shop.given('privacy'),
      bucket: shop.bucket,
    });
    expect(answered).toMatchObject({ kind: 'erase', contacts: 1 });
    const words = [ann.contact, ...ann.aka, 'ann@shop.example', 'Ann', '4711', '48123456789'];
    expect(tracesOf(...words)).toEqual([]);
    expect(tracesOf('ben@shop.example', 'Ben')).toEqual(before);
    // What is left of each identity says when, and not who.
    for (const [kind, value] of Object.entries({ ...ANN, anonymousId: 'browser-of-Ann' }))
      expect(await shop.table.get(identityKey(kind, identityHash(kind, value)))).toEqual({
        ...identityKey(kind, identityHash(kind, value)),
        ...{ v: 1, erased: expect.stringMatching(/^2026-03-02T09:00:10/) },
      });
  });

  it('leaves each journey as `erased`, and gets no further mail', async () => {
    const leg = shop.legs()[0];
    const sent = shop.mailer.mails.length;
    await privacy(request('erase', ANN), { ...shop.given('privacy'), bucket: shop.bucket });
    shop.clock.pass(30 * 86_400_000);
    await leg?.run();
    await shop.send();
    await shop.review();
    expect(shop.mailer.mails.filter(({ to }) => to.includes('ann'))).toHaveLength(1);
    expect(shop.mailer.mails.length).toBeGreaterThanOrEqual(sent);
  });

  it('ends a passage that begins meanwhile, and does not leave its execution asleep', async () => {
    const cleo = { externalId: '4713', email: 'cleo@shop.example' };
    await shop.enrol(event('login', { id: 'cleo-1', at: shop.clock.now(), identities: cleo }));
    const { contact } = await contactOf(shop, cleo);
    const passages = () => shop.scan().filter(({ pk, sk }) => pk === `C#${contact}` && sk.startsWith('J#'));
    let token = '';
    const { table } = shop;
    const meanwhile: Table = Object.assign(cutAfter(Number.POSITIVE_INFINITY), {
      write: async (write: Parameters<Table['write']>[0]) => {
        if (token === '' && write.kind === 'put' && write.row.pk.startsWith('I#')) {
          await shop.enrol(event('cart.updated', { id: 'cleo-2', at: shop.clock.now(), identities: cleo }));
          await shop.leg().run();
          token = String(passages()[0]?.['token']);
        }
        return table.write(write);
      },
    });
    await privacy(request('erase', cleo), { ...shop.given('privacy'), table: meanwhile, bucket: shop.bucket });
    expect(passages()).toEqual([]);
    expect(shop.executions.answers.map((answer) => answer.token)).toContain(token);
  });

  it('is not known again by what they did before, and is by what they do later', async () => {
    await privacy(request('erase', ANN), { ...shop.given('privacy'), bucket: shop.bucket });
    const late = event('purchase', { id: 'late', at: '2026-03-02T09:00:05.000Z', identities: ANN });
    expect(await shop.enrol(late)).toBe('erased');
    expect(
      await shop.enrol(event('cart.updated', { id: 'Ann-2', identities: ANN, at: '2026-03-02T09:00:00.000Z' })),
    ).toBe('erased');
    expect(tracesOf('ann@shop.example')).toEqual([]);
    shop.clock.pass(60_000);
    expect(await shop.enrol(event('purchase', { id: 'new', at: shop.clock.now(), identities: ANN }))).toBe('recorded');
    expect(await contactOf(shop, ANN)).toMatchObject({ consents: {}, traits: { 'purchases.count': 1 } });
  });

  it('has agreed to nothing when they come again, whatever an old list says, until they say so anew', async () => {
    await privacy(request('erase', ANN), { ...shop.given('privacy'), bucket: shop.bucket });
    shop.clock.pass(60_000);
    const listed = { historic: true, source: 'import', identities: { email: ANN.email } };
    await shop.enrol(event('contact.imported', { ...listed, id: 'row', at: shop.clock.now() }));
    const yes = [{ ...consent('offers', '2026-03-01T00:00:00.000Z'), confirmed: '2026-03-01T00:00:00.000Z' }];
    const old = { ...listed, at: '2026-03-01T00:00:00.000Z', consents: yes };
    await shop.enrol(event('consent.imported', { ...old, id: 'old' }));
    expect((await contactOf(shop, { email: ANN.email })).consents).toEqual({});
    const at = shop.clock.now();
    await shop.enrol(event('cart.updated', { id: 'new', at, identities: ANN, consents: [consent('offers', at)] }));
    await shop.enrol(event('consent.imported', { ...old, id: 'older' }));
    expect((await contactOf(shop, ANN)).consents).toMatchObject({ email: { offers: { state: 'granted', at } } });
  });

  it('is found by number and address; a telephone, which a family may share, only where nothing else is said', async () => {
    const deps = { ...shop.given('privacy'), bucket: shop.bucket };
    expect(await privacy(request('erase', { ...BEN, phone: ANN.phone }), deps)).toMatchObject({ contacts: 1 });
    expect(await contactOf(shop, ANN)).toMatchObject({ identities: { email: ANN.email } });
    expect(await privacy(request('erase', { phone: ANN.phone }, 'other'), deps)).toMatchObject({ contacts: 1 });
    expect(tracesOf('ann@shop.example')).toEqual([]);
  });

  it('asks once, however often it is passed on, and whoever is unknown is answered, too', async () => {
    const deps = { ...shop.given('privacy'), bucket: shop.bucket };
    const first = await privacy(request('erase', ANN), deps);
    shop.clock.pass(1000);
    expect(await privacy(request('erase', ANN), deps)).toEqual(first);
    expect(await privacy(request('erase', { email: 'no address' }, 'x'), deps)).toMatchObject({ contacts: 0, rows: 0 });
  });

  it('is forgotten in the end, wherever the work is cut off', async () => {
    const ann = await contactOf(shop, ANN);
    for (let writes = 1; ; writes += 1) {
      try {
        await privacy(request('erase', ANN), {
          ...shop.given('privacy'),
          bucket: shop.bucket,
          table: cutAfter(writes),
        });
        break;
      } catch (error) {
        expect(error).toMatchObject({ message: 'cut off' });
      }
    }
    expect(tracesOf(ann.contact, 'ann@shop.example', 'Ann')).toEqual([]);
  });
});

describe('who asks for a copy', () => {
  it('gets all that is known of them, and nothing of others', async () => {
    const answered = await privacy(request('export', { externalId: '4711' }), {
      ...shop.given('privacy'),
      bucket: shop.bucket,
    });
    if (answered === 'parked') throw new Error('parked');
    const { body } = (await shop.bucket.get(answered.file ?? '')) ?? { body: '' };
    const [copy] = JSON.parse(body);
    expect(copy.profile).toMatchObject([{ identities: ANN, traits: { 'name.first': 'Ann' } }]);
    expect(copy.events.map(({ type }: { type: string }) => type).sort()).toEqual([
      'cart.updated',
      'login',
      'page.viewed',
    ]);
    expect(copy.messages).toMatchObject([{ step: 'hello' }]);
    expect(copy.journeys).toHaveLength(1);
    expect(body).not.toContain('ben@');
  });
});

describe('who shares an address with another customer', () => {
  const HOME = 'home@shop.example';
  const WIFE = { externalId: '81', email: HOME };
  const HUSBAND = { externalId: '82', email: HOME };

  beforeEach(async () => {
    for (const [name, identities] of Object.entries({ Wife: WIFE, Husband: HUSBAND })) {
      shop.clock.pass(1000);
      await live(identities, name);
    }
    shop.clock.pass(1000);
  });

  it('is forgotten alone, and what was put aside of the other stays', async () => {
    const at = shop.clock.now();
    for (const [id, identities] of Object.entries({ hers: WIFE, his: HUSBAND }))
      await shop.table.write(park({ id, at, identities } as never, 'too-old', at));
    const before = tracesOf('Wife');
    const deps = { ...shop.given('privacy'), bucket: shop.bucket };
    expect(await privacy(request('erase', HUSBAND), deps)).toMatchObject({ contacts: 1 });
    expect(tracesOf('Wife')).toEqual(before);
    expect(tracesOf('Husband')).toEqual([]);
    expect((await loadParked(shop.table, 'too-old')).map(({ event: one }) => (one as { id: string }).id)).toEqual([
      'hers',
    ]);
  });

  it('gets a copy of what is theirs', async () => {
    const answered = await privacy(request('export', HUSBAND), { ...shop.given('privacy'), bucket: shop.bucket });
    const { body } = (await shop.bucket.get((answered as { file: string }).file)) ?? { body: '' };
    expect(body).toContain('Husband');
    expect(body).not.toContain('Wife');
  });

  it('and is known by no number is left to a person', async () => {
    const deps = { ...shop.given('privacy'), bucket: shop.bucket };
    const before = tracesOf(HOME, 'Wife', 'Husband');
    expect(await privacy(request('erase', { externalId: '83', email: HOME }), deps)).toBe('parked');
    expect(tracesOf('Wife', 'Husband')).toEqual(before.filter((row) => /Wife|Husband/.test(JSON.stringify(row))));
    expect(await loadParked(shop.table, 'privacy')).toHaveLength(1);
  });
});

it('leaves to a person what is old, and what is asked again long after it was answered', async () => {
  const deps = { ...shop.given('privacy'), bucket: shop.bucket };
  const DAY = 86_400_000;
  const old = { ...request('erase', BEN), at: '2026-02-20T09:00:00.000Z' };
  expect(await privacy(old, deps)).toBe('parked');
  expect(tracesOf('Ben')).not.toEqual([]);
  const first = await privacy(request('erase', ANN, 'once'), deps);
  shop.clock.pass(100 * DAY);
  await shop.enrol(event('registration', { id: 'back', at: shop.clock.now(), identities: ANN }));
  expect(await privacy({ ...request('erase', ANN, 'once'), at: old.at }, deps)).toEqual(first);
  expect(await privacy(request('erase', ANN, 'once'), deps)).toBe('parked');
  expect(await contactOf(shop, ANN)).toMatchObject({ identities: ANN });
});

it('leaves to a person whether a whole shop is to be forgotten', async () => {
  const deps = { ...shop.given('privacy'), bucket: shop.bucket };
  const before = shop.scan().length;
  expect(await privacy(request('erase-shop', {}), deps)).toBe('parked');
  expect(await loadParked(shop.table, 'privacy')).toHaveLength(1);
  expect(shop.scan().length).toBe(before + 1);
});

it('refuses what is no request', async () => {
  await expect(privacy({ kind: 'erase' }, { ...shop.given('privacy'), bucket: shop.bucket })).rejects.toMatchObject({
    reason: 'bad-request',
  });
});

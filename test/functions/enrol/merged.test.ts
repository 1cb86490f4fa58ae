import { describe, expect, it } from 'vitest';
import { respond } from '#functions/respond/respond.ts';
import type { Condition } from '#shared/condition/condition.ts';
import type { Identities } from '#shared/event/event.ts';
import { census } from '#shared/report/census.ts';
import { why } from '#shared/report/why.ts';
import { addCodes, loadHeldCode } from '#shared/store/codes.ts';
import { dirShard, profileKey } from '#shared/store/keys.ts';
import { partsOf } from '#shared/store/profiles.ts';
import { putSegments } from '#shared/store/segments.ts';
import type { IndexRange, Table } from '#shared/store/table.ts';
import { contactOf } from '#test/build/contact-of.ts';
import { consent, event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, send, tag, wait, waitFor } from '#test/build/journey.ts';

const [_VISITOR, GUEST, CUSTOMER] = [{ anonymousId: 'x' }, { email: 'ann@shop.example' }, { externalId: '1' }];
const YES = [consent('offers', '2026-03-01T00:00:00.000Z')];

const saying = (shop: HandShop, type: string, identities: Identities, more: object = {}) =>
  event(type, { at: shop.clock.now(), identities, ...more });
const says = (shop: HandShop, type: string, identities: Identities, more: object = {}) =>
  shop.enrol(saying(shop, type, identities, more));

async function contacts(shop: HandShop): Promise<number> {
  const shards = Array.from({ length: 256 }, (_, i) =>
    shop.table.queryIndex({ index: 'directory', pk: dirShard(i), limit: 10 }),
  );
  return (await Promise.all(shards)).flat().length;
}

async function putLookers(shop: HandShop, condition: Condition): Promise<void> {
  const definition = { id: 'lookers', name: 'Lookers', if: condition };
  await shop.table.write(putSegments({ rev: 0, segments: { lookers: { definition, sequencer: '0' } } }));
}

describe('after a merge', () => {
  it('a link in a mail to the contact that is gone unsubscribes the one that stays', async () => {
    const shop = await HandShop.open([
      journey({ entry: { if: { consent: 'offers' } }, steps: [send('hello'), waitFor('go', { event: 'go' })] }),
    ]);
    await says(shop, 'page.viewed', CUSTOMER);
    shop.clock.pass(1000);
    await says(shop, 'cart.updated', GUEST, { consents: YES });
    const leg = shop.leg();
    await leg.run();
    await shop.send();
    await says(shop, 'login', { ...CUSTOMER, ...GUEST });
    const token = shop.mailer.mails[0]?.text.match(/\/u\/([\w.-]+)/)?.[1] ?? '';
    const request = { headers: {}, requestContext: { http: { method: 'POST' } }, isBase64Encoded: false };
    await respond({ ...request, pathParameters: { token } }, shop.deps);
    for (const { detail } of shop.bus.entries) await shop.enrol(detail);
    expect((await contactOf(shop, CUSTOMER)).consents['email']?.['offers']?.state).toBe('denied');
    expect(leg.isPaused).toBe(false);
    expect(await leg.run()).toBe('finished');
  });

  it('a code that either holds is theirs, and no second one is given', async () => {
    const gift = journey({
      entry: { again: {} },
      steps: [{ type: 'coupon', id: 'gift', pool: 'gift', otherwise: [] }, send('hello')],
    });
    const shop = await HandShop.open([gift]);
    await addCodes(shop.table, 'gift', [{ code: 'A' }, { code: 'B' }], 'u');
    await says(shop, 'page.viewed', CUSTOMER);
    shop.clock.pass(1000);
    await says(shop, 'cart.updated', GUEST);
    await shop.leg().run();
    await says(shop, 'login', { ...CUSTOMER, ...GUEST });
    for (let i = 0; i < 2; i += 1) {
      await says(shop, 'cart.updated', CUSTOMER);
      await shop.leg().run();
    }
    const codes = (await shop.passages()).map(({ left }) => left['gift']?.['code']);
    expect(new Set(codes).size).toBe(1);
  });

  it('`tropa why` tells the same of either, and the census counts them once', async () => {
    const shop = await HandShop.open([journey({ entry: { key: 'cart' }, steps: [send('hello'), wait('rest')] })]);
    const both: string[] = [];
    for (const [i, who] of [CUSTOMER, GUEST].entries()) {
      await says(shop, 'cart.updated', who, { data: { cart: i } });
      await shop.leg().run();
      both.push((await contactOf(shop, who)).contact);
      shop.clock.pass(1000);
    }
    await says(shop, 'login', { ...CUSTOMER, ...GUEST });
    const told = await Promise.all(
      both.map((one) =>
        why(one, undefined, { table: shop.table, published: shop.deps.published, now: shop.clock.now() }),
      ),
    );
    expect(told[1]).toEqual(told[0]);
    expect(told[0]?.journeys[0]?.passages.map(({ key, messages }) => [key, messages.length])).toEqual([
      ['0', 1],
      ['1', 1],
    ]);
    // The directory may still list who is gone.
    const listing = async ({ pk }: IndexRange) =>
      pk === dirShard(0) ? both.map((one) => ({ ...profileKey(one), sort: '' })) : [];
    const before = new Proxy<Table>(shop.table, {
      get: (table, name) => (name === 'queryIndex' ? listing : Reflect.get(table, name).bind(table)),
    });
    expect(await census(before)).toMatchObject([{ step: 'rest', contacts: 2 }]);
    expect(await contacts(shop)).toBe(1);
  });

  it('a date of theirs comes once, and a broadcast too', async () => {
    const birthday = journey({
      trigger: { type: 'date', trait: 'birthday', every: 'P1Y', at: '09:00' },
      steps: [tag('end')],
    });
    const shop = await HandShop.open([birthday]);
    const day = '1990-03-05';
    for (const [i, who] of [CUSTOMER, GUEST].entries()) {
      await says(shop, 'page.viewed', who, { traits: { birthday: day, n: i } });
      shop.clock.pass(1000);
    }
    await says(shop, 'login', { ...CUSTOMER, ...GUEST });
    for (let i = 0; i < 8; i += 1) {
      shop.clock.pass(12 * 3_600_000);
      await shop.review();
    }
    expect(shop.executions.started).toHaveLength(1);
    const { aka } = await contactOf(shop, GUEST);
    expect(await shop.table.query({ pk: `C#${aka[0]}`, prefix: 'T#' })).toEqual([]);
  });

  it('what SES tells of an earlier mail moves them between segments', async () => {
    const clicked = { message: 'any', is: 'clicked' } as const;
    const shop = await HandShop.open([
      journey({ entry: { if: { consent: 'offers' } }, steps: [send('hello')] }),
      journey({ id: 'won', trigger: { type: 'segment', segment: 'lookers', when: 'enters' }, steps: [tag('won')] }),
    ]);
    await putLookers(shop, clicked);
    await says(shop, 'page.viewed', CUSTOMER);
    shop.clock.pass(1000);
    await says(shop, 'cart.updated', GUEST, { consents: YES });
    await shop.leg().run();
    await shop.send();
    await says(shop, 'login', { ...CUSTOMER, ...GUEST });
    shop.clock.pass(60_000);
    await shop.review();
    const { contact, id } = await shop.message('hello');
    const tags = { contact: [contact], message: [id] };
    const mail = { timestamp: shop.clock.now(), messageId: 'ses-1', destination: [], tags };
    await shop.track({ eventType: 'Click', mail, click: { timestamp: shop.clock.now() } });
    for (let i = 0; i < 2; i += 1) {
      shop.clock.pass(60_000);
      await shop.review();
    }
    expect(shop.executions.started.map(({ name }) => name.split('-')[0])).toEqual(['cart', 'won']);
  });

  it('nobody comes into a segment by being merged, and who is in none of it any more has left it', async () => {
    const on = (id: string, when: 'enters' | 'leaves') =>
      journey({ id, trigger: { type: 'segment', segment: 'lookers', when }, steps: [tag(id)] });
    const shop = await HandShop.open([on('enters', 'enters'), on('leaves', 'leaves')]);
    const lookers = { all: [{ event: 'page.viewed' }, { not: { event: 'purchase' } }] };
    await putLookers(shop, lookers);
    await says(shop, 'purchase', CUSTOMER);
    shop.clock.pass(1000);
    await says(shop, 'page.viewed', GUEST);
    expect(shop.executions.started.map(({ name }) => name.split('-')[0])).toEqual(['enters']);
    await says(shop, 'login', { ...CUSTOMER, ...GUEST });
    shop.clock.pass(60_000);
    await shop.review();
    expect(shop.executions.started.map(({ name }) => name.split('-')[0])).toEqual(['enters', 'leaves']);
  });

  it('a passage of the contact that is gone gives the one that stays its next code', async () => {
    const coupon = { type: 'coupon', id: 'gift', pool: 'gift', valid: 'P1D', otherwise: [] };
    const later = waitFor('go', { event: 'go' }, { upTo: 'P9D', then: [coupon, send('hello')] });
    const shop = await HandShop.open([
      journey({ steps: [coupon, send('hello')] }),
      journey({ id: 'later', trigger: { type: 'event', event: 'other' }, steps: [later] }),
    ]);
    await addCodes(shop.table, 'gift', [{ code: 'A' }, { code: 'B' }], 'u');
    await says(shop, 'cart.updated', CUSTOMER);
    await shop.leg().run();
    shop.clock.pass(2 * 86_400_000);
    await says(shop, 'other', GUEST);
    const leg = shop.leg();
    await leg.run();
    await says(shop, 'login', { ...CUSTOMER, ...GUEST });
    await says(shop, 'go', CUSTOMER);
    expect(await leg.run()).toBe('finished');
    const held = await loadHeldCode(shop.table, partsOf(await contactOf(shop, GUEST)), 'gift');
    expect(held?.inOwnRow).toBeUndefined();
    expect(await shop.table.query({ pk: 'U#gift#0', prefix: 'CF#' })).toEqual([]);
  });
});

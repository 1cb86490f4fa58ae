import { describe, expect, it } from 'vitest';
import { lookAgain, release } from '#functions/review/release.ts';
import { review } from '#functions/review/review.ts';
import type { Account } from '#shared/sending/flow.ts';
import { putAppointment } from '#shared/store/appointments.ts';
import { changeFlow, loadFlow, lookAtFlow, parkMessage } from '#shared/store/flow.ts';
import { appointmentKey, flowKey, messageKey } from '#shared/store/keys.ts';
import { CLAIM_LEASE, claimMessage } from '#shared/store/messages.ts';
import type { IndexEntry, Table } from '#shared/store/table.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { edit } from '#test/build/edit.ts';
import { consent, event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, send, tag, waitFor } from '#test/build/journey.ts';

const MINUTE = 60_000;
const YES = [consent('offers', '2026-03-01T00:00:00.000Z')];

/** A mail lies in the outbox, its hint is lost, and its passage waits for a click on it. */
async function waiting() {
  const click = waitFor('click', { message: 'hello', is: 'clicked' }, { upTo: 'P9D', otherwise: [tag('none')] });
  const shop = await HandShop.open([journey({ steps: [send('hello'), click] })]);
  await shop.enrol(event('cart.updated', { consents: YES }));
  const leg = shop.leg();
  await leg.run();
  shop.outbox.marketing.take();
  const message = await shop.message('hello');
  const row = () => shop.table.get(messageKey(message.contact, message.id));
  return { shop, leg, message, row };
}

describe('one run of review', () => {
  it.each([99, 100, 101, 230])('looks at all that is due of a shard, %i rows too', async (count) => {
    const shop = await HandShop.open([]);
    for (let n = 0; n < count; n += 1) {
      const row = { pk: `C#${n}`, sk: 'LOOK', duePk: 'due#7', due: plusMillis(shop.clock.now(), -n) };
      await shop.table.write({ kind: 'put', row });
    }
    expect(await shop.review()).toBe(count);
  });
});

describe('a mail that nobody will ever know of', () => {
  it('is given up, and its passage is told by the next run should this one die before', async () => {
    const { shop, leg, message, row } = await waiting();
    await shop.table.write(claimMessage(message, 'sender', shop.clock.now()));
    shop.clock.pass(CLAIM_LEASE + MINUTE);
    const succeed = () => Promise.reject(new Error('cut off'));
    await shop.review({ executions: { ...shop.executions, succeed } });
    expect(await shop.message('hello')).toMatchObject({ state: 'done' });
    expect([leg.isPaused, await row()]).toEqual([true, expect.objectContaining({ due: expect.any(String) })]);
    await shop.review();
    expect(leg.isPaused).toBe(false);
    expect(await row()).not.toHaveProperty('due');
    expect(shop.outbox.marketing.take()).toEqual([]);
  });

  it('is nobody’s to give up as long as its sender may be at it', async () => {
    const { shop, message, row } = await waiting();
    await shop.table.write(claimMessage(message, 'sender', shop.clock.now()));
    // The index is behind: it says when the mail was due before somebody took it.
    const { pk, sk } = messageKey(message.contact, message.id);
    const due = shop.clock.now();
    await shop.table.write({ kind: 'update', key: { pk, sk }, change: { set: [[['due'], due]] } });
    shop.clock.pass(CLAIM_LEASE - 1);
    await shop.review();
    expect(await row()).toMatchObject({ state: 'claimed' });
    shop.clock.pass(1);
    await shop.review();
    expect(await row()).toMatchObject({ state: 'done' });
  });
});

describe('a turn by the calendar', () => {
  const birthday = journey({ trigger: { type: 'date', trait: 'birthday', every: 'P1Y', at: '10:00' }, steps: [] });

  const letter = journey({
    trigger: { type: 'schedule', segment: 'all', at: '10:00', every: 'P1W', on: ['wed'] },
    steps: [],
  });

  it.each([
    ['of a contact who is gone', [birthday]],
    ['in a journey that is gone', []],
  ])('%s is forgotten without a word', async (_, journeys) => {
    const shop = await HandShop.open(journeys);
    const due = shop.clock.now();
    const turn = { contact: 'gone', journey: 'cart', occurrence: '2026-03-02', due, data: { date: '2026-03-02' } };
    await shop.table.write(putAppointment(turn, false));
    expect(await shop.review()).toBe(1);
    expect(shop.scan().filter(({ pk }) => pk === 'C#gone')).toEqual([]);
    expect([shop.metrics.counted, await shop.review()]).toEqual([[], 0]);
  });

  it.each([
    ['a date', birthday, undefined],
    ['a schedule', letter, '2026-03-02'],
  ])(
    'of a journey that began by %s and begins by an event now brings nobody in, and is forgotten',
    async (_, before, own) => {
      const shop = await HandShop.open([before]);
      await shop.enrol(event('registration', { traits: { birthday: '1990-03-02' } }));
      const { contact } = await shop.contact();
      const due = shop.clock.now();
      const turn = { contact, journey: 'cart', occurrence: '2026-03-02', due, data: { date: '2026-03-02' } };
      await shop.table.write(putAppointment(turn, own !== undefined));
      await edit(shop, journey({ steps: [tag('a')] }), 2);
      await shop.review();
      expect(await shop.table.get(appointmentKey(contact, 'cart', own ?? ''))).toBeUndefined();
      expect([shop.metrics.counted, await shop.passages()]).toEqual([[], []]);
    },
  );
});

describe('what was parked', () => {
  it('is brought back once, although the index says for a while that it is parked still', async () => {
    const { shop, message } = await waiting();
    await shop.table.write(parkMessage(message, 'mail-paused', { part: undefined }));
    const seen = new Map<string, IndexEntry[]>();
    const behind: Table = Object.assign(Object.create(shop.table), {
      queryIndex: async (range: Parameters<Table['queryIndex']>[0]) => {
        const key = JSON.stringify(range);
        const found = seen.get(key) ?? (await shop.table.queryIndex(range));
        seen.set(key, found);
        return found;
      },
      get: shop.table.get.bind(shop.table),
      write: shop.table.write.bind(shop.table),
    });
    const run = async () => ({
      ...{ ...shop.deps, table: behind, flow: await loadFlow(shop.table), hints: { left: 9 } },
      ...{ judged: () => Promise.reject(new Error('not asked')), learned: async () => {} },
    });
    await release(await run());
    expect(shop.outbox.marketing.take()).toHaveLength(1);
    const before = shop.scan();
    await release(await run());
    expect([shop.outbox.marketing.take(), shop.scan()]).toEqual([[], before]);
    expect(shop.metrics.counted).toEqual([]);
  });

  it('is looked at no more by a shop that has none, and is not looked for before its minute', async () => {
    const shop = await HandShop.open([]);
    const due = async () => (await shop.table.get(flowKey))?.['due'];
    const look = async () => lookAgain({ ...shop.deps, flow: await loadFlow(shop.table) } as never, false);
    const at = plusMillis(shop.clock.now(), MINUTE);
    await shop.table.write(changeFlow(lookAtFlow(at)));
    await look();
    expect(await due()).toBe(at);
    shop.clock.pass(MINUTE);
    await look();
    expect(await shop.table.get(flowKey)).not.toHaveProperty('due');
    expect(await shop.table.get(flowKey)).not.toHaveProperty('duePk');
  });
});

it('what was reserved until SES was asked is not counted twice against its day', async () => {
  const said: Account = {
    ...{ perSecond: 50, perDay: 1000, sent: 8, enabled: true, production: true, enforcement: 'HEALTHY' },
  };
  const shop = await HandShop.open([]);
  await shop.table.write(changeFlow({ set: [[['reserved'], 8]] }));
  await review({ ...shop.deps, account: { ask: async () => said } });
  expect((await loadFlow(shop.table)).account).toMatchObject({ sent: 8, reserved: 8 });
});

import { beforeEach, describe, expect, it } from 'vitest';
import { reviewMessage } from '#functions/review/message.ts';
import { lookAgain, release } from '#functions/review/release.ts';
import type { ReviewDeps, Run } from '#functions/review/review.ts';
import { ConditionFailed, Conflict } from '#shared/errors.ts';
import { changeFlow, loadFlow, lookAtFlow, lotOf, parkMessage } from '#shared/store/flow.ts';
import { flowKey, messageKey } from '#shared/store/keys.ts';
import { claimMessage } from '#shared/store/messages.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { consent, event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, send } from '#test/build/journey.ts';
import { meanwhile } from '#test/build/table.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const YES = [consent('offers', '2026-03-01T00:00:00.000Z')];
const offer = journey({ steps: [send('offer', { expires: 'P30D' })] });
const order = journey({
  id: 'order',
  topic: 'orders',
  trigger: { type: 'event', event: 'purchase' },
  steps: [send('receipt', { expires: 'P30D' })],
});

let shop: HandShop;
beforeEach(async () => {
  shop = await HandShop.open([offer, order]);
});

/** So many mails lie in the outbox, a second apart, each to somebody else; their hints are lost. */
async function queued(count: number, type: 'cart.updated' | 'purchase' = 'cart.updated') {
  for (let i = 0; i < count; i += 1) {
    shop.clock.pass(1000);
    const identities = { email: `${type}${i}@shop.example` };
    await shop.enrol(event(type, { at: shop.clock.now(), identities, consents: YES }));
    await shop.leg().run();
  }
  shop.outbox.marketing.take();
  shop.outbox.transactional.take();
  const lane = type === 'purchase' ? 'transactional' : 'marketing';
  const all = (await shop.messages()).filter((message) => message.lane === lane);
  return all.toSorted((a, b) => (a.queuedAt < b.queuedAt ? -1 : 1));
}

async function parked(count: number, type: 'cart.updated' | 'purchase' = 'cart.updated', part?: string) {
  const all = await queued(count, type);
  for (const message of all) await shop.table.write(parkMessage(message, 'mail-paused', { part }));
  return all;
}

const run = async (left: number, given: Partial<ReviewDeps> = {}): Promise<Run> => ({
  ...shop.deps,
  flow: await loadFlow(shop.table),
  hints: { left },
  judged: () => Promise.reject(new Error('not asked')),
  learned: async () => {},
  ...given,
});

const hinted = () => shop.outbox.marketing.take().map((body) => Reflect.get(body, 'message'));
const dueOf = async ({ contact, id }: { contact: string; id: string }) =>
  (await shop.table.get(messageKey(contact, id)))?.['due'];

describe('what was parked comes back', () => {
  it('the oldest first, no more of it than a run may hint at, and the rest is left for the next', async () => {
    const ids = (await parked(5)).map(({ id }) => id);
    const one = await run(2);
    expect(await release(one)).toEqual({ freed: 2, isMore: true });
    expect(one.hints.left).toBe(0);
    expect(hinted().sort()).toEqual(ids.slice(0, 2).sort());
    const two = await run(3);
    expect(await release(two)).toEqual({ freed: 3, isMore: false });
    expect([two.hints.left, hinted().sort()]).toEqual([0, ids.slice(2).sort()]);
    const three = await run(4);
    expect(await release(three)).toEqual({ freed: 0, isMore: false });
    expect([three.hints.left, hinted()]).toEqual([4, []]);
  });

  it('where nothing may be hinted at any more, of that nothing', async () => {
    await parked(2);
    expect(await release(await run(0))).toEqual({ freed: 0, isMore: false });
    expect(hinted()).toEqual([]);
  });

  it('of orders without taking a hint from marketing, and both are counted', async () => {
    await parked(2, 'purchase');
    await parked(2);
    const one = await run(2);
    expect(await release(one)).toEqual({ freed: 4, isMore: false });
    expect([one.hints.left, shop.outbox.transactional.take().length, hinted().length]).toEqual([0, 2, 2]);
  });

  it('says that there is more although only the lane before had it', async () => {
    await parked(3, 'purchase');
    await parked(1);
    expect(await release(await run(2))).toEqual({ freed: 3, isMore: true });
  });

  it('and is due a quarter of an hour later, should its hint be lost, too', async () => {
    const [message] = await parked(1);
    await release(await run(9));
    expect(message && (await dueOf(message))).toBe(plusMillis(shop.clock.now(), 15 * MINUTE));
  });

  it('not of a lane that stands still', async () => {
    await parked(1);
    await parked(1, 'purchase');
    const pause = { lanes: 'marketing', at: shop.clock.now(), by: 'ann', reason: 'sale' };
    await shop.table.write(changeFlow({ set: [[['pause'], pause]] }));
    expect(await release(await run(9))).toEqual({ freed: 1, isMore: false });
    expect(hinted()).toEqual([]);
  });

  it('not of one that a sender has taken meanwhile', async () => {
    const [message] = await parked(1);
    if (!message) throw new Error('none');
    const table = meanwhile(shop.table, async (writes) => {
      if (writes.some((one) => one.kind === 'update' && one.key.sk.startsWith('M#')))
        throw new ConditionFailed([0], []);
    });
    await release(await run(9, { table }));
    expect([hinted(), shop.metrics.counts['ReviewFailed']]).toEqual([[], undefined]);
    await shop.table.write(claimMessage(message, 'other', shop.clock.now()));
    await release(await run(9));
    expect(hinted()).toEqual([]);
  });
});

describe('a part that was let go again', () => {
  const PART = 'journey/cart';
  const fresh = async () => Object.keys((await loadFlow(shop.table)).fresh ?? {}).sort();
  const letGo = (days: number) =>
    shop.table.write(
      changeFlow({
        set: [
          [[`fresh:${PART}`], plusMillis(shop.clock.now(), -days * DAY)],
          [['fresh:all'], plusMillis(shop.clock.now(), -days * DAY)],
        ],
      }),
    );

  it('comes back as well, and is remembered as long as something of it is parked', async () => {
    await parked(2, 'cart.updated', PART);
    await letGo(9);
    expect(await release(await run(1))).toEqual({ freed: 1, isMore: true });
    expect(await fresh()).toEqual([PART]);
    await release(await run(0));
    expect(await fresh()).toEqual([PART]);
    await release(await run(5));
    expect(await fresh()).toEqual([PART]);
    await release(await run(5));
    expect(await fresh()).toEqual([]);
  });

  it('is remembered for eight days in any case', async () => {
    await letGo(7.9);
    await release(await run(5));
    expect(await fresh()).toEqual(['all', PART]);
  });

  it('stays where it is while it stands still anew', async () => {
    const [message] = await parked(1, 'cart.updated', PART);
    await letGo(1);
    const trip = { at: shop.clock.now(), mails: 200, bounces: 20, complaints: 0, limit: 4, days: 3, of: 'bounces' };
    const flow = { ...(await loadFlow(shop.table)), trips: { [PART]: trip as never } };
    await release(await run(9, { flow } as never));
    expect(hinted()).toEqual([]);
    expect(message && (await shop.table.get(messageKey(message.contact, message.id)))?.['duePk']).toContain(
      lotOf('marketing', PART),
    );
  });
});

it('review looks again in a minute where more is parked, and else forgets to, once it has looked', async () => {
  const due = async () => (await loadFlow(shop.table)).due;
  await lookAgain(await run(0), true);
  const minute = plusMillis(shop.clock.now(), MINUTE);
  expect(await due()).toBe(minute);
  await lookAgain(await run(0), false);
  expect(await due()).toBe(minute);
  shop.clock.pass(MINUTE);
  await lookAgain(await run(0), false);
  expect(await shop.table.get(flowKey)).not.toHaveProperty('due');
  expect(await due()).toBeUndefined();
  await shop.table.write(changeFlow(lookAtFlow(shop.clock.now())));
  await lookAgain(await run(0), true);
  expect(await due()).toBe(plusMillis(shop.clock.now(), MINUTE));
});

describe('a mail of which the hint was lost', () => {
  const look = async (left: number, given: Partial<ReviewDeps> = {}) => {
    const one = await run(left, given);
    for (const { contact, id } of await shop.messages())
      await reviewMessage(messageKey(contact, id), shop.clock.now(), one);
    return one.hints.left;
  };

  it('is hinted at when it is due, and not before', async () => {
    const [message] = await queued(1);
    shop.clock.pass(5 * MINUTE - 1);
    expect([await look(9), hinted()]).toEqual([9, []]);
    shop.clock.pass(1);
    expect([await look(9), hinted()]).toEqual([8, [message?.id]]);
    expect(message && (await dueOf(message))).toBe(plusMillis(shop.clock.now(), 15 * MINUTE));
    expect([await look(9), hinted()]).toEqual([9, []]);
  });

  it('is parked where no more may be hinted at, but for orders', async () => {
    const [message] = await queued(1);
    await queued(1, 'purchase');
    shop.clock.pass(5 * MINUTE);
    expect(await look(0)).toBe(0);
    expect([hinted(), shop.outbox.transactional.take().length]).toEqual([[], 1]);
    expect(message && (await dueOf(message))).toBe(message?.queuedAt);
    expect(await look(9)).toBe(8);
    expect(hinted()).toEqual([message?.id]);
  });

  it('is parked where its lane stands still, with the reason', async () => {
    await queued(1);
    shop.clock.pass(5 * MINUTE);
    const pause = { lanes: 'marketing', at: shop.clock.now(), by: 'ann', reason: 'sale' };
    await shop.table.write(changeFlow({ set: [[['pause'], pause]] }));
    expect([await look(9), hinted()]).toEqual([9, []]);
    expect(await shop.message('offer')).toMatchObject({ state: 'queued', held: 'mail-paused' });
  });

  it('is left to a sender who takes it in that moment', async () => {
    const [message] = await queued(1);
    if (!message) throw new Error('none');
    shop.clock.pass(5 * MINUTE);
    let isTaken = false;
    const table = meanwhile(shop.table, async () => {
      if (isTaken) return;
      isTaken = true;
      await shop.table.write(claimMessage(message, 'other', shop.clock.now()));
    });
    await expect(look(9, { table })).rejects.toBeInstanceOf(ConditionFailed);
    isTaken = false;
    await expect(look(0, { table })).resolves.toBe(0);
    expect(hinted()).toEqual([]);
  });

  it('is not thought to be another’s because the table is busy', async () => {
    await queued(1);
    shop.clock.pass(5 * MINUTE);
    const busy = meanwhile(shop.table, () => {
      throw new Conflict('busy');
    });
    await expect(look(0, { table: busy })).rejects.toBeInstanceOf(Conflict);
  });
});

import { beforeEach, describe, expect, it } from 'vitest';
import { tell } from '#functions/tell/tell.ts';
import { Conflict } from '#shared/errors.ts';
import { ALL } from '#shared/sending/breaker.ts';
import { changeFlow, loadFlow, lotOf, resumeFlow } from '#shared/store/flow.ts';
import { DUE_SHARDS, dueShard, parkShard, receptionKey } from '#shared/store/keys.ts';
import { addingTo } from '#shared/store/receptions.ts';
import { consent, event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, send } from '#test/build/journey.ts';
import { settings } from '#test/build/settings.ts';
import { meanwhile } from '#test/build/table.ts';

const MINUTE = 60_000;
const YES = [consent('offers', '2026-03-01T00:00:00.000Z')];
const offer = journey({ steps: [send('offer')] });
const other = journey({ id: 'other', trigger: { type: 'event', event: 'registration' }, steps: [send('hi')] });
const order = journey({
  id: 'order',
  topic: 'orders',
  trigger: { type: 'event', event: 'purchase' },
  entry: { key: 'orderId' },
  steps: [send('receipt')],
});
const authors = {
  default: 'team@shop.example',
  journeys: { [offer.id]: 'ann@shop.example' },
  when: 'remarks',
} as const;

let shop: HandShop;
let told = 0;

beforeEach(async () => {
  shop = await HandShop.open([offer, other, order], settings({ authors }));
  told = 0;
});

/** What tally has counted of these ten minutes. */
async function received(scope: string, mails: number, bounces: number, complaints = 0): Promise<void> {
  const stretch = `${shop.clock.now().slice(0, 15)}0:00.000Z`;
  const { set = [] } = addingTo(undefined, stretch, { [scope]: { mails, bounces, complaints } });
  told += 1;
  await shop.table.write({
    kind: 'update',
    key: receptionKey(stretch, `shard-${told}`),
    change: { set: [...set, [['checkpoint'], '1'], [['duePk'], dueShard(0)], [['due'], shop.clock.now()]] },
  });
}

async function said(type: 'cart.updated' | 'registration' | 'purchase', email: string): Promise<void> {
  shop.clock.pass(1000);
  const id = `${type}-${email}`;
  await shop.enrol(
    event(type, { id, at: shop.clock.now(), identities: { email }, consents: YES, data: { orderId: id } }),
  );
  await shop.leg().run();
}
const went = () => shop.mailer.mails.map(({ to, tags }) => `${tags['step']} ${to}`);
const tripped = async () => Object.keys((await loadFlow(shop.table)).trips ?? {}).sort();

async function lying(lot: string): Promise<number> {
  const shards = Array.from({ length: DUE_SHARDS }, (_, shard) =>
    shop.table.queryIndex({ index: 'due', pk: parkShard(lot, shard), limit: 1000 }),
  );
  return (await Promise.all(shards)).flat().length;
}
async function resume(): Promise<void> {
  const { trips = {} } = await loadFlow(shop.table);
  await shop.table.write(changeFlow(resumeFlow(trips, shop.clock.now())));
}
async function pass(minutes: number): Promise<void> {
  for (let i = 0; i < minutes; i += 1) {
    shop.clock.pass(MINUTE);
    await shop.review();
    await shop.send();
  }
}

describe('a journey whose mails bounce', () => {
  it('stands still, and other marketing and order mails go; let go, its mails go in their order', async () => {
    await received(`journey/${offer.id}`, 200, 20);
    await shop.review();
    expect(await tripped()).toEqual([`journey/${offer.id}`]);
    for (const n of [1, 2, 3]) await said('cart.updated', `a${n}@shop.example`);
    await said('registration', 'b@shop.example');
    await said('purchase', 'c@shop.example');
    await shop.send();
    await pass(20);
    expect(went().sort()).toEqual(['hi b@shop.example', 'receipt c@shop.example']);
    expect((await loadFlow(shop.table)).reserved).toBe(2);
    expect(await lying(lotOf('marketing', `journey/${offer.id}`))).toBe(3);
    await resume();
    await pass(3);
    expect(went().slice(2).sort()).toEqual([1, 2, 3].map((n) => `offer a${n}@shop.example`));
    expect(await lying(lotOf('marketing', `journey/${offer.id}`))).toBe(0);
  });

  it('does not trip again by what bounced before somebody let it go, and does by what bounces then', async () => {
    await received(`journey/${offer.id}`, 200, 20);
    await shop.review();
    await pass(30);
    await resume();
    await pass(2);
    await received('journey/none', 200, 20);
    await shop.review();
    expect(await tripped()).toEqual(['journey/none']);
    await received(`journey/${offer.id}`, 200, 20);
    await shop.review();
    expect(await tripped()).toEqual([`journey/${offer.id}`, 'journey/none'].sort());
  });

  it('costs nothing for what waits: nothing is asked of it, and of its text nothing is read', async () => {
    await received(`journey/${offer.id}`, 200, 20);
    await shop.review();
    await said('cart.updated', 'a@shop.example');
    const find = () => Promise.reject(new Error('nobody may ask'));
    expect(await shop.send({ templates: { find } as never })).toEqual([]);
    expect(await lying(lotOf('marketing', `journey/${offer.id}`))).toBe(1);
  });

  it('is remembered as let go until nothing of it waits, and for eight days', async () => {
    await received(`journey/${offer.id}`, 200, 20);
    await shop.review();
    await said('cart.updated', 'a@shop.example');
    await shop.send();
    await resume();
    const pause = { lanes: 'marketing', at: shop.clock.now(), by: 'ann', reason: 'sale' };
    await shop.table.write(changeFlow({ set: [[['pause'], pause]] }));
    shop.clock.pass(9 * 86_400_000);
    await shop.review();
    const fresh = async () => Object.keys((await loadFlow(shop.table)).fresh ?? {});
    expect(await fresh()).toEqual([`journey/${offer.id}`]);
    await shop.table.write(changeFlow({ remove: [['pause']] }));
    await shop.review();
    expect(await lying(lotOf('marketing', `journey/${offer.id}`))).toBe(0);
    await shop.review();
    expect(await fresh()).toEqual([]);
  });

  it('holds those whose hints were lost, too, and gives none again', async () => {
    await said('cart.updated', 'a@shop.example');
    shop.outbox.marketing.take();
    await received(`journey/${offer.id}`, 200, 20);
    await shop.review();
    shop.clock.pass(6 * MINUTE);
    await shop.review();
    expect(shop.outbox.marketing.take()).toEqual([]);
    expect(await lying(lotOf('marketing', `journey/${offer.id}`))).toBe(1);
  });
});

it('a provider that bounces stands still by itself: mails to others go', async () => {
  await received('to/gmail.com', 100, 0, 5);
  await shop.review();
  await said('cart.updated', 'ann@googlemail.com');
  await said('cart.updated', 'bob@shop.example');
  await shop.send();
  expect(went()).toEqual(['offer bob@shop.example']);
  expect((await loadFlow(shop.table)).reserved).toBe(1);
  await resume();
  await pass(2);
  expect(went()).toContain('offer ann@googlemail.com');
});

it('when the whole shop trips, all marketing waits and order mails go', async () => {
  await received(ALL, 1000, 60);
  await shop.review();
  await said('registration', 'b@shop.example');
  await said('purchase', 'c@shop.example');
  await shop.send();
  expect(went()).toEqual(['receipt c@shop.example']);
  expect(await lying('marketing')).toBe(1);
  await pass(3);
  expect(shop.metrics.counts['MarketingHalted']).toBe(3);
  await resume();
  await pass(2);
  expect(went()).toEqual(['receipt c@shop.example', 'hi b@shop.example']);
});

it('a mailing on its way stands still with its next stretch of slots', async () => {
  for (let n = 0; n < 5; n += 1) await said('cart.updated', `a${n}@shop.example`);
  shop.mailer.after = async () => {
    if (shop.mailer.mails.length > 1) return;
    await received(`journey/${offer.id}`, 200, 20);
    await shop.review();
  };
  await shop.send({ rate: 1 });
  expect(went()).toHaveLength(1);
  expect(await lying(lotOf('marketing', `journey/${offer.id}`))).toBe(4);
});

describe('a verdict', () => {
  const reception = async () =>
    shop.scan().filter(({ pk, duePk }) => typeof duePk === 'string' && pk !== 'FLOW' && !pk.startsWith('C#'));

  it('is passed by the next run where the table was busy, and nobody is told before', async () => {
    await received(`journey/${offer.id}`, 200, 20);
    const busy = meanwhile(shop.table, (writes) => {
      if (writes.length === 2) throw new Conflict('busy');
    });
    await shop.review({ table: busy });
    expect([await tripped(), shop.tell.take(), shop.metrics.counts['ReviewFailed']]).toEqual([[], [], undefined]);
    await received('journey/none', 1, 1);
    await shop.review();
    expect(await tripped()).toEqual([`journey/${offer.id}`]);
    expect(shop.tell.take()).not.toEqual([]);
  });

  it('that cannot be written for another reason is a failure, and its ten minutes stay due', async () => {
    await received(`journey/${offer.id}`, 200, 20);
    const broken = meanwhile(shop.table, (writes) => {
      if (writes.length === 2) throw new Error('no route');
    });
    await shop.review({ table: broken });
    expect(shop.metrics.counted).toEqual([['ReviewFailed', 1, { kind: 'reception' }]]);
    expect(await reception()).toHaveLength(1);
  });

  it('is passed once of ten minutes, and again where more was told of them meanwhile', async () => {
    await received('journey/none', 10, 1);
    const [row] = await reception();
    if (!row) throw new Error('none');
    const { pk, sk } = row;
    const telling = meanwhile(shop.table, async (writes) => {
      const [one] = writes;
      if (one?.kind !== 'update' || one.key.pk !== pk) return;
      await shop.table.write({ kind: 'update', key: { pk, sk }, change: { set: [[['checkpoint'], '2']] } });
    });
    await shop.review({ table: telling });
    expect(await reception()).toHaveLength(1);
    await shop.review();
    expect(await reception()).toEqual([]);
  });

  it('is not passed of what lies too far back, which is due no more', async () => {
    await received(`journey/${offer.id}`, 200, 20);
    shop.clock.pass(4 * 86_400_000);
    await shop.review();
    expect([await tripped(), await reception()]).toEqual([[], []]);
  });
});

describe('of what stands still', () => {
  const mails = async () => {
    const tellOne = (hint: unknown) => tell(hint, { ...shop.deps, bucket: shop.bucket, tell: shop.tell });
    for (const hint of shop.tell.take()) for (const _ of [1, 2]) await tellOne(hint);
    return shop.mailer.mails.map(({ to, subject, text }) => ({ to, subject, text }));
  };

  it('the bus, the team and the author of its journey are told once, with the figures and what to do', async () => {
    await received(`journey/${offer.id}`, 200, 20);
    await received('topic/offers', 400, 20);
    await pass(3);
    const entries = shop.bus.entries.filter(({ source }) => source === 'tropa.mail');
    expect(entries).toMatchObject([
      {
        detailType: 'mail.halted',
        detail: { halted: expect.arrayContaining([expect.objectContaining({ scope: 'topic/offers', percent: 5 })]) },
      },
    ]);
    const sent = await mails();
    expect(sent.map(({ to }) => to)).toEqual(['team@shop.example', 'ann@shop.example']);
    expect(sent[0]?.subject).toBe('Halted: marketing mail, 2 parts of it');
    expect(sent[0]?.text).toContain('20 of 400 mails (5 %) of the last 3 days bounced for good; the limit is 4 %');
    expect(sent[0]?.text).toContain('tropa mail resume --topic offers --stage STAGE --reason');
    expect(sent[1]?.text).not.toContain('topic');
  });

  it('whoever could not be told is told a minute later, and the row of the ten minutes is looked at no more', async () => {
    await received(ALL, 200, 20);
    const take = shop.bus.put.bind(shop.bus);
    shop.bus.put = async () => [0];
    await shop.review();
    expect(shop.metrics.counts['ReviewFailed']).toBe(1);
    shop.bus.put = take;
    await pass(1);
    expect((await mails()).map(({ to }) => to)).toEqual(['team@shop.example']);
    expect(await shop.review()).toBe(0);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { review } from '#functions/review/review.ts';
import { glanceKey } from '#shared/store/keys.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, send, tag, waitFor } from '#test/build/journey.ts';
import { FaultyTable } from '#test/faults/table.ts';

const receipt = journey({
  topic: 'orders',
  steps: [
    send('hello'),
    waitFor('read', { message: 'hello', is: 'clicked' }, { then: [tag('keen')], otherwise: [tag('cool')] }),
  ],
});
const BROWSER = {
  userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  ipAddress: '192.0.2.7',
};
const APPLE = { userAgent: 'Mozilla/5.0', ipAddress: '104.28.1.1' };
const PYTHON = { userAgent: 'python-requests/2.32', ipAddress: '192.0.2.9' };
const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** A mail that was handed over at the beginning; what SES says of it names seconds after that. */
async function sent() {
  const shop = await HandShop.open([receipt]);
  await shop.enrol(event('cart.updated'));
  const leg = shop.leg();
  await leg.run();
  await shop.send();
  const { contact, id } = await shop.message('hello');
  const start = shop.clock.now();
  const at = (seconds: number) => plusMillis(start, seconds * SECOND);
  const mail = {
    timestamp: start,
    messageId: 'ses-1',
    destination: ['ann@shop.example'],
    tags: { contact: [contact], message: [id] },
  };
  const says = (eventType: string, more: object) => shop.track({ eventType, mail, ...more });
  const delivery = (seconds = 3) => says('Delivery', { delivery: { timestamp: at(seconds) } });
  const open = (seconds: number, who: object) => says('Open', { open: { timestamp: at(seconds), ...who } });
  const click = (seconds: number, link: string, who: object = BROWSER) =>
    says('Click', {
      click: { timestamp: at(seconds), link: `https://shop.example/${link}`, linkTags: { link: [link] }, ...who },
    });
  /** Review runs each minute. */
  const minutes = async (count: number) => {
    for (let n = 0; n < count; n += 1) {
      shop.clock.pass(MINUTE);
      await shop.review();
    }
  };
  const message = () => shop.message('hello');
  return { shop, leg, at, delivery, open, click, minutes, message, glance: glanceKey(contact, id) };
}

describe('what a program does with a mail', () => {
  it('is noted aside: an opening by Apple is no opening', async () => {
    const { shop, delivery, open, message, at } = await sent();
    await delivery();
    await open(20, APPLE);
    expect(await message()).toMatchObject({ machineOpened: at(20) });
    expect((await message()).facts.opened).toBeUndefined();
    expect(shop.metrics.counts['MachineEngagement']).toBe(1);
  });

  it('leaves the opening of a person as it is', async () => {
    const { delivery, open, message, at } = await sent();
    await delivery();
    await open(20, APPLE);
    await open(90, BROWSER);
    expect(await message()).toMatchObject({ machineOpened: at(20), facts: { opened: at(90) } });
  });

  it('wakes nobody who waits for a click', async () => {
    const { leg, delivery, click, message, minutes } = await sent();
    await delivery();
    await click(300, 'cart', PYTHON);
    await minutes(5);
    expect(leg.isPaused).toBe(true);
    expect(await message()).toMatchObject({ machineClicked: expect.any(String) });
    expect((await message()).links).toBeUndefined();
  });

  it('is an opening before anybody can have read it', async () => {
    const { open, message } = await sent();
    await open(1, BROWSER);
    expect((await message()).facts.opened).toBeUndefined();
  });

  it('tells all the same that the mail has gone, while nobody knows', async () => {
    const { shop, open, message } = await sent();
    const { contact, id } = await message();
    await shop.table.write({
      kind: 'update',
      key: { pk: `C#${contact}`, sk: `M#${id}` },
      change: {
        set: [
          [['state'], 'claimed'],
          [['facts'], {}],
        ],
      },
    });
    await open(20, APPLE);
    expect(await message()).toMatchObject({ state: 'done', facts: { sent: expect.any(String) } });
  });
});

describe('a click', () => {
  it('is believed at once when the mail has lain there for two minutes', async () => {
    const { leg, delivery, click, message, at } = await sent();
    await delivery();
    await click(124, 'cart');
    expect((await message()).facts.clicked).toBe(at(124));
    expect(leg.isPaused).toBe(false);
  });

  it('in the first two minutes is believed a minute later, with its own time, and wakes who waits', async () => {
    const { shop, leg, delivery, click, message, minutes, at } = await sent();
    await delivery();
    shop.clock.pass(20 * SECOND);
    await click(20, 'cart');
    expect((await message()).facts.clicked).toBeUndefined();
    await minutes(1);
    expect(await message()).toMatchObject({ facts: { clicked: at(20) }, links: ['cart'] });
    expect(leg.isPaused).toBe(false);
    await leg.run();
    expect((await shop.contact()).tags).toEqual(['keen']);
  });

  it('is no person’s among clicks on three links within seconds', async () => {
    const { leg, delivery, click, message, minutes } = await sent();
    await delivery();
    for (const [seconds, link] of [
      [10, 'cart'],
      [13, 'help'],
      [17, 'shop'],
    ] as const)
      await click(seconds, link);
    await minutes(4);
    expect((await message()).facts.clicked).toBeUndefined();
    expect(await message()).toMatchObject({ machineClicked: expect.any(String) });
    expect(leg.isPaused).toBe(true);
  });

  it('of a person after a scan counts', async () => {
    const { delivery, click, message, minutes, at } = await sent();
    await delivery();
    for (const [seconds, link] of [
      [10, 'cart'],
      [10.2, 'help'],
      [10.4, 'shop'],
      [70, 'cart'],
    ] as const)
      await click(seconds, link);
    await minutes(4);
    expect(await message()).toMatchObject({ facts: { clicked: at(70) }, machineClicked: at(10) });
  });

  it('before a mail can have been read is a machine’s', async () => {
    const { delivery, click, message, minutes } = await sent();
    await click(4, 'cart');
    await delivery(3);
    await minutes(2);
    expect((await message()).facts.clicked).toBeUndefined();
  });

  it('ends alike in whatever order SES tells of it and the others, and however often', async () => {
    type Told = readonly ['delivery'] | readonly [seconds: number, link: string];
    const scans: Told[] = [['delivery'], [6, 'cart'], [6.3, 'help'], [6.8, 'shop'], [80, 'cart'], [100, 'help']];
    const orders = fc.shuffledSubarray([...scans, ...scans], { minLength: 12, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(orders, async (order) => {
        const { shop, delivery, click, message, minutes, at } = await sent();
        shop.clock.pass(100 * SECOND);
        for (const [what, link = ''] of order) await (what === 'delivery' ? delivery() : click(what, link));
        await minutes(3);
        const { facts, machineClicked, links } = await message();
        expect([machineClicked !== undefined, links]).toEqual([true, ['cart', 'help']]);
        expect(facts.clicked).toBe(at(80));
      }),
      { numRuns: 10, seed: 7 },
    );
  });

  it('that came just before review waits for the next time: those that give it away are still to be told', async () => {
    const { shop, delivery, click, message, minutes } = await sent();
    await delivery();
    await click(4, 'cart');
    shop.clock.pass(30 * SECOND);
    await click(85, 'help');
    await minutes(1);
    expect((await message()).facts.clicked).toBeUndefined();
    await click(85.5, 'shop');
    await minutes(2);
    expect((await message()).facts.clicked).toBeUndefined();
  });

  it('told again a day later is still known for what it was', async () => {
    const { delivery, click, message, minutes, glance, shop } = await sent();
    await delivery();
    for (const [seconds, link] of [
      [10, 'cart'],
      [10.2, 'help'],
    ] as const)
      await click(seconds, link);
    await minutes(3);
    await click(10, 'cart');
    expect((await shop.table.get(glance))?.['due']).toBeUndefined();
    await minutes(3);
    expect((await message()).facts.clicked).toBeUndefined();
  });

  it('is settled anew when review was cut off at any write', async () => {
    for (const cut of [1, 2, 3]) {
      const { shop, delivery, click, message, minutes, leg } = await sent();
      await delivery();
      await click(20, 'cart');
      shop.clock.pass(MINUTE);
      const table = new FaultyTable(shop.table, ({ write }) => (write === cut ? 'crash-after' : undefined));
      await review({ ...shop.deps, table }).catch(() => {});
      await minutes(2);
      expect((await message()).facts.clicked).toBeDefined();
      expect(leg.isPaused).toBe(false);
    }
  });

  it('keeps no more than forty of them', async () => {
    const { shop, delivery, click, glance } = await sent();
    await delivery();
    for (let n = 0; n < 60; n += 1) await click(10 + n / 10, `link${n}`);
    const row = await shop.table.get(glance);
    expect(Object.keys(row ?? {}).filter((name) => name.startsWith('click:'))).toHaveLength(40);
  });
});

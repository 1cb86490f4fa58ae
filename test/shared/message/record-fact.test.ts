import { describe, expect, it } from 'vitest';
import { recordFact } from '#shared/message/record-fact.ts';
import type { Fact } from '#shared/store/messages.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, send, tag, waitFor } from '#test/build/journey.ts';

const DAY = 86_400_000;
const mailing = journey({
  topic: 'orders',
  steps: [send('hello'), waitFor('read', { message: 'hello', is: 'clicked' }, { then: [tag('keen')] })],
});
const startedBy = (type: string) =>
  journey({ id: type.replace('.', '-'), trigger: { type: 'event', event: type }, steps: [tag('told')] });

/** A mail that has gone, in a shop where somebody asks for clicks and complaints. */
async function sent() {
  const shop = await HandShop.open([mailing, startedBy('message.clicked'), startedBy('message.complained')]);
  await shop.enrol(event('cart.updated'));
  const leg = shop.leg();
  await leg.run();
  await shop.send();
  shop.bus.entries.splice(0);
  const record = async (fact: Fact) => recordFact(await shop.message('hello'), fact, shop.deps);
  const told = () =>
    shop.bus.entries.splice(0).map(({ detailType, detail }) => [detailType, (detail as { at: string }).at]);
  return { shop, leg, record, told };
}

describe('a new fact of a message', () => {
  it('stands on it, wakes its passage where that listens for it, and is told where somebody asks', async () => {
    const { shop, leg, record, told } = await sent();
    const at = shop.clock.now();
    await record({ fact: 'opened', at });
    expect(leg.isPaused).toBe(true);
    expect(told()).toEqual([]);
    await record({ fact: 'clicked', at, link: 'https://shop.example/a' });
    expect(leg.isPaused).toBe(false);
    expect(told()).toEqual([['message.clicked', at]]);
    expect((await shop.message('hello')).facts).toMatchObject({ opened: at, clicked: at });
  });

  it('is told for two weeks, and recorded all the same later', async () => {
    const { shop, record, told } = await sent();
    const at = shop.clock.now();
    shop.clock.pass(14 * DAY);
    await record({ fact: 'clicked', at, link: 'https://shop.example/a' });
    expect(told()).toEqual([['message.clicked', at]]);
    shop.clock.pass(1);
    await record({ fact: 'clicked', at, link: 'https://shop.example/b' });
    expect(told()).toEqual([]);
    expect((await shop.message('hello')).links).toEqual(['https://shop.example/a', 'https://shop.example/b']);
  });

  it('that is a complaint is told by who withdraws the consent with it', async () => {
    const { shop, record, told } = await sent();
    await record({ fact: 'complained', at: shop.clock.now() });
    expect(told()).toEqual([]);
  });
});

describe('a fact that stands already', () => {
  it('changes nothing, and is told again as it was', async () => {
    const { shop, record, told } = await sent();
    const at = shop.clock.now();
    await record({ fact: 'clicked', at, link: 'https://shop.example/a' });
    told();
    await record({ fact: 'clicked', at: plusMillis(at, 1000), link: 'https://shop.example/a' });
    expect(told()).toEqual([['message.clicked', at]]);
    expect((await shop.message('hello')).facts.clicked).toBe(at);
  });

  it('of another link is noted, of twenty at most', async () => {
    const { shop, record } = await sent();
    const at = shop.clock.now();
    for (let i = 0; i < 22; i += 1) await record({ fact: 'clicked', at, link: `https://shop.example/${i}` });
    expect((await shop.message('hello')).links).toHaveLength(20);
  });

  it('of a bounce becomes one for good when that is said later', async () => {
    const { shop, record } = await sent();
    const at = shop.clock.now();
    await record({ fact: 'bounced', at });
    expect(await shop.message('hello')).not.toHaveProperty('hardBounced');
    await record({ fact: 'bounced', at: plusMillis(at, 1000), hardBounced: plusMillis(at, 1000) });
    expect(await shop.message('hello')).toMatchObject({ facts: { bounced: at }, hardBounced: plusMillis(at, 1000) });
  });
});

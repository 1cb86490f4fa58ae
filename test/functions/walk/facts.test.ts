import { describe, expect, it } from 'vitest';
import type { Write } from '#shared/store/table.ts';
import { edit, told } from '#test/build/edit.ts';
import type { HandShop } from '#test/build/hand-shop.ts';
import { journey, send, tag, wait, waitFor } from '#test/build/journey.ts';
import { inside, MOVE } from '#test/build/moved.ts';

async function click(shop: HandShop): Promise<void> {
  const { id, contact } = await shop.message('hello');
  const tags = { message: [id], contact: [contact], journey: ['cart'], step: ['hello'] };
  await shop.track({
    eventType: 'Click',
    mail: { messageId: 'm', timestamp: shop.clock.now(), destination: ['ann@shop.example'], tags },
    click: { timestamp: shop.clock.now(), link: 'https://shop.example/' },
  });
}

/** Once, before the next write that notes something of a message. */
function beforeTheNote(shop: HandShop, act: () => Promise<void>): void {
  const [write, transact] = [shop.table.write.bind(shop.table), shop.table.transact.bind(shop.table)];
  const isNote = (one: Write): boolean => one.kind === 'update' && one.key.sk.startsWith('M#');
  let done = false;
  const perhaps = async (writes: readonly Write[]): Promise<void> => {
    if (done || !writes.some(isNote)) return;
    done = true;
    await act();
  };
  shop.table.write = async (one) => {
    await perhaps([one]);
    return write(one);
  };
  shop.table.transact = async (writes) => {
    await perhaps(writes);
    return transact(writes);
  };
}

describe('what is said of a mail while its passage is moved', () => {
  const clicked = (id: string) =>
    waitFor(id, { message: 'hello', is: 'clicked' }, { upTo: 'P5D', then: [tag('yes')], otherwise: [tag('no')] });

  it.each([
    ['listened for nothing', wait('old', 'P5D')],
    ['listened for it under another name', clicked('old')],
  ])('is heard by the new version, where the one before %s', async (_, old) => {
    const { shop } = await inside(journey({ steps: [send('hello'), old] }));
    await shop.send();
    // A version is not looked up for what is said of a mail of the live one.
    const publish = { ...MOVE, moved: { old: 'new' } };
    await edit(shop, journey({ publish, steps: [send('hello'), clicked('new')] }), 2);
    beforeTheNote(shop, async () => {
      await told(shop);
      expect(await shop.leg().run()).toBe('parked');
    });
    await click(shop);
    const passage = await shop.passage();
    expect(passage).toMatchObject({ version: 2, cursor: { step: 'new' }, heard: { 'new/0': { n: 1 } } });
    expect(shop.executions.isWaiting(passage.token ?? '')).toBe(false);
  });

  it('is noted all the same when the passage ends meanwhile', async () => {
    const { shop, leg } = await inside(journey({ steps: [send('hello'), wait('old', 'P5D')] }));
    await shop.send();
    await edit(shop, journey({ publish: { ...MOVE, moved: { old: 'end' } }, steps: [send('hello')] }), 2);
    beforeTheNote(shop, async () => {
      await told(shop);
      expect(await leg.run()).toBe('finished');
    });
    await click(shop);
    expect((await shop.message('hello')).facts).toHaveProperty('clicked');
  });
});

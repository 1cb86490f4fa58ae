import { describe, expect, it } from 'vitest';
import { walk } from '#functions/walk/walk.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { edit, told } from '#test/build/edit.ts';
import { event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, send, tag, wait, waitFor } from '#test/build/journey.ts';
import { DAY, inside, MINUTE, MOVE, moved, YES } from '#test/build/moved.ts';

describe('an edit that moves those inside', () => {
  const before = journey({ steps: [wait('think', 'P2D'), tag('old')] });

  it('reckons a wait from when it began: a longer one ends later', async () => {
    const { shop, leg, began } = await inside(before);
    const later = await moved(shop, journey({ publish: MOVE, steps: [wait('think', 'P5D'), tag('new')] }));
    expect(await shop.passage()).toMatchObject({
      ...{ version: 2, first: 1, leg: 2 },
      cursor: { step: 'think', began, wakeAt: plusMillis(began, 5 * DAY) },
    });
    expect((await shop.contact()).inside).toEqual({ 'cart##1': 2 });
    // The execution of before learns that it is over, and does nothing.
    expect(leg.isPaused).toBe(false);
    expect(await leg.run()).toBe('finished');
    await later.leg.runOut();
    expect((await shop.contact()).tags).toEqual(['new']);
  });

  it('ends a wait at once that would be over by now', async () => {
    const { shop } = await inside(before);
    shop.clock.pass(DAY);
    const { came } = await moved(shop, journey({ publish: MOVE, steps: [wait('think', 'PT6H'), tag('new')] }));
    expect(came).toBe('finished');
    expect((await shop.contact()).tags).toEqual(['new']);
  });

  it('goes on where "moved" says, from the beginning of that step', async () => {
    const { shop } = await inside(before);
    shop.clock.pass(DAY);
    await moved(
      shop,
      journey({ publish: { ...MOVE, moved: { think: 'rest' } }, steps: [tag('new'), wait('rest', 'P2D')] }),
    );
    const now = shop.clock.now();
    expect(await shop.passage()).toMatchObject({
      cursor: { step: 'rest', began: now, wakeAt: plusMillis(now, 2 * DAY) },
    });
    expect((await shop.contact()).tags).toEqual([]);
  });

  it('lets those go whom "moved" sends to the end', async () => {
    const { shop, leg } = await inside(before);
    await edit(shop, journey({ publish: { ...MOVE, moved: { think: 'end' } }, steps: [tag('new')] }), 2);
    await told(shop);
    expect(await leg.run()).toBe('finished');
    expect(await shop.passage()).toMatchObject({ version: 1, outcome: 'replaced' });
  });

  it('leaves on its version who stands where the edit leads nowhere', async () => {
    const { shop, leg } = await inside(before);
    await edit(shop, journey({ publish: MOVE, steps: [tag('new')] }), 2);
    await told(shop);
    await leg.runOut();
    expect((await shop.contact()).tags).toEqual(['old']);
  });

  it('takes along who has not taken a turn yet', async () => {
    const shop = await HandShop.open([before]);
    await shop.enrol(event('cart.updated'));
    const old = shop.leg();
    const { came } = await moved(shop, journey({ publish: MOVE, steps: [tag('new')] }));
    expect(came).toBe('finished');
    expect(await old.run()).toBe('finished');
    expect((await shop.contact()).tags).toEqual(['new']);
  });

  it('runs no step again that lies behind it, wherever it stands now', async () => {
    const { shop } = await inside(journey({ steps: [send('hello'), wait('think', 'P2D'), tag('end')] }));
    await shop.send();
    const steps = [
      wait('think', 'P2D'),
      send('hello'),
      { type: 'branch', id: 'b', cases: [{ if: { tag: 'x' }, steps: [] }] },
      tag('end'),
    ];
    const { leg } = await moved(shop, journey({ publish: MOVE, steps }));
    await leg.runOut();
    await shop.send();
    expect(shop.mailer.mails).toHaveLength(1);
    expect((await shop.contact()).tags).toEqual(['end']);
  });

  it('may be told twice, and cut off at any write', async () => {
    const { shop } = await inside(before);
    await edit(shop, journey({ publish: MOVE, steps: [wait('think', 'P5D'), tag('new')] }), 2);
    shop.clock.pass(MINUTE);
    await shop.review();
    const [first] = shop.walking.bodies;
    await shop.walk();
    shop.walking.send([first ?? {}]);
    shop.clock.pass(15 * MINUTE);
    await shop.review();
    await shop.walk();
    expect(await shop.passage()).toMatchObject({ version: 2, leg: 2 });
    expect(shop.legs()).toHaveLength(2);
  });

  it('ends the execution of before although whoever moved it was cut off before they could say so', async () => {
    const { shop, leg } = await inside(before);
    await edit(shop, journey({ publish: MOVE, steps: [wait('think', 'P5D'), tag('new')] }), 2);
    shop.clock.pass(MINUTE);
    await shop.review();
    const cutOff = { ...shop.deps.executions, start: () => Promise.reject(new Error('cut off')) };
    for (const body of shop.walking.take())
      await walk(body, { ...shop.deps, executions: { ...cutOff, succeed: () => cutOff.start() } }).catch(() => {});
    expect(await shop.passage()).toMatchObject({ version: 2, leg: 2, next: 'start' });
    expect(leg.isPaused).toBe(true);
    shop.clock.pass(10 * MINUTE);
    await shop.review();
    expect(leg.isPaused).toBe(false);
    expect(await leg.run()).toBe('finished');
    expect(shop.legs()).toHaveLength(2);
  });

  it('wins over a turn that is under way', async () => {
    const { shop, leg } = await inside(before);
    shop.clock.pass(2 * DAY);
    leg.timeOut();
    await edit(shop, journey({ publish: MOVE, steps: [wait('think', 'P5D'), tag('new')] }), 2);
    await told(shop);
    await leg.advance({ timedOut: true });
    expect(await leg.pause()).toBe('finished');
    await shop.leg().run();
    expect((await shop.contact()).tags).toEqual([]);
    expect(await shop.passage()).toMatchObject({ version: 2, cursor: { step: 'think' } });
  });
});

describe('what those inside listen for after the edit', () => {
  const looking = (condition: object, more: object = {}) =>
    journey({ steps: [waitFor('looked', condition, { then: [tag('yes')], otherwise: [tag('no')] })], ...more });

  it('is what the new version says', async () => {
    const { shop } = await inside(looking({ event: 'page.viewed' }));
    const { leg } = await moved(shop, looking({ event: 'wishlist.updated' }, { publish: MOVE }));
    await shop.enrol(event('page.viewed', { id: 'a', at: shop.clock.now() }));
    expect(leg.isPaused).toBe(true);
    await shop.enrol(event('wishlist.updated', { id: 'b', at: shop.clock.now() }));
    await leg.run();
    expect((await shop.contact()).tags).toEqual(['yes']);
  });

  it('has happened already, if it has since the step began', async () => {
    const { shop } = await inside(looking({ event: 'page.viewed' }));
    shop.clock.pass(MINUTE);
    await shop.enrol(event('wishlist.updated', { at: shop.clock.now() }));
    const { came } = await moved(shop, looking({ event: 'wishlist.updated' }, { publish: MOVE }));
    expect(came).toBe('finished');
    expect((await shop.contact()).tags).toEqual(['yes']);
  });

  it('has not happened by what was before the step', async () => {
    const shop = await HandShop.open([looking({ event: 'page.viewed' })]);
    await shop.enrol(event('wishlist.updated', { id: 'w' }));
    shop.clock.pass(MINUTE);
    await shop.enrol(event('cart.updated', { consents: YES, at: shop.clock.now() }));
    await shop.leg().run();
    const { came } = await moved(shop, looking({ event: 'wishlist.updated' }, { publish: MOVE }));
    expect(came).toBe('parked');
  });

  it('is counted on where it is the same as before, under whatever place in the file', async () => {
    const three = { event: 'page.viewed', gte: 3 };
    const { shop } = await inside(looking(three));
    for (const id of ['a', 'b']) await shop.enrol(event('page.viewed', { id, at: shop.clock.now() }));
    const { leg } = await moved(shop, looking({ any: [{ event: 'wishlist.updated' }, three] }, { publish: MOVE }));
    expect((await shop.passage()).heard['looked/1']).toMatchObject({ n: 2 });
    await shop.enrol(event('page.viewed', { id: 'c', at: shop.clock.now() }));
    await leg.run();
    expect((await shop.contact()).tags).toEqual(['yes']);
  });

  it('holds of goals and exits: a new goal that came true since the entry is reached', async () => {
    const before = journey({ goal: { if: { event: 'registration' } }, steps: [wait('think', 'P2D')] });
    const { shop } = await inside(before);
    shop.clock.pass(MINUTE);
    await shop.enrol(event('purchase', { at: shop.clock.now() }));
    await moved(shop, { ...before, publish: MOVE, goal: { if: { event: 'purchase' } } });
    expect(await shop.passage()).toMatchObject({ state: 'converted' });
  });

  it('is what a message says, by the words of the new version', async () => {
    const steps = (id: string) => [
      send('hello'),
      wait('gap', 'PT1H'),
      waitFor(id, { message: 'hello', is: 'clicked' }, { upTo: 'P5D', then: [tag('yes')] }),
    ];
    const { shop } = await inside(journey({ steps: steps('old') }));
    await shop.send();
    const { leg } = await moved(shop, journey({ publish: MOVE, steps: steps('new') }));
    await leg.runOut();
    expect(await shop.passage()).toMatchObject({ cursor: { step: 'new' } });
    const { id, contact } = await shop.message('hello');
    const tags = { message: [id], contact: [contact], journey: ['cart'], step: ['hello'] };
    await shop.track({
      eventType: 'Click',
      mail: { messageId: 'm', timestamp: shop.clock.now(), destination: ['ann@shop.example'], tags },
      click: { timestamp: shop.clock.now(), link: 'https://shop.example/' },
    });
    expect(leg.isPaused).toBe(false);
    await leg.run();
    expect((await shop.contact()).tags).toEqual(['yes']);
  });
});

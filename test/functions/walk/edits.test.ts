import { describe, expect, it } from 'vitest';
import { plusMillis } from '#shared/time/instant.ts';
import { edit, told } from '#test/build/edit.ts';
import { event } from '#test/build/event.ts';
import { journey, send, tag, wait } from '#test/build/journey.ts';
import { DAY, inside, MINUTE, MOVE, mailsOf, moved } from '#test/build/moved.ts';

describe('edits that come soon after one another', () => {
  const cart = journey({ steps: [wait('think', 'P2D'), tag('through')] });

  it('let those go on who stood still when the journey was archived and opened again', async () => {
    const { shop, leg } = await inside(cart);
    await edit(shop, { ...cart, status: 'paused' }, 1);
    shop.clock.pass(2 * DAY);
    leg.timeOut();
    await leg.advance({ timedOut: true });
    expect(await leg.pause()).toBe('parked');
    await edit(shop, { ...cart, status: 'archived' }, 1);
    await edit(shop, cart, 1);
    await told(shop);
    expect(leg.isPaused).toBe(false);
    expect(await leg.run()).toBe('finished');
    expect(await shop.passage()).toMatchObject({ outcome: 'finished' });
  });
});

describe('an edit that is archived at once, and opened again before anybody was told', () => {
  it.each([
    ['move', { version: 2, state: 'inside' }],
    ['leave', { version: 1, outcome: 'replaced' }],
  ] as const)('has those inside %s', async (what, expected) => {
    const { shop } = await inside(journey({ steps: [wait('think', 'P2D'), tag('old')] }));
    const after = journey({ publish: { inside: what }, steps: [wait('think', 'P3D'), tag('new')] });
    await edit(shop, { ...after, status: 'archived' }, 2);
    await edit(shop, after, 2);
    await told(shop);
    await shop.leg().run();
    expect(await shop.passage()).toMatchObject(expected);
  });
});

describe('the walk of an edit that comes when the next edit is live already', () => {
  const steps = (time: string) => [wait('think', time), tag('through')];
  const third = journey({ name: 'Third', steps: steps('P5D') });

  it('moves those inside to its own version, since the next lets everybody finish', async () => {
    const { shop } = await inside(journey({ steps: steps('P2D') }));
    await edit(shop, journey({ publish: MOVE, steps: steps('P3D') }), 2);
    await edit(shop, third, 3);
    await told(shop);
    await shop.leg().run();
    expect(await shop.passage()).toMatchObject({ state: 'inside', version: 2, leg: 2 });
  });

  it('lets those go who were inside before it, and nobody who entered it', async () => {
    const { shop } = await inside(journey({ steps: steps('P2D') }));
    await edit(shop, journey({ publish: { inside: 'leave' }, steps: steps('P3D') }), 2);
    const email = 'bob@shop.example';
    await shop.enrol(event('cart.updated', { identities: { email } }));
    await edit(shop, third, 3);
    await told(shop);
    for (const leg of shop.legs()) await leg.run();
    expect(await shop.passage()).toMatchObject({ version: 1, outcome: 'replaced' });
    expect(await shop.passage(email)).toMatchObject({ version: 2, state: 'inside', heard: {} });
  });
});

describe('an edit that lets go who stands on a step', () => {
  it('lets nobody go who has just left it', async () => {
    const { shop, leg } = await inside(journey({ steps: [wait('think', 'P2D'), wait('rest', 'P3D'), tag('old')] }));
    shop.clock.pass(2 * DAY);
    const publish = { ...MOVE, moved: { think: 'end' } };
    await edit(shop, journey({ publish, steps: [wait('rest', 'P3D'), tag('new')] }), 2);
    const write = shop.table.write.bind(shop.table);
    // The turn gets in between the look at the passage and the word to it.
    shop.table.write = async (given) => {
      const isWord = given.kind === 'update' && given.key.sk.startsWith('J#');
      if (isWord && leg.timeOut()) await leg.advance({ timedOut: true });
      return write(given);
    };
    await told(shop);
    await shop.leg().run();
    expect(await shop.passage()).toMatchObject({ state: 'inside', version: 2, cursor: { step: 'rest' } });
  });
});

describe('a repeat that an edit puts around those inside', () => {
  it('counts the pass that they are in', async () => {
    const { shop } = await inside(journey({ steps: [send('hello'), wait('think', 'P2D'), tag('end')] }));
    expect(await mailsOf(shop)).toBe(1);
    const again = { type: 'repeat', id: 'again', times: 2, steps: [send('hello'), wait('think', 'P2D')] };
    await edit(shop, journey({ publish: MOVE, steps: [again, tag('end')] }), 2);
    await told(shop);
    const leg = shop.leg();
    await leg.run();
    await leg.runOut();
    expect(await mailsOf(shop)).toBe(2);
    expect(await leg.runOut()).toBe('finished');
    expect(await mailsOf(shop)).toBe(2);
  });
});

describe('a passage that is sent to the repeat it is in', () => {
  const lessons = (...steps: object[]) => ({ type: 'repeat', id: 'lessons', times: 3, steps });

  it('begins the same pass anew', async () => {
    const { shop, leg } = await inside(journey({ steps: [lessons(wait('think', 'P2D')), tag('end')] }));
    await leg.runOut();
    expect(await shop.passage()).toMatchObject({ passes: { lessons: 2 }, cursor: { step: 'think' } });
    const publish = { ...MOVE, moved: { think: 'lessons' } };
    const { leg: later } = await moved(shop, journey({ publish, steps: [lessons(wait('rest', 'P3D')), tag('end')] }));
    expect(await shop.passage()).toMatchObject({ passes: { lessons: 2 }, cursor: { step: 'rest' } });
    expect(await later.runOut()).toBe('parked');
    expect(await later.runOut()).toBe('finished');
  });

  it('begins the first pass anew, whatever the condition of the repeat says by now', async () => {
    const { shop } = await inside(journey({ steps: [lessons(wait('think', 'P2D')), tag('end')] }));
    const publish = { ...MOVE, moved: { think: 'lessons' } };
    await moved(shop, journey({ publish, steps: [{ ...lessons(wait('rest', 'P3D')), if: { tag: 'x' } }, tag('end')] }));
    expect(await shop.passage()).toMatchObject({ passes: { lessons: 1 }, cursor: { step: 'rest' } });
  });
});

describe('a split whose weights are edited', () => {
  const steps = (a: number, b: number) => [
    {
      type: 'repeat',
      id: 'again',
      times: 2,
      steps: [
        {
          type: 'split',
          id: 'test',
          arms: [
            { name: 'a', weight: a, steps: [tag('a')] },
            { name: 'b', weight: b, steps: [tag('b')] },
          ],
        },
        wait('think', 'P2D'),
      ],
    },
  ];

  it('leaves those inside in their arm', async () => {
    const { shop } = await inside(journey({ steps: steps(100, 0) }));
    await edit(shop, journey({ publish: MOVE, steps: steps(0, 100) }), 2);
    await told(shop);
    const leg = shop.leg();
    await leg.run();
    await leg.runOut();
    expect((await shop.contact()).tags).toEqual(['a']);
  });
});

describe('a mail that a paused journey holds back', () => {
  it('expires as it would have when it was held back before, and is moved then', async () => {
    const held = send('hello', { when: { from: '14:00', to: '15:00' }, expires: 'PT8H' });
    const { shop, leg } = await inside(journey({ steps: [held, wait('rest', 'P2D')] }));
    await edit(shop, journey({ status: 'paused', steps: [held, wait('rest', 'P2D')] }), 1);
    await leg.runOut();
    const { cursor } = await shop.passage();
    expect(cursor).toMatchObject({ step: 'hello', stalled: shop.clock.now() });
    shop.clock.pass(Date.parse(plusMillis(cursor?.began ?? '', 8 * 60 * MINUTE)) - Date.parse(shop.clock.now()));
    await moved(shop, journey({ publish: MOVE, steps: [held, wait('rest', 'P3D')] }));
    expect(await shop.message('hello')).toMatchObject({ state: 'done', reason: 'paused' });
    expect(await shop.passage()).toMatchObject({ cursor: { step: 'rest' } });
  });

  it('goes when the journey is live again before it expires, however soon that is', async () => {
    const { shop } = await inside(journey({ steps: [send('hello', { expires: 'PT10M' })] }));
    await edit(shop, journey({ status: 'paused', steps: [send('hello', { expires: 'PT10M' })] }), 1);
    expect(await mailsOf(shop)).toBe(0);
    shop.clock.pass(5 * MINUTE);
    await edit(shop, journey({ steps: [send('hello', { expires: 'PT10M' })] }), 1);
    shop.clock.pass(5 * MINUTE);
    await shop.review();
    expect(await mailsOf(shop)).toBe(1);
  });
});

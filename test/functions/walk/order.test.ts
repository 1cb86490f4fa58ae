import { describe, expect, it } from 'vitest';
import type { Journey } from '#shared/journey/journey.ts';
import { edit } from '#test/build/edit.ts';
import { journey, tag, wait } from '#test/build/journey.ts';
import { inside, MINUTE, MOVE } from '#test/build/moved.ts';

/** Three versions, one soon after the other, whose walks come in either order. */
async function edited(
  [first, second, third]: readonly [Journey, Journey, Journey],
  order: 'as published' | 'reversed',
) {
  const { shop, leg } = await inside(first);
  await edit(shop, second, 2);
  await edit(shop, third, 3);
  shop.clock.pass(MINUTE);
  await shop.review();
  const nameOf = (body: object): string => String(Reflect.get(body, 'name')).replace(/^.*#/, '');
  const stretches = shop.walking.take().toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  shop.walking.send(order === 'reversed' ? stretches.toReversed() : stretches);
  await shop.walk();
  return { shop, leg };
}

const before = journey({ steps: [wait('think', 'P2D'), tag('old')] });
const rest = [wait('rest', 'P2D'), tag('newer')];
const last = [wait('last', 'P2D'), tag('newest')];

describe.each(['as published', 'reversed'] as const)('edits within a minute whose walks come %s', (order) => {
  it('move everybody by each edit in turn', async () => {
    const second = journey({ publish: { ...MOVE, moved: { think: 'rest' } }, steps: rest });
    const third = journey({ publish: { ...MOVE, moved: { rest: 'last' } }, steps: last });
    const { shop } = await edited([before, second, third], order);
    await shop.leg().run();
    expect(await shop.passage()).toMatchObject({ version: 3, first: 1, cursor: { step: 'last' } });
  });

  it('pass over an edit that leads nowhere', async () => {
    const second = journey({ publish: MOVE, steps: rest });
    const third = journey({ publish: { ...MOVE, moved: { think: 'last' } }, steps: last });
    const { shop } = await edited([before, second, third], order);
    await shop.leg().run();
    expect(await shop.passage()).toMatchObject({ version: 3, cursor: { step: 'last' } });
  });

  it('pass over an edit that lets everybody finish', async () => {
    const second = journey({ steps: [wait('think', 'P9D'), tag('newer')] });
    const third = journey({ publish: { ...MOVE, moved: { think: 'last' } }, steps: last });
    const { shop } = await edited([before, second, third], order);
    await shop.leg().run();
    // Moved once: from the version they were in, whose second leg this is.
    expect(await shop.passage()).toMatchObject({ version: 3, leg: 2, cursor: { step: 'last' } });
  });

  it('let those go whom the first lets go', async () => {
    const second = journey({ publish: { inside: 'leave' }, steps: rest });
    const { shop, leg } = await edited([before, second, { ...before, publish: MOVE }], order);
    expect(leg.isPaused).toBe(false);
    await leg.run();
    expect(await shop.passage()).toMatchObject({ state: 'exited', outcome: 'replaced', version: 1, leg: 1 });
  });

  it('let those go whom the first sends out', async () => {
    const second = journey({ publish: { ...MOVE, moved: { think: 'end' } }, steps: rest });
    const { shop, leg } = await edited([before, second, { ...before, publish: MOVE }], order);
    await leg.run();
    expect(await shop.passage()).toMatchObject({ state: 'exited', outcome: 'replaced', version: 1, leg: 1 });
  });
});

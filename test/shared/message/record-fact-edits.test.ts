import { expect, it } from 'vitest';
import { ConditionFailed, Conflict } from '#shared/errors.ts';
import { recordFact, repeatFacts } from '#shared/message/record-fact.ts';
import { loadCatalogue, putCatalogue } from '#shared/store/journeys.ts';
import { enrolmentKey } from '#shared/store/keys.ts';
import type { Table, Write } from '#shared/store/table.ts';
import { edit, told } from '#test/build/edit.ts';
import type { HandShop } from '#test/build/hand-shop.ts';
import { journey, send, tag, wait, waitFor } from '#test/build/journey.ts';
import { inside, MOVE } from '#test/build/moved.ts';
import { meanwhile } from '#test/build/table.ts';

const clicked = (id: string) =>
  waitFor(id, { message: 'hello', is: 'clicked' }, { upTo: 'P5D', then: [tag(`${id}-yes`)] });
const asking = (id: string, more: object = {}) =>
  journey({ steps: [send('hello'), wait('gap'), clicked(id)], ...more });
const silent = (more: object = {}) => journey({ steps: [send('hello'), wait('gap'), tag('end')], ...more });

/** A mail has gone, and its passage waits before the step that asks about it. */
async function sent(definition = asking('old')) {
  const { shop, leg } = await inside(definition);
  await shop.send();
  const click = async (table: Table = shop.table) =>
    recordFact(await shop.message('hello'), { fact: 'clicked', at: shop.clock.now() }, { ...shop.deps, table });
  const heard = async () => Object.keys((await shop.passage()).heard);
  const clickedAt = async () => (await shop.message('hello')).facts.clicked;
  return { shop, leg, click, heard, clickedAt };
}

/** The table, where the edit that is under way moves the passage just before the next write. */
function movedBefore(shop: HandShop): Table {
  let isTold = false;
  return meanwhile(shop.table, async () => {
    if (isTold) return;
    isTold = true;
    await told(shop);
  });
}

/** The table, where the passage is on yet another version before each write. */
function neverStill(shop: HandShop): Table {
  let version = 1;
  return meanwhile(shop.table, async () => {
    version = version === 1 ? 2 : 1;
    const key = enrolmentKey(await shop.passage());
    await shop.table.write({ kind: 'update', key, change: { set: [[['version'], version]] } });
  });
}

it('what is said of a message is heard by the words of the version that its passage stays on', async () => {
  const { shop, click, heard } = await sent();
  await edit(shop, silent(), 2);
  await click();
  expect(await heard()).toEqual(['old/0']);
});

it('what is said of a message is heard by the words of the version that its passage has been moved to', async () => {
  const { shop, click, heard } = await sent();
  await edit(shop, asking('new', { publish: MOVE }), 2);
  await told(shop);
  await click();
  expect(await heard()).toEqual(['new/0']);
});

it.each([
  ['asks about it', asking('old'), ['new/0']],
  ['does not', silent(), ['new/0']],
])(
  'an edit that moves the passage meanwhile has it heard anew, whether the version before %s',
  async (_, old, hears) => {
    const { shop, click, heard, clickedAt } = await sent(old);
    const at = shop.clock.now();
    await edit(shop, asking('new', { publish: MOVE }), 2);
    await click(movedBefore(shop));
    expect(await heard()).toEqual(hears);
    expect(await clickedAt()).toBe(at);
  },
);

it('wakes the passage that an edit has just moved', async () => {
  const reading = (id: string, more: object = {}) => journey({ steps: [send('hello'), clicked(id)], ...more });
  const { shop, leg, click } = await sent(reading('read'));
  expect(leg.isPaused).toBe(true);
  await edit(shop, reading('read', { publish: MOVE }), 2);
  await click(movedBefore(shop));
  await shop.leg().run();
  expect((await shop.contact()).tags).toEqual(['read-yes']);
});

it('a passage that is moved without end leaves it to the next attempt', async () => {
  const { shop, click, clickedAt } = await sent();
  await edit(shop, asking('new', { publish: MOVE }), 2);
  await edit(shop, asking('newest', { publish: MOVE }), 3);
  await expect(click(neverStill(shop))).rejects.toBeInstanceOf(Conflict);
  expect(await clickedAt()).toBeUndefined();
});

it.each([
  ['where nothing was edited', undefined],
  ['after an edit', asking('new', { publish: MOVE })],
])('is noted although nobody is left to hear it, %s', async (_, edited) => {
  const { shop, click, clickedAt } = await sent();
  if (edited) await edit(shop, edited, 2);
  await shop.table.write({ kind: 'delete', key: enrolmentKey(await shop.passage()) });
  await click();
  expect(await clickedAt()).toBe(shop.clock.now());
  expect(await shop.passages()).toEqual([]);
});

it('what nobody asks about leaves the passage as it was', async () => {
  const { shop, click, clickedAt } = await sent(silent());
  const before = await shop.passage();
  await click();
  expect(await shop.passage()).toEqual(before);
  expect(await clickedAt()).toBe(shop.clock.now());
});

it('is heard by the words of its version although the journey is in no catalogue any more', async () => {
  const { shop, click, heard, clickedAt } = await sent();
  const { rev } = await loadCatalogue(shop.table);
  await shop.table.write(putCatalogue({ rev, journeys: {} }));
  shop.deps.published.refresh();
  await click();
  expect([await heard(), await clickedAt()]).toEqual([['old/0'], shop.clock.now()]);
});

it('is heard once where the passage stands on the newest version, without a second look', async () => {
  const { shop, click, heard } = await sent();
  await edit(shop, asking('new', { publish: MOVE }), 2);
  await told(shop);
  const writes: (readonly Write[])[] = [];
  await click(meanwhile(shop.table, (given) => void writes.push(given)));
  expect(writes).toHaveLength(1);
  expect(writes[0]?.some(({ kind }) => kind === 'check')).toBe(false);
  expect(await heard()).toEqual(['new/0']);
});

it('a fact that stands already wakes nobody who does not listen, and needs no write', async () => {
  const { shop, click, heard } = await sent();
  await click();
  const writes: Write[] = [];
  await click(meanwhile(shop.table, (given) => void writes.push(...given)));
  expect(writes).toEqual([]);
  expect(await heard()).toEqual(['old/0']);
});

it.each([
  ['a journey that listens', asking('old')],
  ['one that does not', silent()],
])('what the table refuses is refused, of %s', async (_, definition) => {
  const { shop, click, heard } = await sent(definition);
  const refusing = meanwhile(shop.table, () => {
    throw new Conflict('throttled');
  });
  await expect(click(refusing)).rejects.toBeInstanceOf(Conflict);
  expect(await heard()).toEqual([]);
});

it.each([
  ['a journey that listens', asking('old')],
  ['one that does not', silent()],
])('a mail that has gone is not withheld any more, whoever says so, of %s', async (_, definition) => {
  const { shop, heard } = await sent(definition);
  const withheld = { fact: 'withheld', at: shop.clock.now() } as const;
  await expect(recordFact(await shop.message('hello'), withheld, shop.deps)).rejects.toBeInstanceOf(ConditionFailed);
  expect((await shop.message('hello')).facts).not.toHaveProperty('withheld');
  expect(await heard()).toEqual([]);
});

it('whoever finds a mail done wakes the passage that has heard of it', async () => {
  const { shop, leg, click } = await sent(journey({ steps: [send('hello'), clicked('read')] }));
  const { succeed } = shop.executions;
  shop.executions.succeed = () => Promise.reject(new Error('cut off'));
  await expect(click()).rejects.toThrow('cut off');
  expect(leg.isPaused).toBe(true);
  shop.executions.succeed = succeed;
  await repeatFacts(await shop.message('hello'), shop.deps);
  expect(leg.isPaused).toBe(false);
});

import { expect, it } from 'vitest';
import { loadShelf, putShelf } from '#shared/store/journeys.ts';
import { compiledKey } from '#shared/template/library.ts';
import { templateVersion } from '#shared/template/template.ts';
import { event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, send, wait } from '#test/build/journey.ts';
import { YES } from '#test/build/moved.ts';
import { CONTENT } from '#test/build/published.ts';

/** The template says which lesson it is. */
async function lessons(steps: object[]): Promise<HandShop> {
  const shop = await HandShop.open([journey({ steps: [{ type: 'repeat', id: 'lessons', times: 3, steps }] })]);
  const content = { ...CONTENT, subject: 'Lesson {{ steps.lessons.pass }}' };
  const hash = templateVersion(content);
  await shop.bucket.put(compiledKey(hash), JSON.stringify({ ...content, version: hash }));
  const shelf = await loadShelf(shop.table);
  const [name = '', live] = Object.entries(shelf.templates)[0] ?? [];
  if (live) await shop.table.write(putShelf({ ...shelf, templates: { [name]: { ...live, hash } } }));
  shop.deps.published.refresh();
  await shop.enrol(event('cart.updated', { consents: YES }));
  return shop;
}

it.each([
  ['at its end', [wait('gap', 'P1D'), send('hello')]],
  ['at its beginning', [send('hello'), wait('gap', 'P1D')]],
])('a mail of a repeat says the pass that it was sent in, when it stands %s', async (_, steps) => {
  const shop = await lessons(steps);
  const leg = shop.leg();
  let came = await leg.run();
  await shop.send();
  while (came === 'parked') {
    came = await leg.runOut();
    await shop.send();
  }
  expect(shop.mailer.mails.map(({ subject }) => subject)).toEqual(['Lesson 1', 'Lesson 2', 'Lesson 3']);
});

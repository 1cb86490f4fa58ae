import { beforeEach, describe, expect, it } from 'vitest';
import { journey, send } from '#test/build/journey.ts';
import { PublishingShop, shopFile, templateFile } from '#test/build/publishing.ts';

let shop: PublishingShop;

beforeEach(async () => {
  shop = new PublishingShop();
  await shop.put('settings.json', shopFile());
  await shop.put('templates/hello/email.mjml', templateFile());
});

const cart = (name = 'Cart') =>
  journey({
    name,
    steps: [send('first')],
    entry: { if: { consent: 'offers' } },
    goal: { if: { event: 'purchase' } },
  });

/** What a contact with consent gets after a cart, as the test expects it. */
const tests = (...steps: string[]) => expecting(steps.map((step) => ({ step })));
const expecting = (messages: object[]) => ({
  journey: 'cart',
  contact: { consents: { email: ['offers'] } },
  tests: [
    {
      name: 'a mail at once',
      timeline: [{ at: 'PT0S', event: 'cart.updated' }],
      until: 'P1D',
      expect: { messages },
    },
  ],
});
const WRONG =
  'E47  1 of 1 tests fails: "a mail at once" in tests/cart.test.json: expected no message, got "first" after PT0S';

describe('the tests of a journey', () => {
  it('keep it from going live when they fail', async () => {
    await shop.put('tests/cart.test.json', tests());
    await shop.put('journeys/cart.json', cart());
    expect(await shop.live()).toBeUndefined();
    expect(await shop.report('journeys/cart.json')).toContain(WRONG);
  });

  it('let it go live when they pass', async () => {
    await shop.put('tests/cart.test.json', tests('first'));
    await shop.put('journeys/cart.json', cart());
    expect(await shop.live()).toMatchObject({ version: 1 });
  });

  it('look at what its mails say', async () => {
    await shop.put('tests/cart.test.json', expecting([{ step: 'first', says: ['Good-bye'] }]));
    await shop.put('journeys/cart.json', cart());
    expect(await shop.report('journeys/cart.json')).toContain('expected "first" to say "Good-bye", and it does not');
    await shop.put('tests/cart.test.json', expecting([{ step: 'first', says: ['Long Lane 1'] }]));
    expect(await shop.live()).toMatchObject({ version: 1 });
  });

  it('look at what its mails say also where other files of tests do not', async () => {
    await shop.put('tests/a.test.json', tests('first'));
    await shop.put('tests/cart.test.json', expecting([{ step: 'first', says: ['Long Lane 1'] }]));
    await shop.put('journeys/cart.json', cart());
    expect(await shop.live()).toMatchObject({ version: 1 });
  });

  it('are run up to two hundred files: a bucket that is full of them holds no journey up', async () => {
    const names = Array.from({ length: 200 }, (_, n) => `tests/a${1000 + n}.test.json`);
    for (const name of names) shop.shop.bucket.store(name, '{');
    shop.shop.bucket.store('tests/z.test.json', JSON.stringify(tests()));
    await shop.put('journeys/cart.json', cart());
    expect(await shop.live()).toMatchObject({ version: 1 });
    shop.shop.bucket.versions.delete(names[0] ?? '');
    await shop.put('journeys/cart.json', cart('Carts'));
    expect(await shop.report('journeys/cart.json')).toContain('1 of 1 tests fails');
  });

  it('let a journey that they had refused go live once they are mended', async () => {
    await shop.put('tests/cart.test.json', tests());
    await shop.put('journeys/cart.json', cart());
    await shop.put('tests/cart.test.json', tests('first'));
    expect(await shop.live()).toMatchObject({ version: 1 });
  });

  it('never touch the version that is live, and say how it does', async () => {
    await shop.put('journeys/cart.json', cart());
    await shop.put('tests/cart.test.json', tests());
    expect(await shop.live()).toMatchObject({ version: 1, status: 'live' });
    expect(await shop.report('tests/cart.test.json')).toContain('The live version fails "a mail at once"');
  });

  it('say how the new version does once it is live, whichever was saved first', async () => {
    const key = 'tests/cart.test.json';
    const twice = { ...cart(), steps: [send('first'), send('second')] };
    await shop.put('journeys/cart.json', cart());
    await shop.put(key, tests('first', 'second'));
    expect(await shop.report(key)).toContain('There is no send step "second"');
    await shop.put('journeys/cart.json', twice);
    expect(await shop.report(key)).toBe(`${key}   FINE.\n`);
    await shop.put('journeys/cart.json', cart());
    const mended = await shop.put(key, tests('first'));
    expect(await shop.live()).toMatchObject({ version: 3 });
    expect(mended?.remarks).toEqual([]);
    expect(await shop.report(key)).toBe(`${key}   FINE.\n`);
  });

  it('lie beside the journey as well, and are no journey', async () => {
    await shop.put('journeys/cart.test.json', tests());
    await shop.put('journeys/cart.json', cart());
    expect(await shop.live()).toBeUndefined();
    expect(await shop.live('cart.test')).toBeUndefined();
  });

  it('say what is wrong with themselves, and then hold nothing up', async () => {
    await shop.put('journeys/cart.json', cart());
    await shop.put('tests/cart.test.json', expecting([{ step: 'frist' }]));
    expect(await shop.report('tests/cart.test.json')).toContain('There is no send step "frist". Did you mean "first"?');
    await shop.put('journeys/cart.json', cart('Carts'));
    expect(await shop.live()).toMatchObject({ version: 2 });
  });

  it('of a journey that is not there yet are kept for it', async () => {
    const report = await shop.put('tests/cart.test.json', tests());
    expect(report?.remarks).toEqual([]);
  });
});

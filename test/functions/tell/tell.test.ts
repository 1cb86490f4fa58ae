import { beforeEach, describe, expect, it } from 'vitest';
import { type TellDeps, tell } from '#functions/tell/tell.ts';
import { Conflict, MailAmbiguous, MailDeferred, MailRejected, Unprocessable } from '#shared/errors.ts';
import type { Mail } from '#shared/ports.ts';
import { journey, send } from '#test/build/journey.ts';
import { PublishingShop, shopFile, templateFile } from '#test/build/publishing.ts';
import { Crash, type Fault, FaultyTable } from '#test/faults/table.ts';

const MINUTE = 60_000;
const authors = { default: 'team@shop.example', journeys: { cart: 'ann@shop.example' } };
/** One warning: it has no goal. */
const cart = journey({ entry: { if: { consent: 'offers' } }, steps: [send('first')] });
const flawless = { ...cart, goal: { if: { event: 'purchase' } } };

let shop: PublishingShop;
let deps: TellDeps;
let mails: readonly Mail[];

beforeEach(async () => {
  shop = new PublishingShop();
  deps = { ...shop.shop.given('tell'), bucket: shop.shop.bucket, tell: shop.telling };
  mails = shop.shop.mailer.mails;
  await shop.put('settings.json', shopFile({ authors }));
  await shop.put('templates/hello/email.mjml', templateFile());
  await told();
});

/** Tells what lies in the queue, and returns the addresses that have got a mail so far. */
async function told(): Promise<string[]> {
  for (const hint of shop.telling.take()) await tell(hint, deps);
  return mails.map(({ to }) => to);
}

describe('the author of a file', () => {
  it('hears in plain text what the report says of it, from the sender of the shop', async () => {
    await shop.put('journeys/cart.json', { ...cart, steps: [send('first', { template: 'helo' })] });
    expect(await told()).toEqual(['ann@shop.example']);
    const [mail] = mails;
    expect(mail).toEqual({
      from: 'hello@shop.example',
      to: 'ann@shop.example',
      subject: expect.stringMatching(/^journeys\/cart.json: NOT PUBLISHED: 1 error/),
      text: await shop.report('journeys/cart.json'),
      headers: [{ name: 'Auto-Submitted', value: 'auto-generated' }],
      tags: { report: 'journeys_cart_json' },
    });
    expect(mail?.text).toContain('Did you mean "hello"?');
  });

  it('is whoever the settings name for all others, where they name nobody for a journey', async () => {
    await shop.put('journeys/other.json', { ...cart, id: 'other' });
    await shop.put('settings.json', '{');
    expect(await told()).toEqual(['team@shop.example', 'team@shop.example']);
  });

  it('hears nothing where the settings name nobody', async () => {
    await shop.put('settings.json', shopFile());
    shop.shop.clock.pass(MINUTE);
    await shop.put('journeys/cart.json', cart);
    expect(await told()).toEqual([]);
  });

  it('hears nothing of a file of which nothing is to be said, unless that is wanted', async () => {
    await shop.put('journeys/cart.json', flawless);
    expect(await told()).toEqual([]);
    await shop.put('settings.json', shopFile({ authors: { ...authors, when: 'always' } }));
    shop.shop.clock.pass(MINUTE);
    await shop.put('journeys/cart.json', { ...flawless, name: 'Basket' });
    expect(await told()).toContain('ann@shop.example');
    expect(mails.at(-1)?.subject).toBe('journeys/cart.json: PUBLISHED as version 2.');
  });

  it('hears nothing of what a file lacked for a moment', async () => {
    await shop.put('journeys/late.json', { ...flawless, id: 'late', steps: [send('first', { template: 'new' })] });
    await shop.put('templates/new/email.mjml', templateFile());
    expect(await told()).toEqual([]);
  });

  it('hears of the newer of two uploads only', async () => {
    await shop.put('journeys/cart.json', '{');
    await shop.put('journeys/cart.json', cart);
    expect(await told()).toEqual(['ann@shop.example']);
    expect(mails[0]?.subject).toContain('PUBLISHED as version 1: 1 warning');
  });
});

describe('an upload', () => {
  it('is told of once, however often its notice and the hint come', async () => {
    const notice = shop.upload('journeys/cart.json', cart);
    for (let i = 0; i < 3; i += 1) await shop.publish(notice);
    const hints = shop.telling.take();
    expect(hints).toHaveLength(3);
    for (const hint of [...hints, ...hints]) await tell(hint, deps);
    expect(mails).toHaveLength(1);
    await shop.put('journeys/cart.json', cart);
    expect(await told()).toHaveLength(2);
  });

  it('is told of once by two who have the same hint at the same time', async () => {
    await shop.put('journeys/cart.json', cart);
    const [hint] = shop.telling.take();
    await Promise.allSettled([tell(hint, deps), tell(hint, deps)]);
    expect(mails).toHaveLength(1);
  });

  it('that was refused is counted, for the alarm', async () => {
    await shop.put('journeys/cart.json', '{');
    await told();
    expect(shop.shop.metrics.counts).toMatchObject({ UploadRefused: 1, AuthorTold: 1 });
  });

  it.each(['crash-before', 'crash-after', 'lost', 'conflict'] satisfies Fault[])(
    'is told of at any moment of a %s, twice at most',
    async (fault) => {
      for (let n = 1; n <= 6; n += 1) {
        await shop.put('journeys/cart.json', { ...cart, name: `Cart ${n}` });
        const [hint] = shop.telling.take();
        const before = mails.length;
        const table = new FaultyTable(shop.shop.table, (call) => (call.n === n ? fault : undefined));
        for (let attempt = 0; attempt < 4; attempt += 1) {
          await tell(hint, { ...deps, table }).catch(() => {});
          table.restart();
          shop.shop.clock.pass(3 * MINUTE);
        }
        expect([1, 2]).toContain(mails.length - before);
      }
    },
  );
});

describe('a mail', () => {
  let hint: object | undefined;
  beforeEach(async () => {
    await shop.put('journeys/cart.json', cart);
    [hint] = shop.telling.take();
  });

  it('that a crash has kept from going after the claim goes later, and once', async () => {
    const { mailer } = shop.shop;
    mailer.before = () => Promise.reject(new Crash());
    await expect(tell(hint, deps)).rejects.toThrow(Crash);
    mailer.before = () => {};
    // Somebody may still be at it.
    await expect(tell(hint, deps)).rejects.toThrow(Conflict);
    expect(mails).toEqual([]);
    shop.shop.clock.pass(MINUTE);
    await tell(hint, deps);
    await tell(hint, deps);
    expect(mails).toHaveLength(1);
  });

  it('of which nobody knows whether it went goes once more, and then no more', async () => {
    shop.shop.mailer.after = () => Promise.reject(new MailAmbiguous('no answer'));
    for (let i = 0; i < 2; i += 1) {
      await expect(tell(hint, deps)).rejects.toThrow(MailAmbiguous);
      shop.shop.clock.pass(MINUTE);
    }
    await tell(hint, deps);
    expect(mails).toHaveLength(2);
    expect(shop.shop.metrics.counts['AuthorMailUnknown']).toBe(1);
  });

  it('that SES takes not now is tried again, for as long as that lasts', async () => {
    shop.shop.mailer.before = () => Promise.reject(new MailDeferred('Throttling', 'later'));
    for (let i = 0; i < 5; i += 1) await expect(tell(hint, deps)).rejects.toThrow(MailDeferred);
    shop.shop.mailer.before = () => {};
    await tell(hint, deps);
    expect(mails).toHaveLength(1);
  });

  it('that SES refuses for good goes among the dead letters, and is not tried again', async () => {
    shop.shop.mailer.before = () => Promise.reject(new MailRejected('MessageRejected', 'no'));
    await expect(tell(hint, deps)).rejects.toThrow(Unprocessable);
    shop.shop.mailer.before = () => {};
    await tell(hint, deps);
    expect(mails).toEqual([]);
  });
});

it('a large push floods nobody: after twenty mails the others wait for their turn', async () => {
  for (let i = 0; i < 25; i += 1) await shop.put(`journeys/j${i}.json`, { ...cart, id: `j${i}` });
  expect(await told()).toHaveLength(20);
  expect(shop.telling.bodies).toHaveLength(5);
  expect(shop.telling.bodies[0]).toMatchObject({ file: 'journeys/j20.json', held: true });
  shop.shop.clock.pass(9 * MINUTE);
  expect(await told()).toHaveLength(23);
  shop.shop.clock.pass(60 * MINUTE);
  expect(await told()).toHaveLength(25);
});

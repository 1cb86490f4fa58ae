import { describe, expect, it } from 'vitest';
import { printWhy } from '#apps/cli/print-why.ts';
import { why } from '#shared/report/why.ts';
import type { Settings } from '#shared/settings/settings.ts';
import { changeFlow } from '#shared/store/flow.ts';
import { putSettings } from '#shared/store/journeys.ts';
import { consent, event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, send } from '#test/build/journey.ts';
import { settings } from '#test/build/settings.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const YES = [consent('offers', '2026-03-01T00:00:00.000Z')];
const mailing = (id: string, more: object = {}) => journey({ id, steps: [send('hello', { expires: 'P3D', ...more })] });

/** A Monday morning, at which these journeys begin. */
async function begun(journeys: ReturnType<typeof mailing>[], given: Partial<Settings> = {}): Promise<HandShop> {
  const shop = await HandShop.open(journeys, settings(given));
  await shop.enrol(event('cart.updated', { consents: YES }));
  for (const leg of shop.legs()) await leg.run();
  return shop;
}

async function told(shop: HandShop, id?: string): Promise<string> {
  const { table, deps, clock } = shop;
  const found = await why((await shop.contact()).contact, id, { table, published: deps.published, now: clock.now() });
  if (!found) throw new Error('nobody');
  return printWhy(found);
}

describe('why tells of a mail', () => {
  it.each([
    ['quiet time', { quiet: [{ from: '08:00', to: '17:30' }] }, {}],
    ['its own hours', {}, { when: { from: '17:30', to: '18:00' } }],
  ])('that its passage waits for %s, and until when', async (words, given, more) => {
    const shop = await begun([mailing('letter', more)], given);
    expect(await told(shop)).toMatch(new RegExp(`at hello: .*, waits for ${words} until .* 17:30`));
  });

  it('that has been decided what holds it back since, until when, and nothing any more when it has gone', async () => {
    const shop = await begun([mailing('letter')]);
    let uploads = 0;
    const change = async (given: Partial<Settings>): Promise<void> => {
      uploads += 1;
      const upload = { key: 'settings.json', sequencer: String(uploads) };
      await shop.table.write(putSettings(settings(given), upload, String(uploads - 1)));
      shop.deps.published.refresh();
    };
    await change({ quiet: [{ from: '08:00', to: '17:30' }] });
    await shop.send();
    expect(await told(shop)).toMatch(/email of hello: queued .*, waits for quiet time until .* 17:30/);
    await change({});
    for (let i = 0; i < 200 && shop.mailer.mails.length === 0; i += 1) {
      shop.clock.pass(5 * MINUTE);
      await shop.review();
      await shop.send();
    }
    expect(shop.mailer.mails).toHaveLength(1);
    expect(await told(shop)).not.toContain('waits for');
  });

  it('that a cap, which another mail has filled, keeps it', async () => {
    const shop = await begun([mailing('one'), mailing('two')], { caps: [{ count: 1, per: 'P1D' }] });
    await shop.send();
    shop.clock.pass(2 * MINUTE);
    await shop.review();
    await shop.send();
    expect(shop.mailer.mails).toHaveLength(1);
    expect(await told(shop)).toMatch(/email of hello: queued .*, waits for a cap until /);
  });

  it('that mail is paused', async () => {
    const shop = await begun([mailing('letter')]);
    const pause = { lanes: 'all', at: shop.clock.now(), by: 'ann', reason: 'wrong price' } as const;
    await shop.table.write(changeFlow({ set: [[['pause'], pause]] }));
    await shop.send();
    expect(await told(shop)).toMatch(/email of hello: queued .*, waits for mail, which is paused$/m);
    await shop.table.write(changeFlow({ remove: [['pause']] }));
    shop.clock.pass(HOUR);
    await shop.review();
    expect(await told(shop)).not.toContain('waits for');
  });
});

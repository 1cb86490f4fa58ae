import { describe, expect, it } from 'vitest';
import type { Table } from '#shared/store/table.ts';
import { journey, send } from '#test/build/journey.ts';
import { PublishingShop, shopFile, templateFile } from '#test/build/publishing.ts';
import { interrupted } from '#test/faults/interrupted.ts';

const MARKETING = { kind: 'marketing' } as const;
const news = journey({
  topic: 'news',
  entry: { if: { consent: 'news' } },
  goal: { if: { event: 'purchase' } },
  steps: [send('first')],
});

async function shopWithNews(): Promise<PublishingShop> {
  const shop = new PublishingShop();
  await shop.put('settings.json', shopFile({ topics: { offers: MARKETING, news: MARKETING } }));
  await shop.put('templates/hello/email.mjml', templateFile());
  return shop;
}

describe('two files that go live at one moment', () => {
  it('fit each other: settings that drop a topic, and a journey that uses it', async () => {
    const shop = await shopWithNews();
    const without = shop.upload('settings.json', shopFile({ topics: { offers: MARKETING } }));
    const table = interrupted<Table>(shop.shop.table, { methods: ['transact'] }, () => shop.publish(without));
    await shop.publish(shop.upload('journeys/cart.json', news), { table });
    expect(await shop.live()).toBeUndefined();
    expect(await shop.report('journeys/cart.json')).toContain('There is no topic "news".');
  });

  it('fit each other the other way round', async () => {
    const shop = await shopWithNews();
    const cart = shop.upload('journeys/cart.json', news);
    const table = interrupted<Table>(shop.shop.table, { methods: ['transact', 'write'] }, () => shop.publish(cart));
    await shop.publish(shop.upload('settings.json', shopFile({ topics: { offers: MARKETING } })), { table });
    expect(await shop.live()).toMatchObject({ version: 1 });
    expect(Object.keys((await shop.deps.published.settings()).topics)).toContain('news');
  });

  it('fit each other: a template that loses its way out, and a journey that sends it', async () => {
    const shop = await shopWithNews();
    const cart = shop.upload('journeys/cart.json', news);
    const bare = shop.upload('templates/hello/email.mjml', '---\n{ "subject": "x" }\n---\nHi');
    const table = interrupted<Table>(shop.shop.table, { methods: ['transact', 'write'] }, () => shop.publish(cart));
    await shop.publish(bare, { table });
    expect(await shop.live()).toMatchObject({ version: 1 });
    expect(await shop.report('templates/hello/email.mjml')).toContain('would break');
  });
});

describe('two files of one journey', () => {
  const named = (name: string) => journey({ ...news, name });

  it('are told apart by nobody, so the second is refused whatever its sequencer', async () => {
    const shop = await shopWithNews();
    await shop.publish(shop.upload('journeys/cart.json', named('First'), '00FF'));
    for (const sequencer of ['00AA', '01AA']) {
      await shop.publish(shop.upload('journeys/cart.jsonc', named('Second'), sequencer));
      expect(await shop.report('journeys/cart.jsonc')).toContain(
        '1:1  E49  The journey "cart" comes from journeys/cart.json already.',
      );
    }
    expect(await shop.live()).toMatchObject({ version: 1 });
  });

  it('are one file with another name when the first has been removed', async () => {
    const shop = await shopWithNews();
    await shop.publish(shop.upload('journeys/cart.json', named('First'), '00FF'));
    shop.shop.bucket.versions.delete('journeys/cart.json');
    await shop.publish(shop.upload('journeys/cart.jsonc', named('Second'), '00AA'));
    expect(await shop.live()).toMatchObject({ version: 2, file: 'journeys/cart.jsonc' });
  });
});

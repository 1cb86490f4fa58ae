import { beforeEach, describe, expect, it } from 'vitest';
import type { PublishDeps } from '#functions/publish/publish.ts';
import type { Table } from '#shared/store/table.ts';
import type { HandShop } from '#test/build/hand-shop.ts';
import { journey, send } from '#test/build/journey.ts';
import { type Notice, PublishingShop, senders, shopFile, templateFile } from '#test/build/publishing.ts';
import { settings } from '#test/build/settings.ts';
import { interrupted } from '#test/faults/interrupted.ts';
import { FaultyTable } from '#test/faults/table.ts';

let publishing: PublishingShop;
let shop: HandShop;
let deps: PublishDeps;

beforeEach(() => {
  publishing = new PublishingShop();
  ({ shop, deps } = publishing);
});

const upload = (key: string, content: unknown): Notice => publishing.upload(key, content);
const publish = (notice: Notice | undefined, given: PublishDeps) => {
  if (!notice) throw new Error('there is no such notice');
  return publishing.publish(notice, given);
};

const cart = (name = 'Cart', more: object = {}) => ({
  ...journey({
    name,
    steps: [send('first')],
    entry: { if: { consent: 'offers' } },
    goal: { if: { event: 'purchase' } },
  }),
  ...more,
});

/** A shop with settings and a template. */
async function ready(): Promise<void> {
  await publish(upload('settings.json', shopFile()), deps);
  await publish(upload('templates/hello/email.mjml', templateFile()), deps);
}

const live = () => publishing.live();
const nameOf = async (version: number) => (await shop.deps.published.version('cart', version)).definition.name;
const report = (key: string) => publishing.report(key);

describe('an uploaded journey', () => {
  beforeEach(ready);

  it('is live, as version 1, and its report says so', async () => {
    const said = await publish(upload('journeys/cart.json', cart()), deps);
    expect(said?.remarks.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(await live()).toMatchObject({ version: 1, status: 'live', events: ['cart.updated'] });
    expect(await report('journeys/cart.json')).toMatch(/version 1/);
  });

  it('edited is the next version, and the one before stays as it was', async () => {
    await publish(upload('journeys/cart.json', cart('First')), deps);
    await publish(upload('journeys/cart.json', cart('Second')), deps);
    expect(await live()).toMatchObject({ version: 2 });
    expect([await nameOf(1), await nameOf(2)]).toEqual(['First', 'Second']);
  });

  it('uploaded unchanged, or only closed to newcomers, makes no new version', async () => {
    await publish(upload('journeys/cart.json', cart()), deps);
    await publish(upload('journeys/cart.json', cart()), deps);
    expect(await live()).toMatchObject({ version: 1, status: 'live' });
    await publish(upload('journeys/cart.json', cart('Cart', { status: 'closing' })), deps);
    expect(await live()).toMatchObject({ version: 1, status: 'closing' });
  });

  it('as a draft is checked, and what is live stays live', async () => {
    await publish(upload('journeys/cart.json', cart('First')), deps);
    await publish(upload('journeys/cart.json', cart('Second', { status: 'draft' })), deps);
    expect(await live()).toMatchObject({ version: 1, status: 'live' });
    expect(await report('journeys/cart.json')).toContain(
      'A draft changes nothing: version 1 goes on as before. What stops it is "status": "closing"',
    );
  });

  it.each(['one after the other', 'at the same time'])(
    'two uploads of a journey whose events arrive in the wrong order, %s, leave the newer one live',
    async (how) => {
      const older = upload('journeys/cart.json', cart('Older'));
      const newer = upload('journeys/cart.json', cart('Newer'));
      if (how === 'at the same time') await Promise.all([publish(newer, deps), publish(older, deps)]);
      else for (const notice of [newer, older]) await publish(notice, deps);
      const { version = 0 } = (await live()) ?? {};
      expect(await nameOf(version)).toBe('Newer');
    },
  );

  it('an older one that is read before the newer is published, and written after it, leaves the newer one live', async () => {
    const older = upload('journeys/cart.json', cart('Older'));
    const newer = upload('journeys/cart.json', cart('Newer'));
    const table = interrupted<Table>(shop.table, { methods: ['transact'] }, () => publish(newer, deps));
    await publish(older, { ...deps, table });
    expect(await live()).toMatchObject({ version: 1 });
    expect(await nameOf(1)).toBe('Newer');
  });

  it('told of again and again is one version', async () => {
    const notice = upload('journeys/cart.json', cart());
    for (let i = 0; i < 3; i += 1) await publish(notice, deps);
    expect(await live()).toMatchObject({ version: 1 });
  });

  it.each([
    ['is not JSON', '{ "id": '],
    ['has an unknown word', cart('Cart', { stepz: [] })],
    ['is named otherwise than its file', cart('Cart', { id: 'other' })],
    ['sends what is not there', cart('Cart', { steps: [send('first', { template: 'no-such' })] })],
    ['has two steps of one id', cart('Cart', { steps: [send('first'), send('first')] })],
  ])('a bad file leaves the live one untouched, and the report says why: it %s', async (_, bad) => {
    await publish(upload('journeys/cart.json', cart('Good')), deps);
    const before = await live();
    const said = await publish(upload('journeys/cart.json', bad), deps);
    expect(said?.remarks.some(({ severity }) => severity === 'error')).toBe(true);
    expect(await live()).toEqual(before);
    expect(await nameOf(1)).toBe('Good');
    expect(await report('journeys/cart.json')).toMatch(/\d+:\d+/);
  });

  it('that is bad does not keep an older one, of which it is told later, from going live', async () => {
    const older = upload('journeys/cart.json', cart('Older'));
    await publish(upload('journeys/cart.json', '{'), deps);
    await publish(older, deps);
    expect(await nameOf(1)).toBe('Older');
  });

  it('deleted meanwhile changes nothing', async () => {
    await publish(upload('journeys/cart.json', cart()), deps);
    const before = await live();
    const gone = upload('journeys/cart.json', cart('Gone'));
    shop.bucket.versions.delete('journeys/cart.json');
    expect(await publish(gone, deps)).toBeUndefined();
    expect(await live()).toEqual(before);
  });
});

describe('files of one upload', () => {
  const files = (): Notice[] => [
    upload('settings.json', shopFile()),
    upload('templates/hello/email.mjml', templateFile()),
    upload('journeys/cart.json', cart()),
  ];

  it.each([
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ])('are all live at the end, told of in the order %d %d %d', async (...order) => {
    const notices = files();
    for (const i of order) await publish(notices[i], deps);
    expect(await live()).toMatchObject({ version: 1 });
  });

  it.each(['crash-before', 'crash-after', 'lost'] as const)(
    'are all live at the end when publishing any of them was cut off anywhere (%s) and tried again',
    async (fault) => {
      for (let write = 1; write < 12; write += 1) {
        publishing = new PublishingShop();
        ({ shop, deps } = publishing);
        const table = new FaultyTable(shop.table, (call) => (call.write === write ? fault : undefined));
        for (const notice of files().toReversed()) {
          // The queue brings a notice again until it was worked off.
          await publish(notice, { ...deps, table }).catch(() => {
            table.restart();
            return publish(notice, { ...deps, table });
          });
        }
        expect(await live(), `${fault} ${write}`).toMatchObject({ version: 1 });
      }
    },
  );
});

describe('an edited template or setting', () => {
  beforeEach(async () => {
    await ready();
    await publish(upload('journeys/cart.json', cart()), deps);
  });

  const stored = async () =>
    JSON.stringify([await shop.deps.published.settings(), await shop.deps.published.templates()]);

  it('acts at once', async () => {
    await publish(upload('templates/hello/email.mjml', templateFile('Good day')), deps);
    const { hash = '' } = (await shop.deps.published.templates())['hello/email'] ?? {};
    expect((await shop.bucket.get(`published/templates/${hash}.json`))?.body).toContain('Good day');
  });

  it.each([
    [
      'a template that lacks the way out',
      'templates/hello/email.mjml',
      templateFile().replace('{{ message.unsubscribe_url }}', ''),
    ],
    ['settings without the topic that a journey has', 'settings.json', settings({ topics: {}, senders })],
    ['settings that are none', 'settings.json', { shop: {} }],
  ])('is refused when a live journey would break: %s', async (_, key, content) => {
    const settingsBefore = await stored();
    const said = await publish(upload(key, content), deps);
    expect(said?.remarks.some(({ severity }) => severity === 'error')).toBe(true);
    shop.deps.published.refresh();
    expect(await stored()).toBe(settingsBefore);
    const text = await report(key);
    expect(text).toContain('What was live stays live.');
    const [, ...remarks] = text.trimEnd().split('\n');
    expect(new Set(remarks).size).toBe(remarks.length);
  });

  it('of which the notices come in the wrong order is the newer one', async () => {
    const [older, newer] = [templateFile('Older'), templateFile('Newer')].map((text) =>
      upload('templates/hello/email.mjml', text),
    );
    await publish(newer, deps);
    await publish(older, deps);
    const { hash = '' } = (await shop.deps.published.templates())['hello/email'] ?? {};
    expect((await shop.bucket.get(`published/templates/${hash}.json`))?.body).toContain('Newer');
  });
});

describe('what is none of the shop’s files', () => {
  it.each(['readme.txt', 'reports/x.json', 'journeys/a/b.json'])('is left alone: %s', async (key) => {
    expect(await publish(upload(key, 'x'), deps)).toBeUndefined();
  });
});

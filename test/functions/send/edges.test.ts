import { describe, expect, it } from 'vitest';
import { park, putOff } from '#functions/send/put-off.ts';
import { noteYielding } from '#functions/send/rivals.ts';
import { ConditionFailed, Conflict, MailDeferred } from '#shared/errors.ts';
import type { Event } from '#shared/event/event.ts';
import { claimMessage } from '#shared/store/messages.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { edit } from '#test/build/edit.ts';
import { consent, event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, send } from '#test/build/journey.ts';
import { CONTENT } from '#test/build/published.ts';
import { settings } from '#test/build/settings.ts';
import { meanwhile } from '#test/build/table.ts';

const MINUTE = 60_000;
const YES = [consent('offers', '2026-03-01T00:00:00.000Z')];
const offer = journey({ steps: [send('hello')] });
const receipt = journey({ topic: 'orders', steps: [send('hello')] });

type Definition = typeof offer;

async function queued(
  definition: Definition | Definition[] = offer,
  content = CONTENT,
  given: Partial<Event> = {},
  shopSettings = settings(),
) {
  const shop = await HandShop.open([definition].flat(), shopSettings, content);
  await shop.enrol(event('cart.updated', { consents: YES, ...given }));
  for (const leg of shop.legs()) await leg.run();
  return shop;
}

describe('a mail that is to wait', () => {
  const yielded = { to: 'cart', priority: 80, since: '2026-03-02T09:00:00.000Z' };
  const ways = {
    'until a moment': (shop: HandShop, deps: HandShop['deps'], message: Parameters<typeof putOff>[0]) =>
      putOff(message, shop.clock.now(), deps),
    'until mail goes again': (_: HandShop, deps: HandShop['deps'], message: Parameters<typeof putOff>[0]) =>
      park(message, 'quota', deps),
    'for another': async (_: HandShop, deps: HandShop['deps'], message: Parameters<typeof putOff>[0]) =>
      void (await noteYielding(message, yielded, deps)),
  };

  it.each(Object.entries(ways))('%s is left to a sender who has it', async (_, way) => {
    const shop = await queued();
    const message = await shop.message('hello');
    await shop.table.write(claimMessage(message, 'other', shop.clock.now()));
    const before = shop.scan();
    await way(shop, shop.deps, message);
    expect(shop.scan()).toEqual(before);
  });

  it.each(Object.entries(ways))('%s is not thought to be another’s because the table is busy', async (_, way) => {
    const shop = await queued();
    const busy = meanwhile(shop.table, () => {
      throw new Conflict('busy');
    });
    await expect(way(shop, { ...shop.deps, table: busy }, await shop.message('hello'))).rejects.toBeInstanceOf(
      Conflict,
    );
  });

  it('for another says whether it has been noted', async () => {
    const shop = await queued();
    const message = await shop.message('hello');
    expect(await noteYielding(message, yielded, shop.deps)).toBe(true);
    expect((await shop.message('hello')).yielded).toEqual(yielded);
    await shop.table.write(claimMessage(message, 'other', shop.clock.now()));
    expect(await noteYielding(message, yielded, shop.deps)).toBe(false);
  });
});

describe('a claim', () => {
  /** Something happens to each claim; the nth is that of the nth attempt. */
  const claiming = (shop: HandShop, act: (nth: number) => void) => {
    let nth = 0;
    return meanwhile(shop.table, (writes) => {
      const [first] = writes;
      if (writes.length < 4 || first?.kind !== 'update' || !first.key.sk.startsWith('M#')) return;
      nth += 1;
      act(nth);
    });
  };

  it('that met another transaction is made again, and the mail goes once', async () => {
    const shop = await queued();
    const table = claiming(shop, (nth) => {
      if (nth < 3) throw new Conflict('busy');
    });
    expect(await shop.send({ table })).toEqual([]);
    expect(shop.mailer.mails).toHaveLength(1);
  });

  it('that meets others five times leaves its hint to come again, and no claim', async () => {
    const shop = await queued();
    const began = Date.parse(shop.clock.now());
    const table = claiming(shop, () => {
      throw new Conflict('busy');
    });
    expect(await shop.send({ table })).toEqual([0]);
    expect(Date.parse(shop.clock.now()) - began).toBe(20 * (2 ** 5 - 1));
    expect(await shop.message('hello')).toEqual(expect.objectContaining({ state: 'queued', facts: {} }));
    expect(shop.mailer.mails).toEqual([]);
  });

  it('that another has made is left to them, without a word', async () => {
    const shop = await queued();
    const table = claiming(shop, () => {
      throw new ConditionFailed([0, 1], [undefined, undefined]);
    });
    expect(await shop.send({ table })).toEqual([]);
    expect([shop.mailer.mails, shop.metrics.counted]).toEqual([[], []]);
  });

  it('that fails for another reason leaves its hint to come again', async () => {
    const shop = await queued();
    const table = claiming(shop, () => {
      throw new Error('no route');
    });
    expect(await shop.send({ table })).toEqual([0]);
    expect(shop.mailer.mails).toEqual([]);
  });
});

describe('the text of a mail', () => {
  const printing = (...variables: string[]) => ({
    ...CONTENT,
    text: variables.map((name) => `${name}={{ ${name} }}`).join('\n'),
    variables,
  });
  const textOf = async (definition: typeof offer, ...variables: string[]) => {
    const shop = await queued(definition, printing(...variables), { data: { total: 80 } });
    await shop.send();
    return shop.mailer.mails[0]?.text.split('\n');
  };
  const link = (name: string, path: string) =>
    expect.stringMatching(`^message\\.${name}=https://shop\\.example/${path}/`);

  it('of marketing leads to the way out, to preferences and to itself, and asks for no confirmation', async () => {
    const names = ['unsubscribe_url', 'preferences_url', 'view_url', 'confirm_url'].map((name) => `message.${name}`);
    const [out, preferences, view, confirm] = (await textOf(offer, ...names)) ?? [];
    expect([out, preferences, view]).toEqual([
      link('unsubscribe_url', 'u'),
      link('preferences_url', 'p'),
      link('view_url', 'v'),
    ]);
    expect(confirm).toBe('message.confirm_url=');
  });

  it('of an order leads to a confirmation, and can be seen nowhere else', async () => {
    const [view, confirm] = (await textOf(receipt, 'message.view_url', 'message.confirm_url')) ?? [];
    expect([view, confirm]).toEqual(['message.view_url=', link('confirm_url', '\\w+')]);
  });

  it('prints what its passage began with', async () => {
    expect((await textOf(receipt, 'trigger.total'))?.[0]).toBe('trigger.total=80');
  });

  it('is not made in a dry run, which asks for no template', async () => {
    const shop = await queued();
    await shop.send({ dry: true, templates: { find: () => Promise.reject(new Error('asked')) } });
    expect(shop.mailer.mails).toMatchObject([{ to: 'ann@shop.example', subject: '', text: '' }]);
    expect(await shop.message('hello')).toMatchObject({ templateVersion: 'dry', facts: { sent: expect.any(String) } });
  });
});

describe('a mail that is held back', () => {
  const quiet = (to: string) => settings({ quiet: [{ from: '09:00', to }], topics: { offers: { kind: 'marketing' } } });
  // It is ten in Warsaw.
  const held = async (to: string, more: object) => {
    const shop = await queued(journey({ steps: [send('hello', more)] }), CONTENT, {}, settings());
    const published = new Proxy(shop.deps.published, {
      get: (target, name) => {
        const member: unknown = name === 'settings' ? async () => quiet(to) : Reflect.get(target, name, target);
        return typeof member === 'function' ? member.bind(target) : member;
      },
    });
    await shop.send({ published });
    return shop.message('hello');
  };

  it('until its last moment waits, and is withheld with the reason where that is too late', async () => {
    expect(await held('11:00', { expires: 'PT1H' })).toEqual(expect.objectContaining({ state: 'queued', facts: {} }));
    expect(await held('11:01', { expires: 'PT1H' })).toMatchObject({ state: 'done', reason: 'quiet' });
  });

  it('by its paused journey is looked at each quarter of an hour, and for the last time when it expires', async () => {
    const waiting = (status: 'live' | 'paused') => journey({ status, steps: [send('hello', { expires: 'PT20M' })] });
    const shop = await queued(waiting('live'));
    const began = shop.clock.now();
    await edit(shop, waiting('paused'), 1);
    const due = async () => {
      const { contact, id } = await shop.message('hello');
      return (await shop.table.get({ pk: `C#${contact}`, sk: `M#${id}` }))?.['due'];
    };
    await shop.send();
    expect(await due()).toBe(plusMillis(began, 15 * MINUTE));
    for (const minutes of [15, 5]) {
      shop.clock.pass(minutes * MINUTE);
      if (minutes === 5) break;
      await shop.review();
      await shop.send();
      expect(await due()).toBe(plusMillis(began, 20 * MINUTE));
    }
    await shop.review();
    await shop.send();
    expect(await shop.message('hello')).toMatchObject({ state: 'done', reason: 'paused' });
  });
});

it('a mail whose cap was counted is not counted when SES took nothing, and is when nobody knows', async () => {
  const capped = settings({ caps: [{ count: 1, per: 'P1D' }] });
  const two = [offer, journey({ id: 'other', steps: [send('hello')] })];
  const goes = async (error: Error) => {
    const shop = await queued(two, CONTENT, {}, capped);
    let first = true;
    shop.mailer.before = () => {
      if (!first) return;
      first = false;
      throw error;
    };
    await shop.send();
    return shop.mailer.mails.length;
  };
  expect(await goes(new MailDeferred('TooManyRequests', 'slow down'))).toBe(1);
  expect(await goes(new Error('socket hang up'))).toBe(0);
});

describe('the more important mail that is waited for', () => {
  const oneADay = settings({ caps: [{ count: 1, per: 'P1D' }] });
  const letter = journey({ id: 'letter', priority: 20, steps: [send('hello', { expires: 'P3D' })] });
  const cart = (status: 'live' | 'closing' | 'paused') =>
    journey({ id: 'cart', status, priority: 80, steps: [send('hello')] });

  it.each([
    ['live', ['cart']],
    ['closing', ['cart']],
    ['paused', ['letter']],
  ] as const)('is one of a journey that is %s, or not', async (status, went) => {
    const shop = await HandShop.open([letter, cart('live')], oneADay);
    await shop.enrol(event('cart.updated', { consents: YES }));
    for (const leg of shop.legs()) await leg.run();
    if (status !== 'live') await edit(shop, cart(status), 1);
    await shop.send();
    expect(shop.mailer.mails.map(({ tags }) => tags['journey'])).toEqual(went);
  });
});

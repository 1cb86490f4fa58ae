import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readMapping } from '#apps/cli/replay/mapping-file.ts';
import { folderWith, outline, stageTexts } from '#test/apps/cli/replay/staged.ts';

const written = (mapping: object | string) =>
  join(folderWith({ 'm.json': typeof mapping === 'string' ? mapping : JSON.stringify(mapping) }), 'm.json');
const stage = (mapping: object, file: string, name = 'rows.csv') =>
  stageTexts('mapping', { [name]: file }, { mapping: written(mapping) });

const SIGN_UPS = {
  source: 'my-shop',
  time: 'when',
  type: 'registration',
  identities: { externalId: 'customer', email: 'mail' },
};

describe('a mapping', () => {
  it('makes an event of each row', async () => {
    const mapping = {
      ...SIGN_UPS,
      zone: 'Europe/Warsaw',
      id: ['customer'],
      data: { plan: 'plan', 'from.page': 'page', version: { value: 2 } },
      traits: { age: { column: 'age', as: 'number' }, vip: { column: 'vip', as: 'flag' } },
    };
    const { rows, events } = await stage(
      mapping,
      'customer,mail,when,plan,page,age,vip\n7,Ann@Shop.example,2026-03-02 10:00,gold,/start,42,yes\n8,b@shop.example,2026-03-01,,,,no\n',
    );
    expect(rows).toEqual({ read: 2, used: 2, rejected: {} });
    expect(events[1]).toMatchObject({
      id: 'my-shop:registration:7',
      type: 'registration',
      at: '2026-03-02T09:00:00.000Z',
      source: 'my-shop',
      identities: { externalId: '7', email: 'Ann@Shop.example' },
      traits: { age: 42, vip: true },
      consents: [{ topic: 'marketing' }, { topic: 'news' }],
      data: { plan: 'gold', from: { page: '/start' }, version: 2 },
    });
    expect(events[0]).toMatchObject({ traits: { vip: false }, data: { version: 2 } });
    expect(events[0]?.data).not.toHaveProperty('plan');
  });

  it('names events without a key by file and row', async () => {
    const { events } = await stage(SIGN_UPS, 'customer,mail,when\n7,a@x.example,2026-03-02\n');
    expect(events[0]?.id).toBe('my-shop:registration:rows.csv%231');
  });

  it('takes the type from a column, translated or as it stands, and leaves other rows out', async () => {
    const mapping = {
      ...SIGN_UPS,
      type: { column: 'what', values: { 'Signed up': 'registration', Bought: 'purchase' } },
      where: { shop: ['de', 'at'] },
    };
    const file =
      'customer,mail,when,what,shop\n7,a@x.example,2026-03-02,Signed up,de\n7,a@x.example,2026-03-03,Bought,at\n7,a@x.example,2026-03-03,Slept,at\n7,a@x.example,2026-03-04,Bought,fr\n';
    const { rows, events } = await stage(mapping, file);
    expect(events.map(({ type }) => type)).toEqual(['registration', 'purchase']);
    expect(rows.rejected).toEqual({ 'unknown-type': 1, 'not-wanted': 1 });
    const plain = await stage({ ...SIGN_UPS, type: { column: 'what' } }, file.replace('Bought', 'order.paid'));
    expect(plain.events.map(({ type }) => type)).toEqual(['order.paid']);
  });

  it('puts the rows with one id together as the lines of one event', async () => {
    const mapping = {
      source: 'orders',
      delimiter: ';',
      time: { column: 'day', as: 'day/month/year' },
      type: 'purchase',
      identities: { externalId: 'who' },
      id: ['order'],
      data: { orderId: 'order' },
      lines: {
        items: { productId: 'sku', price: { column: 'price', as: 'number' }, quantity: { column: 'n', as: 'number' } },
      },
      firstIsRegistration: 'purchase',
    };
    const { rows, events } = await stage(
      mapping,
      'order;day;who;sku;price;n\n1;01.02.2026;ann;a;2.5;2\n2;03.02.2026;ann;c;1;1\n1;01.02.2026;ann;b;0.1;1\n',
    );
    expect(rows).toEqual({ read: 3, used: 3, rejected: {} });
    expect(outline(events)).toEqual([
      'registration orders:registration:ann',
      'purchase orders:purchase:1',
      'purchase orders:purchase:2',
    ]);
    expect(events[0]?.identities.email).toBe('ann@orders.example');
    expect(events[1]?.data).toEqual({
      orderId: '1',
      total: 5.1,
      items: [
        { productId: 'a', price: 2.5, quantity: 2 },
        { productId: 'b', price: 0.1, quantity: 1 },
      ],
    });
  });

  it('reads JSON lines by paths and keeps the kinds of their values', async () => {
    const mapping = {
      source: 'log',
      time: { column: 'ts', as: 'seconds' },
      type: { column: 'event' },
      identities: { anonymousId: 'user.cookie', email: 'user.mail' },
      data: { total: 'cart.total', items: 'cart.items' },
      consents: 'none',
    };
    const file = [
      {
        ts: 1_700_000_000,
        event: 'cart.updated',
        user: { cookie: 'k1' },
        cart: { total: 5, items: [{ productId: 'a' }] },
      },
      { ts: 1_700_000_060, event: 'cart.updated', user: { mail: 'a@x.example' }, cart: { total: 6, items: [] } },
      { ts: 1_700_000_070, event: 'cart.updated', user: {} },
    ].map((row) => JSON.stringify(row));
    const { rows, events } = await stage(mapping, [...file, 'oops'].join('\n'), 'log.jsonl');
    expect(rows).toEqual({ read: 4, used: 2, rejected: { 'no-customer': 1, 'not-json': 1 } });
    expect(events[0]).toMatchObject({
      identities: { anonymousId: 'k1' },
      data: { total: 5, items: [{ productId: 'a' }] },
    });
    expect(events.some(({ consents }) => consents)).toBe(false);
  });

  it.each([
    ['bad-time', '7,a@x.example,never,1'],
    ['no-customer', ',,2026-03-02,1'],
    ['bad-value', '7,a@x.example,2026-03-02,many'],
    ['bad-event', '7,not an address,2026-03-02,1'],
  ])('puts a row aside as %s', async (reason, line) => {
    const mapping = { ...SIGN_UPS, data: { n: { column: 'n', as: 'number' } } };
    const { rows, rejected } = await stage(mapping, `customer,mail,when,n\n${line}\n`);
    expect(rows).toEqual({ read: 1, used: 0, rejected: { [reason]: 1 } });
    expect(rejected[0]?.raw).toBe(line);
  });

  it('reads decimals behind a comma where the mapping says so', async () => {
    const mapping = { ...SIGN_UPS, delimiter: ';', decimal: ',', data: { n: { column: 'n', as: 'number' } } };
    const lines = ['5,50', '-3', '1.234,50', '1 234 567', '0,1', '1.5', '1,2,3', '12.34,5'];
    const file = ['customer;mail;when;n', ...lines.map((n, i) => `${i};a${i}@x.example;2026-03-0${i + 1};${n}`)];
    const { rows, events } = await stage(mapping, file.join('\n'));
    expect(events.map(({ data }) => data['n'])).toEqual([5.5, -3, 1234.5, 1_234_567, 0.1]);
    expect(rows.rejected).toEqual({ 'bad-value': 3 });
  });

  it('registers nobody whose rows were all rejected', async () => {
    const mapping = {
      ...SIGN_UPS,
      type: 'purchase',
      identities: { externalId: 'customer' },
      id: ['order'],
      firstIsRegistration: 'purchase',
    };
    const file =
      'order,when,customer\nA1,2026-03-01,k1\nA2,2026-03-02,k1\nA1,2026-03-03,k7\nA3,2026-03-04,k8\nA1,2026-03-03,k8\n';
    const { rows, events } = await stage(mapping, file);
    expect(rows).toEqual({ read: 5, used: 3, rejected: { 'key-is-taken': 2 } });
    expect(outline(events)).toEqual([
      'registration my-shop:registration:k1',
      'purchase my-shop:purchase:A1',
      'purchase my-shop:purchase:A2',
      'registration my-shop:registration:k8',
      'purchase my-shop:purchase:A3',
    ]);
    expect(events.filter(({ consents }) => consents).map(({ id }) => id)).toEqual([
      'my-shop:registration:k1',
      'my-shop:registration:k8',
    ]);
  });

  it('says no to a row without a part of its key', async () => {
    const { rows } = await stage({ ...SIGN_UPS, id: ['customer'] }, 'customer,mail,when\n,a@x.example,2026-03-02\n');
    expect(rows.rejected).toEqual({ 'no-id': 1 });
  });

  it('may have comments and trailing commas', async () => {
    const file = written(
      '{ "source": "s", // ours\n "time": "t", "type": "purchase", "identities": { "email": "e" }, }',
    );
    await expect(readMapping(file)).resolves.toMatchObject({ source: 's', consents: 'all' });
  });

  it.each([
    ['{ "source": "s" "time": 1 }', 'is not JSON: CommaExpected in line 1'],
    [{ ...SIGN_UPS, source: 'My Shop' }, 'source: a source looks like "my-shop"'],
    [{ ...SIGN_UPS, colour: 'red' }, 'the mapping: there is no "colour" here.'],
    [{ ...SIGN_UPS, wher: {} }, 'the mapping: there is no "wher" here. Did you mean "where"?'],
    [{ ...SIGN_UPS, time: { column: 'when', as: 'ISO' } }, 'time.as: "ISO" is none of "iso", "day/month/year", '],
    [{ ...SIGN_UPS, time: { column: 'when', as: 'ISO' } }, 'Did you mean "iso"?'],
    [{ ...SIGN_UPS, time: undefined }, 'time: it is missing. It is the name of a column, or { "column"'],
    [{ ...SIGN_UPS, time: { colum: 'when', as: 'iso' } }, 'time: there is no "colum" here. Did you mean "column"?'],
    [{ ...SIGN_UPS, type: 'Sign Up' }, 'type: an event type looks like "cart.updated".'],
    [{ ...SIGN_UPS, type: 5 }, 'type: It is an event type'],
    [{ ...SIGN_UPS, id: 'customer' }, 'id: here belongs a list in "[ ]".'],
    [
      { ...SIGN_UPS, data: { n: { column: 'n', as: 'nummer' } } },
      'data.n.as: "nummer" is none of "text", "number", "flag"',
    ],
    [{ ...SIGN_UPS, delimiter: ';;' }, 'delimiter: a delimiter is one letter.'],
    [{ ...SIGN_UPS, decimal: ';' }, 'decimal: ";" is none of ".", ",".'],
    [{ ...SIGN_UPS, zone: 'Warsaw' }, 'zone: there is no time zone "Warsaw". Did you mean "Europe/Warsaw"?'],
    [{ ...SIGN_UPS, identities: {} }, 'identities: at least one identity is needed'],
    [{ ...SIGN_UPS, zone: 'Middle/Earth' }, 'zone: there is no time zone "Middle/Earth". Write it as'],
    [{ ...SIGN_UPS, lines: { items: {} } }, 'lines: "lines" needs "id"'],
    [{ ...SIGN_UPS, data: { 'a b': 'c' } }, 'a name looks like "total" or "shipping.city"'],
  ])('that is wrong is refused with what is wrong: %j', async (mapping, message) => {
    await expect(readMapping(written(mapping))).rejects.toThrow(message);
  });

  it('that speaks of a column that the file lacks is refused', async () => {
    await expect(stage({ ...SIGN_UPS, data: { x: 'extra' } }, 'customer,mail,when\n')).rejects.toThrow(
      'has no column "extra"',
    );
  });

  it('of the guide is right, and so is what the guide says comes of it', async () => {
    const guide = readFileSync(new URL('../../../../docs/replay.md', import.meta.url), 'utf8');
    const block = (name: string) => new RegExp(`\`\`\`\\w+ ${name}\n([^]*?)\`\`\``).exec(guide)?.[1] ?? '';
    const { rows, events } = await stageTexts(
      'mapping',
      { 'orders.csv': block('orders.csv') },
      { mapping: written(block('mapping.json')) },
    );
    expect(rows).toEqual({ read: 5, used: 4, rejected: { 'no-customer': 1 } });
    expect(outline(events)).toEqual([
      'registration corner-shop:registration:ann',
      'purchase corner-shop:purchase:1001',
      'registration corner-shop:registration:bob',
      'purchase corner-shop:purchase:1002',
      'purchase corner-shop:purchase:1003',
    ]);
  });
});

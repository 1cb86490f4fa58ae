import { describe, expect, it } from 'vitest';
import type { AuditKind } from '#shared/audit/finding.ts';
import { duePlace } from '#shared/store/due.ts';
import type { Change } from '#shared/store/table.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey } from '#test/build/journey.ts';
import { auditDay, auditOnce, DAY, damage, HOUR, MINUTE, rowOf, story } from './story.ts';

const NOT_DUE = { remove: [['duePk'], ['due']] } as const;
/** Due in the minutes after the day of the audit. */
const soon = (shop: HandShop) => [['due'], plusMillis(shop.clock.now(), DAY + 10 * MINUTE)] as const;
type Damage = (shop: HandShop) => Promise<void>;

const lostHint: Damage = async (shop) => {
  const succeed = () => Promise.reject(new Error('the function dies'));
  const bought = event('purchase', { at: shop.clock.now() });
  await expect(shop.enrol(bought, { executions: { ...shop.executions, succeed } })).rejects.toThrow();
};

/** In a day, with everything else as it should be. */
const MENDED: readonly (readonly [AuditKind, string, Damage])[] = [
  ['unwatched', 'a passage without its place among what is due', (shop) => damage(shop, 'J#', NOT_DUE)],
  ['unwatched', 'one in a shard of somebody else', (shop) => damage(shop, 'J#', { set: [[['duePk'], 'due#99']] })],
  [
    'unwatched',
    'one that is due a year too late',
    (shop) => damage(shop, 'J#', { set: [[['due'], '2027-03-02T09:00:00.000Z']] }),
  ],
  ['unheard', 'a purchase that was recorded, and whose hint was lost', lostHint],
  ['tokenless', 'a pause that has lost its token', (shop) => damage(shop, 'J#', { remove: [['token']] })],
  [
    'misnamed',
    'a passage that the profile does not name',
    (shop) => damage(shop, 'PROFILE', { set: [[['inside'], {}]] }),
  ],
  [
    'misnamed',
    'one that it names on another version',
    (shop) => damage(shop, 'PROFILE', { set: [[['inside', 'cart##1'], 7]] }),
  ],
  [
    'misnamed',
    'a profile that names a passage which is not there',
    (shop) => damage(shop, 'PROFILE', { set: [[['inside', 'cart##9'], 1]] }),
  ],
  [
    'unsent',
    'a message in the outbox that is not due',
    (shop) => damage(shop, 'M#', { set: [[['state'], 'queued']], ...NOT_DUE }),
  ],
  [
    'unsent',
    'one in the hands of an attempt, and not due',
    (shop) => damage(shop, 'M#', { set: [[['state'], 'claimed']], ...NOT_DUE }),
  ],
  [
    'unsent',
    'one that is parked where nobody looks',
    (shop) =>
      damage(shop, 'M#', {
        set: [
          [['state'], 'queued'],
          [['duePk'], 'parked#marketing/journey/gone#1'],
          [['due'], shop.clock.now()],
        ],
      }),
  ],
  ['uncalled', 'a call that is not due', (shop) => damage(shop, 'C#', { set: [[['state'], 'queued']], ...NOT_DUE })],
  ['unjudged', 'a quiet time that is not due', (shop) => damage(shop, 'D#quiet', NOT_DUE)],
  [
    'unlooked',
    'a look that nobody will take',
    (shop) => damage(shop, 'PROFILE', { set: [[['look'], '2026-04-02T09:00:00.000Z']] }),
  ],
];

/** Ann's birthday is in August, and on a day of spring she has one of the shop's. */
async function withBirthday(): Promise<HandShop> {
  const greeting = journey({ id: 'birthday', trigger: { type: 'date', trait: 'birthday', every: 'P1Y' } });
  const shop = await HandShop.open([greeting]);
  await shop.enrol(event('page.viewed', { traits: { birthday: '1990-08-05' } }));
  return shop;
}

const TOLD: readonly (readonly [AuditKind, string, Damage])[] = [
  ['unaccounted', 'a message that is done without a word', (shop) => damage(shop, 'M#', { set: [[['facts'], {}]] })],
  [
    'stranded',
    'a passage that was put aside',
    (shop) => damage(shop, 'J#', { set: [[['stranded'], true], soon(shop)] }),
  ],
  ['unreadable', 'a row that nobody can read', (shop) => damage(shop, 'M#', { set: [[['state'], 'lost']] })],
  [
    'asleep',
    'a passage that review cannot wake',
    (shop) =>
      damage(shop, 'J#', {
        set: [[['cursor', 'wakeAt'], plusMillis(shop.clock.now(), DAY - 3 * HOUR)], soon(shop)],
      }),
  ],
  [
    'stuck',
    'a message that an attempt has kept',
    async (shop) =>
      damage(shop, 'M#', {
        set: [[['state'], 'claimed'], [['duePk'], duePlace((await shop.contact()).contact)], soon(shop)],
      }),
  ],
  [
    'overdue',
    'a quiet time that review does not get through with',
    (shop) => damage(shop, 'D#quiet', { set: [[['due'], plusMillis(shop.clock.now(), DAY - 3 * HOUR)]] }),
  ],
];

describe('a day of the audit', () => {
  it('finds nothing where nothing is wrong', async () => {
    expect(await auditDay(await story())).toEqual({ found: {}, mended: {} });
  });

  it.each(MENDED)('finds %s and mends it: %s', async (kind, _, plant) => {
    const shop = await story();
    await plant(shop);
    expect(await auditDay(shop)).toEqual({ found: { [kind]: 1 }, mended: { [kind]: 1 } });
    // What is due by now is review's, which nobody runs here.
    expect((await auditDay(shop)).found[kind]).toBeUndefined();
  });

  it.each(TOLD)('finds %s, which it cannot mend: %s', async (kind, _, plant) => {
    const shop = await story();
    await plant(shop);
    expect(await auditDay(shop)).toEqual({ found: { [kind]: 1 }, mended: {} });
  });

  it.each<[string, Change]>([
    ['in a shard of somebody else', { set: [[['duePk'], 'due#99']] }],
    ['in no shard', { remove: [['duePk']] }],
  ])('finds a birthday that nobody would notice, and mends it: %s', async (_, change) => {
    const shop = await withBirthday();
    const before = await rowOf(shop, 'T#birthday');
    await damage(shop, 'T#birthday', change);
    expect(await auditDay(shop)).toEqual({ found: { unkept: 1 }, mended: { unkept: 1 } });
    expect(await rowOf(shop, 'T#birthday')).toEqual(before);
  });

  it('finds one whose day nobody knows, or is over, which it does not mend', async () => {
    const shop = await withBirthday();
    expect(await auditDay(shop)).toEqual({ found: {}, mended: {} });
    await damage(shop, 'T#birthday', NOT_DUE);
    expect(await auditDay(shop)).toEqual({ found: { unkept: 1 }, mended: {} });
    // Nor one that is over: nobody is greeted months later.
    await damage(shop, 'T#birthday', { set: [[['due'], '2025-08-05T07:00:00.000Z']] });
    expect((await auditDay(shop)).mended).toEqual({});
  });

  it('puts right a profile that is wrong about several at once', async () => {
    const shop = await story();
    await damage(shop, 'PROFILE', { set: [[['inside'], { 'cart##8': 1, 'cart##9': 1 }]] });
    expect(await auditDay(shop)).toEqual({ found: { misnamed: 3 }, mended: { misnamed: 3 } });
    expect((await shop.contact()).inside).toEqual({ 'cart##1': 1 });
  });
});

describe('an hour of the audit', () => {
  it('says what was found in the hour before, and what of it stands', async () => {
    const shop = await story();
    await damage(shop, 'M#', { set: [[['facts'], {}]] });
    await damage(shop, 'PROFILE', { set: [[['inside'], {}]] });
    await auditDay(shop);
    shop.clock.pass(HOUR);
    await auditOnce(shop);
    expect(shop.metrics.counts).toMatchObject({ AuditFound: 2, AuditMended: 1, AuditLeft: 1 });
  });

  it('tells of the hour before where nothing was found, and of none twice', async () => {
    const shop = await story();
    await auditOnce(shop);
    shop.clock.pass(HOUR);
    await auditOnce(shop);
    expect(shop.metrics.counts).toMatchObject({ AuditFound: 0, AuditMended: 0, AuditLeft: 0 });
    expect(shop.metrics.counts['AuditLooked']).toBeDefined();
    const { AuditLooked: looked } = shop.metrics.counts;
    await auditOnce(shop);
    expect(shop.metrics.counts['AuditLooked']).toBe(looked);
  });
});

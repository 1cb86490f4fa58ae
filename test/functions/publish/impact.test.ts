import { beforeEach, describe, expect, it } from 'vitest';
import { tally } from '#functions/tally/tally.ts';
import { enrolmentRow } from '#shared/store/enrolments.ts';
import { putProfile } from '#shared/store/profiles.ts';
import { event } from '#test/build/event.ts';
import { journey, tag, wait } from '#test/build/journey.ts';
import { profile } from '#test/build/profile.ts';
import { PublishingShop, shopFile } from '#test/build/publishing.ts';

/** What the report of a journey says of the shop's customers. */
const CONTACTS = 40;
const VIPS = 12;

let shop: PublishingShop;
beforeEach(async () => {
  shop = new PublishingShop();
  await shop.put('settings.json', shopFile({ topics: { offers: { kind: 'marketing' } } }));
  await shop.put('segments/vip.json', { id: 'vip', name: 'Very important', if: { tag: 'vip' } });
});

const count = (name: string, n: number) =>
  shop.shop.table.write({
    kind: 'update',
    key: { pk: 'K#_shop#0', sk: 'shard' },
    change: { add: [[[`c:${name}`], n]] },
  });
async function withContacts(): Promise<void> {
  for (let n = 0; n < CONTACTS; n += 1)
    await shop.shop.table.write(putProfile(profile({ contact: `c${n}`, tags: n < VIPS ? ['vip'] : [] }), undefined));
  await count('contacts', CONTACTS);
}
const starting = (id: string, more: object = {}, status: 'live' | 'closing' = 'live') => ({
  ...journey({
    id,
    trigger: { type: 'segment', segment: 'vip', when: 'enters', ...more },
    goal: { if: { event: 'purchase' } },
    steps: [tag('a')],
  }),
  status,
});
const impactOf = async (id: string, content: object) => (await shop.put(`journeys/${id}.json`, content))?.impact;

describe('the report of a journey that begins by a segment', () => {
  it('says how many enter at once, of how many contacts', async () => {
    await withContacts();
    const said = await shop.put('journeys/won.json', starting('won', { existing: true }));
    expect(said?.impact).toEqual({ existing: VIPS, looked: { at: CONTACTS, of: CONTACTS } });
    expect(said?.remarks.map(({ message }) => message)).toContain(`${VIPS} contacts enter at publish.`);
  });

  it('says nothing of them when the journey does not take them, nor when it is live already', async () => {
    await withContacts();
    expect(await impactOf('won', starting('won'))).toBeUndefined();
    expect((await impactOf('won', starting('won', { existing: true })))?.existing).toBeUndefined();
  });

  it('says which live journeys take the same contacts, and leaves out those that let nobody in', async () => {
    await withContacts();
    await shop.put('journeys/first.json', starting('first'));
    await shop.put('journeys/closed.json', starting('closed'));
    await shop.put('journeys/closed.json', starting('closed', {}, 'closing'));
    expect(await impactOf('won', starting('won'))).toEqual({
      beside: [{ journey: 'first', by: 'the segment "vip"', share: 1 }],
      looked: { at: CONTACTS, of: CONTACTS },
    });
  });

  it('names them without a share where nobody is known, and says not of how many', async () => {
    await shop.put('journeys/first.json', starting('first'));
    expect(await impactOf('won', starting('won'))).toEqual({ beside: [{ journey: 'first', by: 'the segment "vip"' }] });
  });
});

describe('the report of an edit', () => {
  const cart = (time: string, more: object = {}) => journey({ steps: [wait('think', time), tag('a')], ...more });

  /** So many come into the live version and stand at its first step. */
  async function enter(name: string): Promise<void> {
    const identities = { email: `${name}@shop.example` };
    await shop.shop.enrol(event('cart.updated', { id: name, identities, at: shop.shop.clock.now() }));
    await shop.shop.leg().run();
    const after = enrolmentRow(await shop.shop.passage(`${name}@shop.example`), shop.shop.clock.now());
    await tally('shard', [{ sequence: name, before: undefined, after }], { table: shop.shop.table });
  }

  it('says who is inside which version, the newest first, and where the edit touches them', async () => {
    await shop.put('journeys/cart.json', cart('P2D'));
    await enter('a-ann');
    await shop.put('journeys/cart.json', cart('P3D'));
    await enter('b-bob');
    await enter('c-eve');
    const { edit } = (await impactOf('cart', journey({ steps: [tag('a')] }))) ?? {};
    expect(edit).toMatchObject({ from: 2, fate: 'finish', inside: 3 });
    expect(edit?.affected).toEqual([
      { version: 2, step: 'think', change: 'removed', contacts: 2 },
      { version: 1, step: 'think', change: 'removed', contacts: 1 },
    ]);
  });

  it('says it again when the same upload is told of once more, and nothing when nothing changes', async () => {
    await shop.put('journeys/cart.json', cart('P2D'));
    await enter('a-ann');
    const notice = shop.upload('journeys/cart.json', cart('P3D'));
    const first = await shop.publish(notice);
    expect(first?.impact?.edit).toMatchObject({ from: 1, inside: 1 });
    expect((await shop.publish(notice))?.impact).toEqual(first?.impact);
    expect(await impactOf('cart', cart('P3D'))).toBeUndefined();
  });

  it('says of another status what becomes of them, whichever upload made the version', async () => {
    await shop.put('journeys/cart.json', cart('P2D'));
    await enter('a-ann');
    const notice = shop.upload('journeys/cart.json', cart('P2D', { status: 'paused' }));
    expect((await shop.publish(notice))?.impact?.edit).toMatchObject({ from: 1, fate: 'paused', inside: 1 });
  });

  it('counts nobody of a version that nobody can be inside any more', async () => {
    await shop.put('journeys/cart.json', cart('P2D'));
    await enter('a-ann');
    await shop.put('journeys/cart.json', cart('P3D'));
    shop.shop.clock.pass(100 * 86_400_000);
    const { edit } = (await impactOf('cart', journey({ steps: [tag('a')] }))) ?? {};
    expect(edit).toMatchObject({ from: 2, inside: 0, affected: [] });
  });
});

it('a type of event is known once it was seen, and one that never was is told of', async () => {
  await count('events/cart.updated', 7);
  const said = async (type: string) =>
    (
      await shop.put('journeys/cart.json', journey({ trigger: { type: 'event', event: type }, steps: [tag('a')] }))
    )?.remarks.map(({ message }) => message);
  expect(await said('cart.updated')).not.toContainEqual(expect.stringContaining('cart.updated'));
  expect(await said('cart.updatd')).toContainEqual(expect.stringContaining('"cart.updatd"'));
});

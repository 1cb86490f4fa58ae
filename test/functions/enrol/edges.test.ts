import { describe, expect, it } from 'vitest';
import { liveFor } from '#functions/enrol/decide.ts';
import { parse } from '#functions/enrol/parse.ts';
import { identitiesOf } from '#shared/contact/identity.ts';
import { profileKey } from '#shared/store/keys.ts';
import { identityKeyOf } from '#shared/store/profiles.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { edit } from '#test/build/edit.ts';
import { consent, event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, tag, wait, waitFor } from '#test/build/journey.ts';

const NOW = '2026-03-02T09:00:00.000Z';
const SKEW = 5 * 60_000;
const at = (millis: number) => plusMillis(NOW, millis);

describe('the time of an event', () => {
  const timeOf = (millis: number) => {
    const { event: one, told } = parse(event('purchase', { at: at(millis) }), NOW);
    return [one.at, told];
  };

  it('is its own, within minutes of the clock; beyond that it is now, and what it told is remembered', () => {
    expect(timeOf(-99 * SKEW)).toEqual([at(-99 * SKEW), at(-99 * SKEW)]);
    expect(timeOf(SKEW)).toEqual([at(SKEW), at(SKEW)]);
    expect(timeOf(SKEW + 1)).toEqual([NOW, at(SKEW + 1)]);
  });

  it.each<[string, 'granted' | 'denied' | 'unknown', number, string]>([
    ['a yes of before', 'granted', -1, at(-1)],
    ['a yes by a clock that is ahead', 'granted', SKEW, NOW],
    ['a yes that nobody can have said yet', 'granted', SKEW + 1, '1970-01-01T00:00:00.000Z'],
    ['a no of before', 'denied', -1, at(-1)],
    ['a no of the future', 'denied', SKEW + 1, NOW],
    ['a word of the future that is taken back', 'unknown', SKEW + 1, NOW],
  ])('and that of %s', (_, state, millis, expected) => {
    const said = event('form', { at: NOW, consents: [consent('offers', at(millis), state)] });
    expect(parse(said, NOW).event.consents).toMatchObject([{ state, at: expected }]);
    expect(parse(event('form', { at: NOW }), NOW).event).not.toHaveProperty('consents');
  });

  it('is none of what is no event, which says what is wrong', () => {
    expect(() => parse({ ...event('purchase'), type: 'NO TYPE' }, NOW)).toThrow(/^type: /);
  });
});

it('an event is held against those journeys alone that are live and begin by its type', async () => {
  const by = (id: string, type: string, status: 'live' | 'paused' = 'live') =>
    journey({ id, status, trigger: { type: 'event', event: type }, steps: [tag(id)] });
  const shop = await HandShop.open([by('one', 'a'), by('two', 'b'), by('three', 'a'), by('four', 'a')]);
  await edit(shop, by('four', 'a', 'paused'), 1);
  const live = await liveFor(shop.deps.published, event('a'));
  expect(live.map(({ journey: { id }, status }) => `${id} ${status}`)).toEqual(['one live', 'three live']);
});

it('an event that comes again after its contact is gone is known still, and wakes nobody', async () => {
  const shop = await HandShop.open([journey({ steps: [wait('w')] })]);
  const cart = event('cart.updated');
  await shop.enrol(cart);
  await shop.table.write({ kind: 'delete', key: profileKey((await shop.contact()).contact) });
  expect(await shop.enrol(cart)).toBe('duplicate');
  expect(shop.executions.started).toHaveLength(1);
});

it('an address that the event does not name goes along with its contact when two become one', async () => {
  const shop = await HandShop.open([]);
  const says = (identities: object) => {
    shop.clock.pass(1000);
    return shop.enrol(event('page.viewed', { at: shop.clock.now(), identities }));
  };
  await says({ externalId: '1' });
  await says({ email: 'ann@shop.example', phone: '+48123456789' });
  await says({ externalId: '1', email: 'ann@shop.example' });
  const rows = await shop.table.batchGet(
    identitiesOf({ externalId: '1', email: 'ann@shop.example', phone: '+48123456789' }).map(identityKeyOf),
  );
  expect(new Set(rows.map((row) => row?.['contact'])).size).toBe(1);
  expect(await shop.contact()).toMatchObject({ identities: { externalId: '1', email: 'ann@shop.example' } });
});

describe('a passage that asks for what an event does not change', () => {
  it('is told nothing, and one that asks for what it changes, that', async () => {
    const asks = (id: string, condition: object) => journey({ id, steps: [waitFor('w', condition)] });
    const shop = await HandShop.open([
      asks('tier', { trait: 'tier', is: 'gold' }),
      asks('points', { trait: 'points', gte: 5 }),
      asks('event', { event: 'other' }),
    ]);
    await shop.enrol(event('cart.updated', { at: NOW }));
    for (const leg of shop.legs()) await leg.run();
    await shop.enrol(event('registration', { at: at(1), traits: { points: 5 } }));
    const heard = (await shop.passages()).map(({ journey: id, heard: all, seq }) => [id, Object.keys(all), seq]);
    expect(heard).toEqual([
      ['event', [], 0],
      ['points', ['w/state'], 1],
      ['tier', [], 0],
    ]);
  });
});

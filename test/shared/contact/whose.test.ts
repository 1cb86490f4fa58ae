import { describe, expect, it } from 'vitest';
import { addressHash, isOfAnother } from '#shared/contact/address.ts';
import { pausedUntil } from '#shared/contact/break.ts';
import { isDoing, joinHours } from '#shared/contact/engaged.ts';
import { say } from '#shared/contact/say.ts';
import { isSame, isTheirs } from '#shared/contact/whose.ts';
import { profile } from '#test/build/profile.ts';

const named = (...kinds: string[]) => kinds.map((kind) => ({ kind, value: 'x' })) as never;
const owner = (...kinds: string[]) => ({ identities: Object.fromEntries(kinds.map((kind) => [kind, 'y'])) });

describe('an event is of the contact whom it names', () => {
  it.each<[string, string[], string, string[], boolean]>([
    [
      'by the number of a customer, whatever else is said',
      ['externalId', 'email'],
      'externalId',
      ['externalId', 'email'],
      true,
    ],
    ['by an address', ['email'], 'email', ['email'], true],
    [
      'not by an address of somebody who has another number',
      ['email', 'externalId'],
      'email',
      ['email', 'externalId'],
      false,
    ],
    ['by an address of somebody without a number', ['email'], 'email', ['email', 'externalId'], true],
    ['by an address where the event says no number', ['email', 'externalId'], 'email', ['email'], true],
    ['not by a telephone of somebody with another address', ['phone', 'email'], 'phone', ['phone', 'email'], false],
    ['by a browser that nobody has left a name in', ['anonymousId'], 'anonymousId', ['anonymousId', 'email'], true],
    [
      'not by a browser of somebody with a telephone',
      ['anonymousId', 'phone'],
      'anonymousId',
      ['anonymousId', 'email'],
      false,
    ],
    ['not by a device of somebody with an address', ['device', 'email'], 'device', ['device', 'phone'], false],
  ])('%s', (_, has, found, kinds, theirs) => {
    expect(isTheirs(owner(...has) as never, found as never, named(...kinds))).toBe(theirs);
  });

  it('and another owner is the same person unless what the first is named by tells them apart', () => {
    expect(isSame(owner('email') as never, owner('phone') as never, 'phone', named('phone', 'email'))).toBe(true);
    expect(isSame(owner('externalId') as never, owner('email', 'externalId') as never, 'email', named('email'))).toBe(
      false,
    );
    expect(isSame(owner('phone') as never, owner('email', 'externalId') as never, 'email', named('email'))).toBe(true);
  });
});

it('a yes is of another when it was confirmed at another address than today’s', () => {
  const ann = profile();
  expect(isOfAnother({ address: addressHash(ann) }, ann)).toBe(false);
  expect(isOfAnother({ address: 'other' }, ann)).toBe(true);
  expect(isOfAnother({}, ann)).toBe(false);
  expect(addressHash(profile({ identities: {} }))).toBeUndefined();
});

it('a contact pauses until the moment that they have said, while it lasts', () => {
  const until = '2026-12-01T00:00:00.000Z';
  expect(pausedUntil({ traits: { pausedUntil: until } }, '2026-11-30T23:59:59.999Z')).toBe(until);
  expect(pausedUntil({ traits: { pausedUntil: until } }, until)).toBeUndefined();
  expect(pausedUntil({ traits: { pausedUntil: 'soon' } }, '2026-11-30T00:00:00.000Z')).toBeUndefined();
});

describe('hours in which a contact was there', () => {
  it('are told by what they do at the screen', () => {
    expect(['page.viewed', 'product.viewed', 'purchase', 'message.clicked'].every((type) => isDoing({ type }))).toBe(
      true,
    );
    expect(isDoing({ type: 'message.opened' })).toBe(false);
  });

  it('are kept once each, in order, the newest sixty-four', () => {
    expect(joinHours([5, 1], [3, 5])).toEqual([1, 3, 5]);
    const all = Array.from({ length: 70 }, (_, i) => i);
    expect(joinHours(all.slice(0, 40), all.slice(40))).toEqual(all.slice(-64));
    const some = [1, 2];
    expect(joinHours(some, [2])).toBe(some);
  });
});

describe('a trait is said', () => {
  const said = () =>
    ({ traits: { a: 'old' }, traitsAt: { a: '2026-11-02T00:00:00.000Z' } }) as never as Parameters<typeof say>[0];
  const at = (n: number): string => `2026-11-0${n}T00:00:00.000Z`;

  it('anew by a later word, and not by an earlier one', () => {
    const one = said();
    expect(say(one, 'a', 'new', at(3))).toBe(true);
    expect(one).toMatchObject({ traits: { a: 'new' }, traitsAt: { a: at(3) } });
    expect(say(one, 'a', 'older', at(1))).toBe(true);
    expect(one.traits['a']).toBe('new');
  });

  it('by the weightier of two words of one moment, in either order', () => {
    for (const words of [
      ['x', 'y'],
      ['y', 'x'],
    ]) {
      const one = said();
      for (const word of words) say(one, 'a', word, at(3));
      expect(one.traits['a']).toBe('y');
    }
  });

  it('to be gone by null, which an earlier word does not bring back', () => {
    const one = said();
    expect(say(one, 'a', null, at(3))).toBe(true);
    expect(say(one, 'a', 'back', at(2))).toBe(true);
    expect(one.traits).toEqual({});
    expect(say(one, 'a', undefined, at(4))).toBe(false);
  });
});

import { describe, expect, it } from 'vitest';
import { identitiesOf, normalise } from '#shared/contact/identity.ts';
import type { IdentityKind } from '#shared/event/event.ts';

describe('an address', () => {
  it.each<[IdentityKind, string, string]>([
    ['email', ' Ann@Shop.Example ', 'ann@shop.example'],
    ['phone', '+48 123-456 (789)', '+48123456789'],
    ['externalId', ' A-7 ', 'A-7'],
    ['anonymousId', 'aBc', 'aBc'],
  ])('has one spelling: %s %j is %j', (kind, written, spelling) => {
    expect(normalise(kind, written)).toBe(spelling);
  });

  it('is in no key, but its hash, which is the same for all spellings and another for another kind', () => {
    const hashOf = (identities: object) => identitiesOf(identities)[0]?.hash;
    expect(hashOf({ email: 'ANN@shop.example' })).toBe(hashOf({ email: 'ann@shop.example' }));
    expect(hashOf({ email: 'ann@shop.example' })).toMatch(/^[0-9a-f]{32}$/);
    expect(hashOf({ externalId: '7' })).not.toBe(hashOf({ anonymousId: '7' }));
  });
});

describe('the identities of an event', () => {
  it('decide in their order whose it is, whatever the order in which they are written', () => {
    const all = { device: 'd', anonymousId: 'a', phone: '+48123456', email: 'a@b.example', externalId: 'x' };
    expect(identitiesOf(all).map(({ kind }) => kind)).toEqual([
      'externalId',
      'email',
      'phone',
      'anonymousId',
      'device',
    ]);
  });
});

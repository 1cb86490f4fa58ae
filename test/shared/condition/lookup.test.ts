import { describe, expect, it } from 'vitest';
import { fieldsOf, lookup, readField, readPath, resolved } from '#shared/condition/lookup.ts';
import { refOf } from '#shared/condition/ref.ts';
import { profile } from '#test/build/profile.ts';
import { scope } from './build.ts';

const given = scope({
  profile: profile({
    identities: { email: 'ann@shop.example', phone: '+48500600700', externalId: '42' },
    traits: { email: 'old@shop.example', city: 'Łódź', externalId: '41' },
  }),
  trigger: { cart: { total: 5 }, type: 'cart.updated' },
  steps: { code: { value: 'TEA10', terms: { until: '2026-12-24' } } },
  data: { items: [{ sku: 'a', tags: ['x', 'y'] }, { sku: 'b' }, 'odd'] },
});

describe('a reference finds', () => {
  it.each([
    [{ trait: 'city' }, 'Łódź'],
    [{ trait: 'country' }, undefined],
    [{ trait: 'toString' }, undefined],
    [{ trait: 'createdAt' }, '2026-01-01T00:00:00.000Z'],
    // An address is the contact's own, whatever a trait of that name says.
    [{ trait: 'email' }, 'ann@shop.example'],
    [{ trait: 'phone' }, '+48500600700'],
    [{ trait: 'externalId' }, '42'],
    [{ trigger: 'cart.total' }, 5],
    [{ trigger: 'cart.total.more' }, undefined],
    [{ trigger: 'cart.none' }, undefined],
    [{ step: 'code' }, { value: 'TEA10', terms: { until: '2026-12-24' } }],
    [{ step: 'code.value' }, 'TEA10'],
    [{ step: 'code.terms.until' }, '2026-12-24'],
    [{ step: 'other.value' }, undefined],
    [{ data: 'items.sku' }, ['a', 'b']],
    [{ data: 'items.tags' }, ['x', 'y']],
    [{ data: 'items.none' }, []],
  ])('%j: %j', (ref, expected) => {
    expect(lookup(ref as never, given)).toEqual(expected);
  });

  it('a trait of the name of an address that the contact has not', () => {
    const bare = scope({ profile: profile({ traits: { phone: '112' } }) });
    expect(lookup({ trait: 'phone' }, bare)).toBe('112');
  });

  it('nothing where there is nothing to look into', () => {
    expect(lookup({ trigger: 'cart.total' }, scope())).toBeUndefined();
    expect(lookup({ step: 'code.value' }, scope())).toBeUndefined();
    expect(readPath(undefined, 'a.b')).toBeUndefined();
  });

  it('itself for a value that is written out', () => {
    expect(resolved('TEA10', given)).toBe('TEA10');
    expect(resolved({ trait: 'city' }, given)).toBe('Łódź');
  });
});

describe('a "where" sees of an event', () => {
  const event = {
    id: 'e1',
    type: 'purchase',
    at: '2026-11-22T11:00:00.000Z',
    data: { total: 5, type: 'gift', atHome: true },
  };

  it.each([
    ['id', 'e1'],
    ['type', 'purchase'],
    ['at', '2026-11-22T11:00:00.000Z'],
    ['total', 5],
    ['atHome', true],
    ['at.hour', undefined],
    ['type.name', undefined],
    ['id.part', undefined],
  ])('its %s as %j', (path, expected) => {
    expect(readField(event, path)).toBe(expected);
    expect(readPath(fieldsOf(event), path)).toBe(expected);
  });
});

it.each([
  [{ trait: 'city', otherwise: 'P1D' }, { trait: 'city' }],
  [{ trigger: 'cart.total', times: 2 }, { trigger: 'cart.total' }],
  [{ step: 'code.expiresAt', otherwise: 'P1D' }, { step: 'code.expiresAt' }],
  [{ otherwise: 'P1D' }, undefined],
])('of %j the reference is %j', (written, ref) => {
  expect(refOf(written as never)).toEqual(ref);
});

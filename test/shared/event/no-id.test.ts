import { describe, expect, it } from 'vitest';
import { readFacts } from '#shared/source/source.ts';
import { whoIs } from '#shared/source/who.ts';

const NONE = [
  ...['undefined', 'null', 'NaN', 'None', 'n/a', '0', '0000', '000-000', 'true', 'FALSE', ' guest ', 'anonymous'],
  ...['unknown', '[object Object]', '00000000-0000-0000-0000-000000000000'],
];
const at = '2026-03-02T09:00:00Z';

describe.each(NONE)('"%s" is the id of nobody', (text) => {
  it('and is left out of what a storefront says', () => {
    expect(whoIs({ externalId: text, anonymousId: text, email: 'ann@shop.example' })).toEqual({
      email: 'ann@shop.example',
    });
    expect(whoIs({ externalId: text, device: text })).toBeUndefined();
  });

  it.each(['externalId', 'anonymousId', 'device'])('and is refused as the %s of a posted event', (kind) => {
    const posted = { id: 'e1', type: 'login', at, identities: { [kind]: text, email: 'ann@shop.example' } };
    expect(readFacts([posted], 'generic').rejected).toEqual([
      { index: 0, error: expect.stringMatching(new RegExp(`^identities.${kind}: is the id of nobody`)) },
    ]);
  });
});

it.each(['100', 'nullsen', 'guest-17', '0x1f', 'trueman'])('"%s" is an id', (text) => {
  expect(whoIs({ externalId: text })).toEqual({ externalId: text });
});

import { describe, expect, it } from 'vitest';
import { postedEventSchema } from '#shared/event/event.ts';
import { eventFaults } from '#shared/event/faults.ts';

const GOOD = {
  id: 'order-1',
  type: 'purchase',
  at: '2026-03-02T09:00:00Z',
  identities: { email: 'ada@shop.example' },
};
const consent = { channel: 'email', topic: 'news', state: 'granted', at: GOOD.at, source: 'box', wording: 'Yes' };

const faultsOf = (given: unknown): string[] => {
  const { error } = postedEventSchema.safeParse(given);
  return error ? eventFaults(error, given) : [];
};

describe('what is wrong with an event', () => {
  it.each([
    [{ ...GOOD, at: undefined }, 'at: is missing. It is when it happened, as 2026-03-02T09:00:00Z'],
    [{ ...GOOD, id: undefined }, 'id: is missing. It is a text that is unique for ever, as "order-1042-paid"'],
    [{ ...GOOD, identities: undefined }, 'identities: is missing. It is who it was, as { "externalId": "4711", '],
    [{ ...GOOD, at: 'noon' }, 'at: should be a time with seconds and "Z" or an offset, as 2026-03-02T09:00:00Z'],
    [{ ...GOOD, at: 1_700_000_000 }, 'at: should be when it happened, as 2026-03-02T09:00:00Z'],
    [{ ...GOOD, type: 'Cart Updated' }, 'type: an event type looks like "cart.updated"'],
    [{ ...GOOD, id: '' }, 'id: is empty'],
    [{ ...GOOD, id: 'x'.repeat(201) }, 'id: is longer than 200'],
    [{ ...GOOD, identities: {} }, 'identities: at least one identity is needed'],
    [{ ...GOOD, identities: { email: 'ada' } }, 'identities.email: is no e-mail address'],
    [{ ...GOOD, identities: { mail: 'a@b.example' } }, 'identities: there is no field "mail" here.'],
    [{ ...GOOD, dta: {} }, 'event: there is no field "dta" here. Did you mean "data"?'],
    [{ ...GOOD, data: [] }, 'data: should be an object in "{ }"'],
    [{ ...GOOD, historic: 'yes' }, 'historic: should be true or false'],
    [{ ...GOOD, consents: [{ ...consent, wording: undefined }] }, 'consents.0.wording: is missing. It is the words'],
    [{ ...GOOD, consents: [{ ...consent, state: 'yes' }] }, 'consents.0.state: should be "granted" or "denied"'],
    ['purchase', 'event: should be an object in "{ }"'],
  ])('is said in a sentence: %j', (given, sentence) => {
    const [first = '', ...others] = faultsOf(given);
    expect(first.startsWith(sentence), first).toBe(true);
    expect(others.every((text) => !/Invalid|expected|received/.test(text))).toBe(true);
  });

  it('is nothing of a good one', () => expect(faultsOf({ ...GOOD, consents: [consent] })).toEqual([]));

  it('does not repeat what an address was', () => {
    expect(faultsOf({ ...GOOD, identities: { email: 'ada at home' } }).join()).not.toContain('ada');
  });
});

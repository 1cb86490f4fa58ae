import { describe, expect, it } from 'vitest';
import { consentOn } from '#shared/condition/consent.ts';
import { addressHash } from '#shared/contact/address.ts';
import type { ConsentState } from '#shared/contact/profile.ts';
import { consents, profile } from '#test/build/profile.ts';
import { settings } from '#test/build/settings.ts';

const SHOP = settings({
  topics: {
    offers: { kind: 'marketing', optIn: 'double' },
    news: { kind: 'marketing' },
    orders: { kind: 'transactional' },
  },
});
const of = (email: Record<string, ConsentState['state']>) => profile({ consents: consents({ email }) });

describe('what a contact has said of a topic', () => {
  it.each([
    ['is unknown of who has said nothing', of({}), 'news', 'unknown'],
    ['is what they have said', of({ news: 'granted' }), 'news', 'granted'],
    ['is denied where all marketing is', of({ news: 'granted', marketing: 'denied' }), 'news', 'denied'],
    ['is not denied of service by that', of({ orders: 'granted', marketing: 'denied' }), 'orders', 'granted'],
    ['is not denied by a yes to marketing', of({ marketing: 'granted' }), 'news', 'unknown'],
  ] as const)('%s', (_, contact, topic, state) => {
    expect(consentOn(contact, SHOP, 'email', topic)).toBe(state);
  });

  it('is no yes where it was confirmed for another address, and the topic asks for that', () => {
    const confirmed = (topic: string, address: string | undefined, state: ConsentState['state'] = 'granted') => {
      const word = { state, at: '2026-01-01T00:00:00.000Z', source: 'test', event: 'e0', ...(address && { address }) };
      return consentOn(profile({ consents: { email: { [topic]: word } } }), SHOP, 'email', topic);
    };
    expect(confirmed('offers', 'of another')).toBe('unknown');
    expect(confirmed('offers', addressHash(profile()))).toBe('granted');
    expect(confirmed('offers', undefined)).toBe('granted');
    expect(confirmed('offers', 'of another', 'denied')).toBe('denied');
    expect(confirmed('news', 'of another')).toBe('granted');
  });
});

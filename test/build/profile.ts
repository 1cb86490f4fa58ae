import type { ConsentState, Profile } from '#shared/contact/profile.ts';
import type { Consent } from '#shared/event/event.ts';

const CREATED = '2026-01-01T00:00:00.000Z';

/** A contact of whom nothing is known but an e-mail address, with what the test says of them. */
export const profile = (given: Partial<Profile> = {}): Profile => ({
  v: 1,
  contact: 'c1',
  rev: 1,
  createdAt: CREATED,
  identities: { email: 'ann@shop.example' },
  traits: {},
  traitsAt: {},
  tags: [],
  consents: {},
  last: {},
  purchaseTimes: [],
  inside: {},
  watching: {},
  aka: [],
  ...given,
});

const stateOf = (state: Consent['state']): ConsentState => ({ state, at: CREATED, source: 'test', event: 'e0' });

/** Consents by channel and topic, for a profile: `consents({ email: { offers: 'granted' } })`. */
export const consents = (
  given: Readonly<Record<string, Readonly<Record<string, Consent['state']>>>>,
): Profile['consents'] =>
  Object.fromEntries(
    Object.entries(given).map(([channel, topics]) => [
      channel,
      Object.fromEntries(Object.entries(topics).map(([topic, state]) => [topic, stateOf(state)])),
    ]),
  );

import type { Consent, Event } from '#shared/event/event.ts';

let made = 0;

/** An event of Ann's, with what the test says of it. Its id is its own unless the test gives one. */
export function event(type: string, given: Partial<Event> = {}): Event {
  made += 1;
  return {
    id: `${type}-${made}`,
    type,
    at: '2026-03-02T09:00:00.000Z',
    source: 'test',
    identities: { email: 'ann@shop.example' },
    data: {},
    ...given,
  };
}

/** What somebody says at a form: yes, unless the test says no. */
export const consent = (topic: string, at: string, state: Consent['state'] = 'granted'): Consent => ({
  channel: 'email',
  topic,
  state,
  at,
  source: 'form',
  wording: 'Write to me',
});

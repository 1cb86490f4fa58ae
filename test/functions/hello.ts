import { systemClock } from '#shared/adapters/aws/clock.ts';
import { signStandardWebhook } from '#shared/webhook/standard-webhooks.ts';
import { SECRET } from './aws-here.ts';
import { httpRequest } from './lambda-events.ts';

/** A journey that greets whoever registers, and the registration of its first customer. */
export const journey = {
  id: 'hello',
  name: 'Hello',
  status: 'live',
  topic: 'news',
  trigger: { type: 'event', event: 'registration' },
  entry: { if: { consent: 'news' } },
  steps: [
    { type: 'send', id: 'greeting', template: 'welcome-hello' },
    { type: 'waitFor', id: 'clicked', for: { message: 'greeting', is: 'clicked' }, upTo: 'P2D' },
  ],
};
const now = systemClock.now();
const consent = { channel: 'email', topic: 'news', state: 'granted', at: now, source: 'form', wording: 'Yes' };
export const registration = {
  id: 'registration-1',
  type: 'registration',
  at: now,
  identities: { email: 'ada@mail.example' },
  consents: [consent],
};

/** A storefront's request with this body, signed. */
export function posted(id: string, path: string, pathParameters: Record<string, string>, said: object) {
  const body = JSON.stringify(said);
  const headers = signStandardWebhook(id, systemClock.now(), body, SECRET);
  return httpRequest('POST', path, { pathParameters, headers, body });
}

import { describe, expect, it } from 'vitest';
import type { Call } from '#shared/call/call.ts';
import { signedRequest } from '#shared/call/request.ts';
import { verifyStandardWebhook } from '#shared/webhook/standard-webhooks.ts';

const NOW = '2026-03-02T09:00:00.000Z';
const call: Call = {
  v: 1,
  id: 'c1',
  contact: 'k1',
  journey: 'cart',
  key: '',
  n: 1,
  version: 1,
  step: 'tell',
  endpoint: 'crm',
  body: { name: 'Zoë 🐟' },
  waits: false,
  answer: false,
  queuedAt: NOW,
  state: 'queued',
  attempts: 1,
  next: NOW,
};
const secret = (byte: number, length = 32) => `whsec_${Buffer.alloc(length, byte).toString('base64')}`;
const verdict = (signedBy: string[], checkedBy: string) => {
  const { headers = {}, body = '' } = signedRequest(call, signedBy, NOW) ?? {};
  return verifyStandardWebhook(headers, Buffer.from(body), [checkedBy], NOW);
};

describe('a signed request', () => {
  it('is valid for who has the secret, and for nobody else', () => {
    expect(verdict([secret(1)], secret(1))).toBe('valid');
    expect(verdict([secret(1)], secret(2))).toBe('forged');
  });

  it('is valid for who has the next secret, and for who still has the last', () => {
    expect(verdict([secret(2), secret(1)], secret(1))).toBe('valid');
    expect(verdict([secret(2), secret(1)], secret(2))).toBe('valid');
  });

  it('says which call it is, of whom, and what the step says', () => {
    const { headers = {}, body = '' } = signedRequest(call, [secret(1)], NOW) ?? {};
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'user-agent': 'Tropa', 'webhook-id': 'c1' });
    const said = { type: 'journey.call', timestamp: NOW, journey: 'cart', step: 'tell', data: { name: 'Zoë 🐟' } };
    expect(JSON.parse(body)).toEqual({ ...said, contact: { id: 'k1' } });
    const known = signedRequest({ ...call, externalId: '4711' }, [secret(1)], NOW)?.body ?? '';
    expect(JSON.parse(known)).toEqual({ ...said, contact: { id: 'k1', externalId: '4711' } });
  });

  it.each(['', 'whsec_', secret(1, 23), 'not a secret'])('is not made with %j, which proves nothing', (weak) => {
    expect(signedRequest(call, [weak], NOW)).toBeUndefined();
  });

  it('has secrets of every length, with padding and without', () => {
    for (let length = 24; length < 30; length += 1) {
      expect(verdict([secret(3, length)], secret(3, length)), String(length)).toBe('valid');
      expect(verdict([secret(3, length).replace(/=+$/, '')], secret(3, length)), String(length)).toBe('valid');
    }
  });
});

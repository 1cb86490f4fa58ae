import { createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import { segmentKey } from '#shared/webhook/segment-key.ts';

const SECRET = 'a secret that nobody guesses';
const FORMER = 'the secret that was before it';
const BODY = Buffer.from('{"type":"track","event":"Käse"}');
const NOW = '2026-03-02T09:00:00.000Z';
const hexOf = (secret: string, body = BODY): string => createHmac('sha1', secret).update(body).digest('hex');
const basicOf = (pair: string): string => `Basic ${Buffer.from(pair).toString('base64')}`;
const verify = (headers: Record<string, string>, secrets = [SECRET, FORMER], body = BODY) =>
  segmentKey.verify(headers, body, secrets, NOW);

it.each<[string, Record<string, string>]>([
  ['a signature', { 'x-signature': hexOf(SECRET) }],
  ['a signature by the secret before', { 'x-signature': hexOf(FORMER) }],
  ['a signature in capital letters', { 'x-signature': hexOf(SECRET).toUpperCase() }],
  ['the secret as a user without a password', { authorization: basicOf(`${SECRET}:`) }],
  ['the secret before, as a user', { authorization: basicOf(`${FORMER}:`) }],
])('%s is proof', (_, headers) => {
  expect(segmentKey.isSigned(headers)).toBe(true);
  expect(verify(headers)).toBe('valid');
});

it('the secret as a token is proof', () => {
  expect(verify({ authorization: 'bearer token-of-24-characters--' }, ['token-of-24-characters--\n'])).toBe('valid');
});

/** As `openssl dgst -sha1 -hmac` reckons it. */
it('is HMAC-SHA1 as everybody else reckons it', () => {
  const body = Buffer.from('what do ya want for nothing?');
  const signature = '508788409c8b9e9be00507f47ae290845dcf6dab';
  expect(verify({ 'x-signature': signature }, ['JefeJefeJefeJefe'], body)).toBe('valid');
});

it.each<[string, Record<string, string>]>([
  ['another secret', { 'x-signature': hexOf('another secret of that length') }],
  ['a signature of another body', { 'x-signature': hexOf(SECRET, Buffer.from('{}')) }],
  ['a letter too few', { 'x-signature': hexOf(SECRET).slice(1) }],
  ['a letter too many', { 'x-signature': `${hexOf(SECRET)}0` }],
  ['the secret as a signature', { 'x-signature': SECRET }],
  ['a wrong signature beside the right key', { 'x-signature': 'beef', authorization: basicOf(`${SECRET}:`) }],
  ['another user', { authorization: basicOf('another secret of that length:') }],
  ['the secret as a password', { authorization: basicOf(`x:${SECRET}`) }],
  ['a part of the secret', { authorization: basicOf(`${SECRET.slice(0, -1)}:`) }],
  ['another kind', { authorization: `Digest ${SECRET}` }],
  ['no kind', { authorization: SECRET }],
  ['two words', { authorization: `Bearer ${SECRET}` }],
])('%s is none', (_, headers) => {
  expect(verify(headers)).toBe('forged');
});

it('one byte of the body altered is noticed', () => {
  for (let at = 0; at < BODY.length; at += 1) {
    const altered = Buffer.from(BODY);
    altered[at] = (altered[at] ?? 0) ^ 1;
    expect(verify({ 'x-signature': hexOf(SECRET) }, [SECRET], altered)).toBe('forged');
  }
});

it('nothing is proved by nothing, nor by a secret that can be guessed', () => {
  expect(segmentKey.isSigned({})).toBe(false);
  expect(verify({ 'x-signature': '', authorization: '' })).toBe('unsigned');
  expect(verify({ 'x-signature': hexOf('short') }, ['short', '', '  '])).toBe('no-secret');
  expect(verify({ 'x-signature': hexOf('') }, ['', SECRET])).toBe('forged');
});

import { createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import { fromMillis } from '#shared/time/instant.ts';
import { stripeSignature } from '#shared/webhook/stripe-signature.ts';

const SECRET = 'whsec_of_the_endpoint';
const FORMER = 'whsec_before_it';
const BODY = Buffer.from('{"id":"evt_1","note":"zł"}');
const T = 1_772_442_000;
const hexOf = (secret: string, t: number | string = T, body = BODY): string =>
  createHmac('sha256', secret).update(`${t}.`).update(body).digest('hex');
const verify = (header: string | undefined, { now = T, secrets = [SECRET], body = BODY } = {}) =>
  stripeSignature.verify({ 'stripe-signature': header }, body, secrets, fromMillis(now * 1000));

it.each<[string, string, string[]]>([
  ['one signature', `t=${T},v1=${hexOf(SECRET)}`, [SECRET]],
  ['two, of which the second is ours', `t=${T},v1=${hexOf('other')},v1=${hexOf(SECRET)}`, [SECRET]],
  ['two, while both secrets are valid', `t=${T},v1=${hexOf(SECRET)},v1=${hexOf(FORMER)}`, [FORMER, SECRET]],
  ['one by the secret before', `t=${T},v1=${hexOf(FORMER)}`, [SECRET, FORMER]],
  ['one of a scheme that does not count beside it', `t=${T},v0=beef,v1=${hexOf(SECRET)}`, [SECRET]],
  ['blanks between', `t=${T}, v1=${hexOf(SECRET)}`, [SECRET]],
  ['a secret with the end of its line', `t=${T},v1=${hexOf(SECRET)}`, [`${SECRET}\n`]],
])('%s is proof', (_, header, secrets) => {
  expect(verify(header, { secrets })).toBe('valid');
});

it.each<[string, string, string]>([
  ['another secret', `t=${T},v1=${hexOf('other')}`, 'forged'],
  ['the signature of another time', `t=${T},v1=${hexOf(SECRET, T + 1)}`, 'forged'],
  ['only a scheme that does not count', `t=${T},v0=${hexOf(SECRET)}`, 'unsigned'],
  ['no time', `v1=${hexOf(SECRET)}`, 'unsigned'],
  ['a time that is no number', `t=now,v1=${hexOf(SECRET, 'now')}`, 'unsigned'],
  ['no signature', `t=${T}`, 'unsigned'],
  ['nothing', '', 'unsigned'],
  ['an empty signature', `t=${T},v1=`, 'forged'],
  ['ours behind twenty others', `t=${T},${'v1=beef,'.repeat(20)}v1=${hexOf(SECRET)}`, 'forged'],
])('%s is none', (_, header, verdict) => {
  expect(verify(header)).toBe(verdict);
});

it.each([
  [-301, 'stale'],
  [-300, 'valid'],
  [300, 'valid'],
  [301, 'stale'],
])('a signature of %i seconds ago is %s', (ago, verdict) => {
  expect(verify(`t=${T},v1=${hexOf(SECRET)}`, { now: T + ago })).toBe(verdict);
});

it('one byte of the body altered is noticed', () => {
  for (let at = 0; at < BODY.length; at += 1) {
    const altered = Buffer.from(BODY);
    altered[at] = (altered[at] ?? 0) ^ 1;
    expect(verify(`t=${T},v1=${hexOf(SECRET)}`, { body: altered })).toBe('forged');
  }
});

it('nothing is proved by an empty secret', () => {
  expect(stripeSignature.isSigned({})).toBe(false);
  expect(verify(`t=${T},v1=${hexOf('')}`, { secrets: ['', ' '] })).toBe('no-secret');
  expect(verify(`t=${T},v1=${hexOf('')}`, { secrets: ['', SECRET] })).toBe('forged');
});

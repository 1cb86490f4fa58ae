import { createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import { signedBody } from '#shared/webhook/signed-body.ts';

const SECRET = 'the secret as the storefront shows it';
const FORMER = 'the one before it';
const BODY = Buffer.from('{"name":"Żółć ☕"}');
const NOW = '2026-03-02T09:00:00.000Z';

const scheme = signedBody(['x-signature', 'signature']);
const signed = (secret: string, body: Uint8Array = BODY) => createHmac('sha256', secret).update(body).digest('base64');
const verdict = (signature: string | undefined, secrets = [SECRET], body: Uint8Array = BODY) =>
  scheme.verify({ 'x-signature': signature }, body, secrets, NOW);

/** With one bit of one byte turned round. */
const altered = (bytes: Uint8Array, at: number): Uint8Array => bytes.map((byte, i) => (i === at ? byte ^ 1 : byte));

it.each([
  ['the secret', SECRET, [SECRET]],
  ['either of two secrets', FORMER, [SECRET, FORMER]],
  ['a secret that was stored with the end of its line', SECRET, [`${SECRET}\n`]],
  ['a secret beside an empty one', SECRET, ['', SECRET]],
])('a body that is signed with %s is taken', (_, secret, secrets) => {
  expect(verdict(signed(secret), secrets)).toBe('valid');
});

it('takes the signature from whichever header has it', () => {
  expect(scheme.verify({ signature: signed(SECRET) }, BODY, [SECRET], NOW)).toBe('valid');
  expect([{ signature: 'x' }, { 'x-signature': 'x' }, { other: 'x' }].map((h) => scheme.isSigned(h))).toEqual([
    true,
    true,
    false,
  ]);
});

it('signs as many bytes as there are, padding included', () => {
  for (let length = 0; length < 70; length += 1) {
    const body = Buffer.alloc(length, length);
    expect(verdict(signed(SECRET, body), [SECRET], body)).toBe('valid');
  }
});

it('takes no body of which any byte is another', () => {
  const right = signed(SECRET);
  for (const at of BODY.keys()) expect(verdict(right, [SECRET], altered(BODY, at))).toBe('forged');
});

it('takes no signature of which any character is another', () => {
  const right = Buffer.from(signed(SECRET));
  for (const at of right.keys()) expect(verdict(Buffer.from(altered(right, at)).toString('latin1'))).toBe('forged');
});

it.each([
  ['of another secret', signed('made up'), [SECRET], 'forged'],
  ['that is cut short', signed(SECRET).slice(0, -1), [SECRET], 'forged'],
  ['with something behind it', `${signed(SECRET)},${signed(SECRET)}`, [SECRET], 'forged'],
  [
    'in the other alphabet of base64',
    signed(SECRET).replaceAll('/', '_').replaceAll('+', '-').replace('=', ''),
    [SECRET],
    'forged',
  ],
  ['that is empty', '', [SECRET], 'unsigned'],
  ['by an empty secret', signed(''), [''], 'no-secret'],
  ['by a blank secret', signed(' '), [' '], 'no-secret'],
  ['by an empty secret beside another', signed(''), ['', SECRET], 'forged'],
])('a signature %s proves nothing', (_, signature, secrets, expected) => {
  expect(verdict(signature, secrets)).toBe(expected);
});

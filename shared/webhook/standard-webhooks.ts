import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { fromBase64Url, toBase64Url } from '#shared/link/base64url.ts';
import { isSameText } from '#shared/same-text.ts';
import { type Instant, toMillis } from '#shared/time/instant.ts';
import type { Scheme, Verdict } from './refusal.ts';

/** Seconds by which the sender's clock may differ from ours, either way: the specification's tolerance. */
const TOLERANCE = 300;

/** Bytes of a secret at least, as the specification asks: who knows that it is empty, or guesses it, signs for everybody. */
const SECRET_BYTES = 24;

type Headers = Readonly<Record<string, string | undefined>>;

/** Both alphabets of base64 as the one that is safe in links, without what is no letter of it. */
const urlSafe = (base64: string): string =>
  base64
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll(/[^\w-]/g, '');

function keyOf(secret: string): Uint8Array {
  const letters = urlSafe(secret.replace(/^whsec_/, ''));
  // A letter that makes no whole byte says nothing.
  return fromBase64Url(letters.length % 4 === 1 ? letters.slice(0, -1) : letters) ?? new Uint8Array();
}

/** Whether a secret is long enough to prove anything. */
export const isLongEnough = (secret: string): boolean => keyOf(secret).length >= SECRET_BYTES;

const signatureOf = (key: Uint8Array, id: string, timestamp: string, body: Uint8Array): string =>
  toBase64Url(
    hmac
      .create(sha256, key)
      .update(utf8ToBytes(`${id}.${timestamp}.`))
      .update(body)
      .digest(),
  );

/**
 * Whether a request is signed as Standard Webhooks says (https://www.standardwebhooks.com, version 1 symmetric): HMAC of
 * `id.timestamp.body` by any of the secrets, over the raw body, not older or newer than five minutes. A secret of fewer than
 * 24 bytes counts for nothing. Header names are lower case, as HTTP API delivers them.
 */
export function verifyStandardWebhook(
  headers: Headers,
  body: Uint8Array,
  secrets: readonly string[],
  now: Instant,
): Verdict {
  const keys = secrets.filter(isLongEnough).map(keyOf);
  if (keys.length === 0) return 'no-secret';
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures } = headers;
  if (!id || !timestamp || !signatures || !/^\d{1,12}$/.test(timestamp)) return 'unsigned';
  if (Math.abs(toMillis(now) / 1000 - Number(timestamp)) > TOLERANCE) return 'stale';
  const given = signatures.split(' ', 20).filter((s) => s.startsWith('v1,'));
  const expected = keys.map((key) => signatureOf(key, id, timestamp, body));
  const valid = given.some((s) => expected.some((signature) => isSameText(urlSafe(s.slice(3)), signature)));
  return valid ? 'valid' : 'forged';
}

/** The header values of a request signed that way: for the senders that Tropa brings itself, and for tests. */
export function signStandardWebhook(id: string, now: Instant, body: string, secret: string): Record<string, string> {
  const timestamp = String(Math.floor(toMillis(now) / 1000));
  const signature = signatureOf(keyOf(secret), id, timestamp, utf8ToBytes(body));
  const base64 = signature.replaceAll('-', '+').replaceAll('_', '/');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${base64}=` };
}

export const standardWebhooks: Scheme = {
  isSigned: (headers) => headers['webhook-signature'] !== undefined,
  verify: verifyStandardWebhook,
  sign: ({ id, now, body }, secret) => signStandardWebhook(id, now, body, secret),
};

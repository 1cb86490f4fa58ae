import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Instant, toMillis } from '#shared/time/instant.ts';

/** Seconds by which the sender's clock may differ from ours, either way: the specification's tolerance. */
const TOLERANCE = 300;

/** Bytes of a secret at least, as the specification asks: who knows that it is empty, or guesses it, signs for everybody. */
const SECRET_BYTES = 24;

/** `no-secret`: there is none that could prove anything. */
export type Verdict = 'valid' | 'no-secret' | 'unsigned' | 'stale' | 'forged';

type Headers = Readonly<Record<string, string | undefined>>;

const keyOf = (secret: string): Buffer => Buffer.from(secret.replace(/^whsec_/, ''), 'base64');

/** Whether a secret is long enough to prove anything. */
export const isLongEnough = (secret: string): boolean => keyOf(secret).length >= SECRET_BYTES;

const sameBytes = (a: Buffer, b: Buffer): boolean => a.length === b.length && timingSafeEqual(a, b);

/**
 * Whether a request is signed as Standard Webhooks says (https://www.standardwebhooks.com, version 1 symmetric): HMAC of
 * `id.timestamp.body` by any of the secrets, over the raw body, not older or newer than five minutes. A secret of fewer than
 * 24 bytes counts for nothing. Header names are lower case, as HTTP API delivers them.
 */
export function verifyStandardWebhook(
  headers: Headers,
  body: string | Buffer,
  secrets: readonly string[],
  now: Instant,
): Verdict {
  const keys = secrets.filter(isLongEnough).map(keyOf);
  if (keys.length === 0) return 'no-secret';
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures } = headers;
  if (!id || !timestamp || !signatures || !/^\d{1,12}$/.test(timestamp)) return 'unsigned';
  if (Math.abs(toMillis(now) / 1000 - Number(timestamp)) > TOLERANCE) return 'stale';
  const given = signatures.split(' ', 20).filter((s) => s.startsWith('v1,'));
  const expected = keys.map((key) => createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest());
  const valid = given.some((s) => expected.some((bytes) => sameBytes(Buffer.from(s.slice(3), 'base64'), bytes)));
  return valid ? 'valid' : 'forged';
}

/** The header values of a request signed that way: for the senders that Tropa brings itself, and for tests. */
export function signStandardWebhook(id: string, now: Instant, body: string, secret: string): Record<string, string> {
  const timestamp = String(Math.floor(toMillis(now) / 1000));
  const signature = createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}

import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Instant, toMillis } from '#shared/time/instant.ts';

/** Seconds by which the sender's clock may differ from ours, either way: the specification's tolerance. */
const TOLERANCE = 300;

export type Verdict = 'valid' | 'unsigned' | 'stale' | 'forged';

type Headers = Readonly<Record<string, string | undefined>>;

const keyOf = (secret: string): Buffer => Buffer.from(secret.replace(/^whsec_/, ''), 'base64');

const sameBytes = (a: Buffer, b: Buffer): boolean => a.length === b.length && timingSafeEqual(a, b);

/**
 * Whether a request is signed as Standard Webhooks says (https://www.standardwebhooks.com, version 1 symmetric): HMAC of
 * `id.timestamp.body` by any of the secrets, over the raw body, not older or newer than five minutes. Header names are
 * lower case, as HTTP API delivers them.
 */
export function verifyStandardWebhook(
  headers: Headers,
  body: string | Buffer,
  secrets: readonly string[],
  now: Instant,
): Verdict {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures } = headers;
  if (!id || !timestamp || !signatures || !/^\d{1,12}$/.test(timestamp)) return 'unsigned';
  if (Math.abs(toMillis(now) / 1000 - Number(timestamp)) > TOLERANCE) return 'stale';
  const given = signatures.split(' ', 20).filter((s) => s.startsWith('v1,'));
  const expected = secrets.map((secret) =>
    createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.`).update(body).digest(),
  );
  const valid = given.some((s) => expected.some((bytes) => sameBytes(Buffer.from(s.slice(3), 'base64'), bytes)));
  return valid ? 'valid' : 'forged';
}

/** The header values of a request signed that way: for the senders that Tropa brings itself, and for tests. */
export function signStandardWebhook(id: string, now: Instant, body: string, secret: string): Record<string, string> {
  const timestamp = String(Math.floor(toMillis(now) / 1000));
  const signature = createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}

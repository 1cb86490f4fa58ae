import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { isSameText } from '#shared/same-text.ts';
import { toMillis } from '#shared/time/instant.ts';
import type { Scheme } from './refusal.ts';

/** Seconds by which Stripe's clock may differ from ours, either way: what its own libraries allow. */
const TOLERANCE = 300;
const HEADER = 'stripe-signature';
/** More signatures than any rotation brings. */
const MOST = 20;

const signatureOf = (secret: string, timestamp: string, body: Uint8Array): string =>
  bytesToHex(
    hmac
      .create(sha256, utf8ToBytes(secret))
      .update(utf8ToBytes(`${timestamp}.`))
      .update(body)
      .digest(),
  );

/** `t=1614265330,v1=...,v1=...,v0=...`: the time and the signatures of the scheme that counts. */
function partsOf(header: string): { readonly timestamp: string; readonly given: readonly string[] } {
  const parts = header.split(',', MOST).map((part) => part.trim());
  const valuesOf = (name: string) =>
    parts.filter((part) => part.startsWith(name)).map((part) => part.slice(name.length));
  const [timestamp = ''] = valuesOf('t=');
  return { timestamp, given: valuesOf('v1=') };
}

/**
 * How Stripe signs: hex of the HMAC-SHA256 of `t.body`, by the text of the endpoint's secret as it is shown, `whsec_`
 * included (https://docs.stripe.com/webhooks#verify-manually). While a secret is rotated, one signature a secret stands there.
 */
export const stripeSignature: Scheme = {
  isSigned: (headers) => headers[HEADER] !== undefined,
  verify: (headers, body, secrets, now) => {
    const known = secrets.map((secret) => secret.trim()).filter((secret) => secret !== '');
    if (known.length === 0) return 'no-secret';
    const { timestamp, given } = partsOf(headers[HEADER] ?? '');
    if (!/^\d{1,12}$/.test(timestamp) || given.length === 0) return 'unsigned';
    if (Math.abs(toMillis(now) / 1000 - Number(timestamp)) > TOLERANCE) return 'stale';
    const expected = known.map((secret) => signatureOf(secret, timestamp, body));
    const matches = given.flatMap((one) => expected.filter((signature) => isSameText(one, signature)));
    return matches.length > 0 ? 'valid' : 'forged';
  },
  sign: ({ now, body }, secret) => {
    const timestamp = String(Math.floor(toMillis(now) / 1000));
    return { [HEADER]: `t=${timestamp},v1=${signatureOf(secret.trim(), timestamp, utf8ToBytes(body))}` };
  },
};

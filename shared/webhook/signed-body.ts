import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { toBase64Url } from '#shared/link/base64url.ts';
import { isSameText } from '#shared/same-text.ts';
import type { Scheme } from './refusal.ts';

const base64 = (bytes: Uint8Array): string => {
  const letters = toBase64Url(bytes).replaceAll('-', '+').replaceAll('_', '/');
  return letters.padEnd(Math.ceil(letters.length / 4) * 4, '=');
};

/** What a secret signs a body with: base64 of its HMAC-SHA256. A secret is the text itself, as the storefront shows it. */
const signatureOf = (secret: string, body: Uint8Array): string => base64(hmac(sha256, utf8ToBytes(secret), body));

/**
 * A signature of the raw body alone, in the first of these headers that is there, as Shopify and WooCommerce send it. It
 * holds no time: what is sent again proves itself again, and an event counts once. An empty secret counts for nothing.
 */
export function signedBody(headerNames: readonly [string, ...string[]]): Scheme {
  const given = (headers: Readonly<Record<string, string | undefined>>): string | undefined =>
    headerNames.map((name) => headers[name]).find((value) => value !== undefined);
  return {
    isSigned: (headers) => given(headers) !== undefined,
    verify: (headers, body, secrets) => {
      // One that was pasted with the end of its line is meant without it.
      const known = secrets.map((secret) => secret.trim()).filter((secret) => secret !== '');
      if (known.length === 0) return 'no-secret';
      const signature = given(headers);
      if (!signature) return 'unsigned';
      const matches = known.filter((secret) => isSameText(signature, signatureOf(secret, body)));
      return matches.length > 0 ? 'valid' : 'forged';
    },
    sign: ({ body }, secret) => ({ [headerNames[0]]: signatureOf(secret.trim(), utf8ToBytes(body)) }),
  };
}

import { hmac } from '@noble/hashes/hmac.js';
import { sha1 } from '@noble/hashes/legacy.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { toBase64Url } from '#shared/link/base64url.ts';
import { isSameText } from '#shared/same-text.ts';
import type { Scheme } from './refusal.ts';

/** The shop makes this secret up itself: what is shorter can be guessed. */
const SHORTEST = 16;

const signatureOf = (secret: string, body: Uint8Array): string => bytesToHex(hmac(sha1, utf8ToBytes(secret), body));

/** Both alphabets of base64 as one, without the padding. */
const bare = (base64: string): string => base64.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');

/** What an `authorization` says that carries the secret itself: as a token, or as a user without a password. */
function isKey(authorization: string, secret: string): boolean {
  const [, kind = '', given = ''] = /^(basic|bearer) +(\S+)$/i.exec(authorization.trim()) ?? [];
  if (kind.toLowerCase() === 'bearer') return isSameText(given, secret);
  const isBasic = isSameText(bare(given), toBase64Url(utf8ToBytes(`${secret}:`)));
  return kind.toLowerCase() === 'basic' && isBasic;
}

/**
 * How Segment's webhooks sign (`x-signature`, hex of the HMAC-SHA1 of the raw body: https://segment.com/docs/connections/destinations/catalog/webhooks),
 * and how RudderStack and the libraries of the HTTP API prove themselves, which sign nothing: by the secret itself. Neither
 * holds a time: what is sent again proves itself again, and an event counts once.
 */
export const segmentKey: Scheme = {
  isSigned: (headers) => headers['x-signature'] !== undefined || headers['authorization'] !== undefined,
  verify: (headers, body, secrets) => {
    // One that was pasted with the end of its line is meant without it.
    const known = secrets.map((secret) => secret.trim()).filter((secret) => secret.length >= SHORTEST);
    if (known.length === 0) return 'no-secret';
    const { 'x-signature': signature, authorization } = headers;
    if (!signature && !authorization) return 'unsigned';
    const proofs = known.map((secret) =>
      signature
        ? isSameText(signature.trim().toLowerCase(), signatureOf(secret, body))
        : isKey(authorization ?? '', secret),
    );
    return proofs.includes(true) ? 'valid' : 'forged';
  },
  sign: ({ body }, secret) => ({ 'x-signature': signatureOf(secret.trim(), utf8ToBytes(body)) }),
};

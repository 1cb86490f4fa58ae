import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import * as z from 'zod';
import { isSameText } from '#shared/same-text.ts';
import { bounded } from '#shared/template/bounded.ts';
import { fromBase64Url, toBase64Url } from './base64url.ts';

/**
 * The tokens in the links of a mail. They name ids only, never an address, and do not expire: an unsubscribe link must
 * work in a mail that is read a year later. `<payload>.<signature>`, both base64url.
 */
const idSchema = z
  .string()
  .max(100)
  .regex(/^[\x20-\x7e]+$/, 'an id in a link has printable ASCII characters only');
const payloadSchema = z.strictObject({
  contact: idSchema,
  message: idSchema,
  topic: idSchema,
  act: z.enum(['unsubscribe', 'preferences', 'view', 'confirm']),
});
export type LinkPayload = z.infer<typeof payloadSchema>;

/** A list is shorter than an object, and links are printed twice in each mail. Its first member is the form's version. */
const wireSchema = z.tuple([z.literal(1), z.string(), z.string(), z.string(), z.string()]);

/** Says what is signed, so that no other signature made with the same secret passes for a link's. */
const PURPOSE = 'tropa-link:';

/** A secret is made ready once, and signs two links of each mail. There are two of them while one is being replaced. */
const ready = bounded<ReturnType<typeof hmac.create>>(4);

function signatureOf(payload: string, secret: string): string {
  const signing = ready.of(secret, () => hmac.create(sha256, utf8ToBytes(secret)).update(utf8ToBytes(PURPOSE)));
  return toBase64Url(signing.clone().update(utf8ToBytes(payload)).digest());
}

/**
 * A url-safe token of about 180 characters. Throws a RangeError without a secret, which would sign for everybody, and a
 * ZodError for an id that is not printable ASCII.
 */
export function sign(link: LinkPayload, secret: string): string {
  if (!secret) throw new RangeError('a link cannot be signed without a secret');
  const { act, contact, message, topic } = payloadSchema.parse(link);
  const wire = JSON.stringify([1, act, contact, message, topic]);
  const payload = toBase64Url(utf8ToBytes(wire));
  return `${payload}.${signatureOf(payload, secret)}`;
}

/**
 * What the token says if one of the secrets has signed it, else undefined. All secrets are tried, so that the links of
 * mails sent before a rotation go on working for as long as the old secret is kept.
 */
export function verify(token: string, secrets: readonly string[]): LinkPayload | undefined {
  const [payload, signature, ...rest] = token.split('.');
  if (!payload || !signature || rest.length > 0) return undefined;
  // The signatures are compared as text: bytes have several spellings in base64url, and only one is accepted.
  const signed =
    secrets.filter((secret) => secret !== '' && isSameText(signature, signatureOf(payload, secret))).length > 0;
  return signed ? read(payload) : undefined;
}

function read(payload: string): LinkPayload | undefined {
  const bytes = fromBase64Url(payload);
  if (!bytes) return undefined;
  const wire = wireSchema.safeParse(JSON.parse(String.fromCharCode(...bytes)));
  if (!wire.success) return undefined;
  const [, act, contact, message, topic] = wire.data;
  return payloadSchema.safeParse({ act, contact, message, topic }).data;
}

const PATHS: { readonly [A in LinkPayload['act']]: string } = {
  unsubscribe: 'u',
  preferences: 'p',
  view: 'v',
  confirm: 'c',
};

/** Where a token is answered: see the routes in the wiring. */
export const linkPath = (link: LinkPayload, secret: string): string => `/${PATHS[link.act]}/${sign(link, secret)}`;

import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import * as z from 'zod';
import { idSchema } from '#shared/condition/condition.ts';
import { channelSchema } from '#shared/event/event.ts';
import { jsonSchema } from '#shared/store/json.ts';
import { canonicalLocale } from './language.ts';

/** A template as publish leaves it for send: layout done, Liquid still in it. One for each channel and locale. */
export const compiledTemplateSchema = z.object({
  v: z.literal(1),
  id: idSchema,
  channel: channelSchema,
  /** '' is the variant for everybody else. */
  locale: z.string(),
  /** Hash of all the rest; recorded with each message. */
  version: z.string(),
  /** All Liquid, not rendered yet. The preheader is in the html already. */
  subject: z.string(),
  preheader: z.string(),
  html: z.string(),
  text: z.string(),
  topic: z.string().optional(),
  sender: z.string().optional(),
  ttl: z.string().optional(),
  /** Values for previews, as the front data has them. */
  sample: z.record(z.string(), jsonSchema).optional(),
  /** Paths that it prints, sorted: `contact.name.first`, `steps.code.code`. */
  variables: z.array(z.string()),
});
export type CompiledTemplate = z.infer<typeof compiledTemplateSchema>;

/** 16 hex digits, the same for the same content: so a compiled template of one version never changes. */
export const templateVersion = (content: Omit<CompiledTemplate, 'version'>): string =>
  bytesToHex(sha256(utf8ToBytes(JSON.stringify(content)))).slice(0, 16);

export const UNSUBSCRIBE = 'message.unsubscribe_url';
export const CONFIRM = 'message.confirm_url';

const FILE = /^templates\/([^/]+)\/([a-z]+)(?:\.([A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*))?\.(mjml|liquid)$/;

/** What a file's key says: `templates/cart-offer/email.ru.mjml`. Undefined when it is not the key of a template. */
export function readTemplateKey(key: string) {
  const [, id, channel, locale = '', form] = FILE.exec(key) ?? [];
  const known = channelSchema.safeParse(channel);
  if (!id || !known.success || !idSchema.safeParse(id).success || (form !== 'mjml' && form !== 'liquid'))
    return undefined;
  return { id, channel: known.data, locale, form } as const;
}

/** Variants to look for, best first: `ru-BY`, `ru`, the shop's locale, none. However the locales are written. */
export function localeOrder(wanted: string | undefined, shops: string): readonly string[] {
  const widening = (written: string | undefined) => {
    const parts = canonicalLocale(written)?.split('-') ?? [];
    return parts.map((_, i) => parts.slice(0, parts.length - i).join('-'));
  };
  return [...new Set([...widening(wanted), ...widening(shops), ''])];
}

import { readFileSync } from 'node:fs';
import { type ParseError, parse, printParseErrorCode } from 'jsonc-parser';
import * as z from 'zod';
import { QUEUE_NAMES } from '#functions/wiring.ts';
import { shopifyShopSchema, storefrontsSchema } from '#shared/catchup/settings.ts';
import { warmUpSchema } from '#shared/sending/warm-up.ts';

/** The lengths that CloudWatch Logs can keep a log. */
const LOG_DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 3653];

const DOMAIN = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;
const domainSchema = z.string().regex(DOMAIN, 'a domain such as shop.example, in small letters');

/** The address in `Shop <hello@shop.example>` or `hello@shop.example`. */
const addressIn = (sender: string): string => /<([^<>]+)>\s*$/.exec(sender)?.[1] ?? sender.trim();
const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1).toLowerCase();

const settingsSchema = z.strictObject({
  /** Part of every name, so that several stages live in one account. */
  stage: z.string().regex(/^[a-z][a-z0-9-]{0,15}$/, 'a to z, 0 to 9 and -, at most 16, beginning with a letter'),
  /** Where to deploy; without it, where the AWS profile points. */
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/)
    .optional(),
  /** The domain that mails come from. Its DNS gets the records that the delivery stack puts out. */
  domain: domainSchema,
  /** Who mails come from where the shop's own settings name nobody: an address of the domain, with or without a name. */
  sender: z.string().refine((sender) => z.email().safeParse(addressIn(sender)).success, 'not a mail address'),
  /**
   * Addresses, and domains of addresses, that journeys may mail calls to beside those of the domain: they get what customers'
   * profiles hold. @default none
   */
  colleagues: z
    .array(
      z
        .string()
        .toLowerCase()
        .pipe(z.union([z.email(), domainSchema])),
    )
    .max(50)
    .default([]),
  /** Who hears of alarms. */
  alarmEmail: z.email(),
  /** The shop's own address in front of the HTTP API. @default the API's own */
  publicUrl: z
    .url({ protocol: /^https$/ })
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  /** How long a contact's events are kept. Those that prove a consent stay. */
  eventRetentionDays: z.int().min(36).max(3650).default(400),
  /** Mails a second at most. If SES allows the account less, it is less. */
  sesRate: z.number().positive().max(10_000).default(10),
  /** Since when the domain sends, and how many mails a day it may at first. @default the domain is known */
  warmUp: warmUpSchema.optional(),
  /**
   * What pages of the shop post with: `pk_` and at least 16 letters and digits. They are no secrets. @default no page can post
   */
  writeKeys: z
    .array(z.string().regex(/^pk_[A-Za-z0-9]{16,64}$/, 'pk_ and 16 to 64 letters and digits'))
    .max(20)
    .default([]),
  /**
   * Runs of `collect` at once, taken from those of the account and kept for it. @default as many as the account has left:
   * a new account has 10, of which AWS lets nobody keep any
   */
  collectConcurrency: z.int().min(1).max(1000).optional(),
  /** Requests a second that the API takes; who posts more gets 429, and comes again or does not. */
  requestsPerSecond: z.int().min(10).max(100_000).default(1000),
  /** Runs at once, by the queue that they work off, where a busy day needs others than functions/wiring.ts has. */
  concurrency: z.partialRecord(z.enum(QUEUE_NAMES), z.int().min(2).max(1000)).default({}),
  /** Shops that are asked, every quarter of an hour, for what their webhooks have missed. @default none is */
  storefronts: storefrontsSchema.default({}),
  /** The shops of Shopify whose webhooks are taken. @default any that signs with the secret */
  shopifyShops: z.array(shopifyShopSchema).max(20).default([]),
  logRetentionDays: z
    .int()
    .refine((days) => LOG_DAYS.includes(days), `one of ${LOG_DAYS.join(', ')}`)
    .default(30),
  /** Days that the bus keeps its events for another look. @default none are kept */
  archiveDays: z.int().min(1).max(400).optional(),
});

export const stageSchema = settingsSchema.superRefine(({ domain, sender }, context) => {
  const from = domainOf(addressIn(sender));
  if (from !== domain && !from.endsWith(`.${domain}`)) {
    context.addIssue({ code: 'custom', path: ['sender'], message: `its domain must be ${domain} or below it` });
  }
});
export type StageSettings = z.output<typeof stageSchema>;

/** The settings of one stage. Throws an Error that names the file and every fault of it. */
export function readStage(path: string): StageSettings {
  const errors: ParseError[] = [];
  const text = readFileSync(path, 'utf-8');
  const json: unknown = parse(text, errors, { allowTrailingComma: true });
  const [error] = errors;
  if (error) throw new Error(`${path}: ${printParseErrorCode(error.error)} at character ${error.offset}`);
  const parsed = stageSchema.safeParse(json);
  if (!parsed.success) throw new Error(`${path}:\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

/** What the names of the storefronts' secrets begin with; `shopify` or another source follows. */
export const sourceSecretsOf = (settings: Pick<StageSettings, 'stage'>): string => nameOf(settings, 'source-');
/** What the names of the secrets begin with that the shop's endpoints are called with. */
export const endpointSecretsOf = (settings: Pick<StageSettings, 'stage'>): string => nameOf(settings, 'endpoint-');

/** Where CloudWatch keeps what the functions of a stage count: stages of one account are counted apart. */
export const metricNamespaceOf = ({ stage }: Pick<StageSettings, 'stage'>): string => `Tropa/${stage}`;

/** A physical name: people, alarms and `tropa redrive` speak it. */
export const nameOf = ({ stage }: Pick<StageSettings, 'stage'>, thing: string): string => `tropa-${stage}-${thing}`;

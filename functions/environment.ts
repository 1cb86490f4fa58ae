import * as z from 'zod';
import { storefrontsSchema } from '#shared/catchup/settings.ts';
import { warmUpSchema } from '#shared/sending/warm-up.ts';
import type { FunctionName } from './wiring.ts';

/**
 * What each function is told of its surroundings: its handler parses this once, the stacks fill it in, and neither
 * compiles without the other. All values arrive as text.
 */

const text = z.string().min(1);
/** What all are told, by the construct that makes functions: under which name CloudWatch keeps what this stage counts. */
const common = { METRIC_NAMESPACE: text };
const url = z.url();
const positive = z.coerce.number().positive();

const json = z.string().transform((written, context): unknown => {
  try {
    return JSON.parse(written);
  } catch {
    context.addIssue('no JSON');
    return z.NEVER;
  }
});

const table = { TABLE_NAME: text };
/** The state machine of all journeys: who has it starts executions or answers their pauses. */
const executions = { STATE_MACHINE_ARN: text };
const lanes = { TRANSACTIONAL_QUEUE_URL: url, MARKETING_QUEUE_URL: url };
/** What endpoints are to be told. */
const calls = { CALLS_QUEUE_URL: url };
const bus = { BUS_NAME: text };
/** Takes an event of the public when the bus does not. */
const overflow = { OVERFLOW_QUEUE_URL: url };
const stretches = { WALK_QUEUE_URL: url };
/** Where those lie whose authors are to be told of them. */
const told = { TELL_QUEUE_URL: url };
/** What the names of the storefronts' secrets begin with in Secrets Manager. */
const sourceSecrets = { SOURCE_SECRETS: text };
/** The plan by which a new domain becomes known, in JSON; `null` where there is none. */
const warmUp = { WARM_UP: json.pipe(warmUpSchema.nullable()) };
const retention = { EVENT_RETENTION_DAYS: positive };

export const ENVIRONMENTS = {
  ingest: z.object({
    ...common,
    ...bus,
    ...overflow,
    WEBHOOK_SECRET_ID: text,
    ...sourceSecrets,
    /** The shops of Shopify whose webhooks are taken, parted by commas; empty where any is. */
    SHOPIFY_SHOPS: z.string(),
  }),
  enrol: z.object({ ...common, ...table, ...executions, ...bus, ...retention }),
  advance: z.object({ ...common, ...table, ...lanes, ...calls, ...bus }),
  pause: z.object({ ...common, ...table, ...executions }),
  send: z.object({
    ...common,
    ...table,
    ...executions,
    ...bus,
    BUCKET_NAME: text,
    CONFIGURATION_SET: text,
    LINK_SECRET_ID: text,
    /** Where the links of mails lead to, without a slash at its end. */
    PUBLIC_URL: url,
    /** The address that mails come from where the shop's settings name no other: `Shop <hello@shop.example>`. */
    SENDER: text,
    /** Mails a second, both lanes together. */
    SES_RATE: positive,
    ...warmUp,
  }),
  call: z.object({
    ...common,
    ...table,
    ...executions,
    /** What the names of endpoints' secrets begin with in Secrets Manager. */
    ENDPOINT_SECRETS: text,
    CONFIGURATION_SET: text,
    /** Who mails to colleagues come from where the shop's settings name no other. */
    SENDER: text,
  }),
  track: z.object({ ...common, ...table, ...executions, ...bus }),
  /** The domain that SES has verified: what senders of the settings must belong to. */
  /** Who may be mailed calls beside the mail's domain, parted by commas; empty where nobody else. */
  publish: z.object({
    ...common,
    ...{ ...table, ...bus, ...told, BUCKET_NAME: text, PUBLISH_QUEUE_URL: url },
    ...{ MAIL_DOMAIN: text, COLLEAGUES: z.string() },
  }),
  respond: z.object({
    ...common,
    ...table,
    ...executions,
    ...bus,
    ...overflow,
    BUCKET_NAME: text,
    LINK_SECRET_ID: text,
  }),
  review: z.object({
    ...common,
    ...{ ...table, ...executions, ...bus, ...lanes, ...calls, ...retention, ...stretches },
    ...{ ...told, ...warmUp },
  }),
  tally: z.object({ ...common, ...table }),
  audit: z.object({ ...common, ...table }),
  walk: z.object({ ...common, ...table, ...executions, ...stretches }),
  tell: z.object({ ...common, ...table, ...told, BUCKET_NAME: text, CONFIGURATION_SET: text, SENDER: text }),
  start: z.object({ ...common, ...table, ...bus, ...overflow, WEBHOOK_SECRET_ID: text }),
  privacy: z.object({ ...common, ...table, ...executions, BUCKET_NAME: text }),
  /** Keys of pages, parted by commas; empty where no page may post. */
  collect: z.object({ ...common, ...bus, ...overflow, WRITE_KEYS: z.string() }),
  /** Which storefronts are asked, as the stage's settings name them, in JSON. */
  catchup: z.object({
    ...common,
    ...table,
    ...bus,
    ...overflow,
    ...sourceSecrets,
    STOREFRONTS: json.pipe(storefrontsSchema),
  }),
} as const satisfies Record<FunctionName, z.ZodObject>;

/** The environment of a function as its stack must set it: every name that its schema has but the common ones, and no other. */
export type EnvironmentOf<Name extends FunctionName> = Readonly<
  Record<Exclude<keyof (typeof ENVIRONMENTS)[Name]['shape'] & string, keyof typeof common>, string>
>;

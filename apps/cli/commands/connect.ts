import { Command } from 'commander';
import * as z from 'zod';
import { BadInput } from '#apps/cli/bad-input.ts';
import type { Streams } from '#apps/cli/commands/replay.ts';
import { isWell, printConnect } from '#apps/cli/connect/print.ts';
import { type Prompt, prompt, secretly } from '#apps/cli/connect/prompt.ts';
import type { ConnectRequest, RunConnect, Shop } from '#apps/cli/connect/run.ts';
import { SECRET_VARIABLES } from '#apps/cli/connect/secret.ts';

const commonFields = {
  endpoint: z.string().optional(),
  stage: z.string().optional(),
  check: z.boolean().default(false),
  move: z.boolean().default(false),
  storeSecret: z.boolean().default(false),
  json: z.boolean().default(false),
};
const shopifySchema = z.object({
  ...commonFields,
  shop: z.string(),
  token: z.string().optional(),
  clientId: z.string().optional(),
});
const woocommerceSchema = z.object({
  ...commonFields,
  url: z.string(),
  key: z.string().optional(),
  secret: z.string().optional(),
  webhookSecret: z.string().optional(),
  renewSecret: z.boolean().default(false),
});

/** `tropa connect`: a shop tells Tropa from now on. Exit code 1 while something is wrong. */
export function connectCommand(
  run: RunConnect,
  streams: Streams = { out: process.stdout, err: process.stderr },
  ask: Prompt = prompt,
): Command {
  return new Command('connect')
    .description('Register the webhooks of a shop, look whether they are in order, and mend them.')
    .addCommand(shopifyCommand(run, streams, ask))
    .addCommand(woocommerceCommand(run, streams, ask));
}

const withCommonOptions = (command: Command): Command =>
  command
    .option('--endpoint <url>', 'where Tropa is for the public: of a tunnel to the laptop, for example')
    .option('--stage <name>', 'AWS: a stage that is deployed, with the credentials of the AWS CLI')
    .option('--check', 'look only, and change nothing')
    .option('--move', 'webhooks of Tropa at another address are moved here')
    .option('--store-secret', 'store on the stage what the webhooks sign with, and the app that the catch-up asks by')
    .option('--json', 'print the result as one line of JSON');

function shopifyCommand(run: RunConnect, streams: Streams, ask: Prompt): Command {
  return withCommonOptions(new Command('shopify'))
    .description('A shop at Shopify, by an app of its own.')
    .requiredOption('--shop <name>', 'mystore.myshopify.com')
    .option(
      '--client-id <text>',
      `of the app, as SHOPIFY_CLIENT_ID; its secret is ${SECRET_VARIABLES.shopify}, or asked for`,
    )
    .option('--token <text>', 'of an app that has one that lasts; better: SHOPIFY_API_TOKEN, or "-" to be asked')
    .action(async (options: unknown) => {
      const { shop, token, clientId, json, ...given } = shopifySchema.parse(options);
      const proof = await proofOf(token, clientId, ask);
      const signing = 'id' in proof ? proof.secret : process.env[SECRET_VARIABLES.shopify];
      await carryOut(run, streams, { ...given, signing, renew: false, shop: { source: 'shopify', shop, proof } }, json);
    });
}

/** As Shopify begins tokens: one may be pasted where the app's id is asked for. */
const TOKEN = /^shp[a-z]{2,}_/;

/** The app's id goes before a token of the environment, which may be one of yesterday. */
async function proofOf(given: string | undefined, clientId: string | undefined, ask: Prompt) {
  const lasting = { variable: 'SHOPIFY_API_TOKEN', what: 'Admin API access token of the app', ask };
  const known = clientId ?? process.env['SHOPIFY_CLIENT_ID'];
  if (given !== undefined || (!known && process.env[lasting.variable]))
    return { token: await secretly(given, lasting) };
  const what = 'client ID of the app (or its Admin API access token, shpat_...)';
  const id = await secretly(known, { variable: 'SHOPIFY_CLIENT_ID', what, ask });
  if (TOKEN.test(id)) return { token: id };
  const variable = SECRET_VARIABLES.shopify;
  return { id, secret: await secretly(undefined, { variable, what: 'client secret of the app', ask }) };
}

function woocommerceCommand(run: RunConnect, streams: Streams, ask: Prompt): Command {
  return withCommonOptions(new Command('woocommerce'))
    .description('A shop of WooCommerce, by a key of its REST interface.')
    .requiredOption('--url <address>', 'of the shop: https://shop.example')
    .option('--key <text>', 'the consumer key: ck_...')
    .option(
      '--secret <text>',
      'the consumer secret: cs_...; better: WOOCOMMERCE_API_TOKEN=ck_...:cs_..., or "-" to be asked',
    )
    .option('--webhook-secret <text>', `what the webhooks sign with; better: ${SECRET_VARIABLES.woocommerce}`)
    .option('--renew-secret', 'give it to all webhooks of Tropa; without --webhook-secret a new one')
    .action(async (options: unknown) => {
      const { url, key, secret, webhookSecret, renewSecret, json, ...given } = woocommerceSchema.parse(options);
      const signing = webhookSecret ?? process.env[SECRET_VARIABLES.woocommerce];
      const shop: Shop = { source: 'woocommerce', url, ...(await keyOf(key, secret, ask)) };
      await carryOut(run, streams, { ...given, signing, renew: renewSecret, shop }, json);
    });
}

/** Both halves stand in one variable, as they stand in the secret that the catch-up asks with. */
async function keyOf(key: string | undefined, secret: string | undefined, ask: Prompt) {
  const variable = 'WOOCOMMERCE_API_TOKEN';
  if (key !== undefined) {
    const [, kept] = process.env[variable]?.split(':') ?? [];
    return { key, secret: await secretly(secret ?? kept, { variable, what: 'consumer secret (cs_...)', ask }) };
  }
  const [first = '', second = ''] = (
    await secretly(undefined, { variable, what: 'key and secret (ck_...:cs_...)', ask })
  ).split(':');
  if (first !== '' && second !== '') return { key: first, secret: second };
  throw new BadInput(
    `${variable} is the consumer key and the consumer secret, with a colon between them: ck_...:cs_...`,
  );
}

async function carryOut(run: RunConnect, { out }: Streams, request: ConnectRequest, json: boolean): Promise<void> {
  const result = await run(request);
  process.exitCode = isWell(result) ? 0 : 1;
  out.write(json ? `${JSON.stringify(result)}\n` : printConnect(result, request));
}

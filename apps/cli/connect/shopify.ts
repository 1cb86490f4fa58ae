import * as z from 'zod';
import { SUBSCRIBED, TOPICS } from '#shared/source/shopify/topics.ts';
import { SHOPIFY_VERSION } from '#shared/source/shopify/version.ts';
import type { Sleep } from './ask.ts';
import type { Webhook } from './plan.ts';
import { type Graphql, graphqlOf } from './shopify-api.ts';
import { type Change, plainly, Refused, type Storefront } from './storefront.ts';

/** Shopify's GraphQL Admin API (https://shopify.dev/docs/api/admin-graphql): the subscriptions of one app in one shop. */

/** Older ones are not served any more; what says so is an app that nobody has looked at for years. */
const OLDEST = '2024-01';

const FIELDS = 'id topic uri format filter includeFields apiVersion { handle }';
const LIST = `query ($after: String) { webhookSubscriptions(first: 100, after: $after) { nodes { ${FIELDS} } pageInfo { hasNextPage endCursor } } }`;
const CREATE =
  'mutation ($topic: WebhookSubscriptionTopic!, $webhook: WebhookSubscriptionInput!) { done: webhookSubscriptionCreate(topic: $topic, webhookSubscription: $webhook) { userErrors { message } } }';
const CHANGE =
  'mutation ($id: ID!, $webhook: WebhookSubscriptionInput!) { done: webhookSubscriptionUpdate(id: $id, webhookSubscription: $webhook) { userErrors { message } } }';

const nodeSchema = z.object({
  id: z.string(),
  topic: z.string(),
  uri: z.string(),
  format: z.string(),
  filter: z.string().nullish(),
  includeFields: z.array(z.string()).nullish(),
  apiVersion: z.object({ handle: z.string() }),
});
const listSchema = z.object({
  webhookSubscriptions: z.object({
    nodes: z.array(nodeSchema),
    pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() }),
  }),
});
const doneSchema = z.object({ done: z.object({ userErrors: z.array(z.object({ message: z.string() })) }) });

/** Topics as GraphQL names them: `ORDERS_CREATE` of `orders/create`. */
const enumOf = (topic: string): string => topic.toUpperCase().replace('/', '_');
const NAMES = new Map(Object.keys(TOPICS).map((topic) => [enumOf(topic), topic]));

function webhookOf({ id, topic, uri, format, filter, includeFields, apiVersion }: z.infer<typeof nodeSchema>): Webhook {
  return {
    id,
    topic: NAMES.get(topic) ?? topic,
    address: uri,
    status: 'active',
    cuts: [
      ...(format === 'JSON' ? [] : [`its format is ${plainly(format)}`]),
      ...(filter ? [`a filter (${plainly(filter)})`] : []),
      ...(includeFields && includeFields.length > 0 ? [`only the fields ${plainly(includeFields.join(', '))}`] : []),
    ],
    ...judged(apiVersion.handle),
  };
}

/** Newer versions are read most probably, and an app that is new has the newest. */
function judged(handle: string): Pick<Webhook, 'version' | 'note'> {
  const isDated = /^\d{4}-\d\d$/.test(handle);
  const word = `the version ${plainly(handle)} of Shopify's interface`;
  const advice = `choose ${SHOPIFY_VERSION} as the webhooks' version of the app`;
  if (!isDated) return { version: `it speaks ${word}, which changes without notice: ${advice}` };
  if (handle < OLDEST) return { version: `it speaks ${word}, which is too old: ${advice}` };
  return handle > SHOPIFY_VERSION ? { note: `They speak ${word}; Tropa was written for ${SHOPIFY_VERSION}.` } : {};
}

/** `url`: where the shop is asked, `https://mystore.myshopify.com`. */
export function shopifyShop(shop: string, url: string, token: string, pause: Sleep): Storefront {
  const graphql = graphqlOf(shop, url, token, pause);
  const input = ({ address }: Change): object => ({ uri: address, format: 'JSON', filter: '', includeFields: [] });
  return {
    source: 'shopify',
    name: `Shopify ${shop}`,
    topics: SUBSCRIBED,
    isRead: (topic) => Object.hasOwn(TOPICS, topic),
    list: () => listAll(graphql),
    create: async (change) => {
      const webhook = { uri: change.address, format: 'JSON' };
      orRefused(await graphql(CREATE, { topic: enumOf(change.topic), webhook }));
    },
    change: async (id, change) => orRefused(await graphql(CHANGE, { id, webhook: input(change) })),
    words: [
      'What customers ask by law (customers/data_request, customers/redact, shop/redact) can only be set in the configuration of the app: in the Dev Dashboard, or as compliance_topics in shopify.app.toml.',
      'Shopify shows neither the webhooks that the admin was told of by hand, which are signed with another secret (delete them there), nor those of shopify.app.toml.',
    ],
  };
}

async function listAll(graphql: Graphql): Promise<Webhook[]> {
  const all: Webhook[] = [];
  for (let after: string | undefined; ; ) {
    const { nodes, pageInfo } = listSchema.parse(await graphql(LIST, { after })).webhookSubscriptions;
    all.push(...nodes.map(webhookOf));
    if (!pageInfo.hasNextPage || !pageInfo.endCursor) return all;
    after = pageInfo.endCursor;
  }
}

/** Shopify's own words, and what to do about those that are known. */
const MENDING: readonly (readonly [RegExp, string])[] = [
  [
    /protected customer data/i,
    "ask for access to protected customer data in the app's settings (API access), or make the app a custom app of this shop",
  ],
  [
    /topic/i,
    'the app lacks the right to it: give it read_orders, read_customers and read_fulfillments, and install it again',
  ],
  [/address|uri|url/i, 'it has to be a public address with https'],
];

function orRefused(data: unknown): void {
  const messages = doneSchema.parse(data).done.userErrors.map(({ message }) => plainly(message));
  // What was done by a run before this one that nobody heard of.
  const real = messages.filter((message) => !/already been taken/i.test(message));
  if (real.length === 0) return;
  const said = real.join('; ');
  const advice = MENDING.find(([words]) => words.test(said))?.[1];
  throw new Refused(`Shopify says: ${said}${advice === undefined ? '' : `. So ${advice}`}`);
}

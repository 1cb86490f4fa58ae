import { type Fault, type Posted, type Said, serve, type Variables } from './fake-shops.ts';

export const TOKEN = 'shpat_0123456789abcdef';
/** An app that was made in the Dev Dashboard. */
export const APP = { id: '0123456789abcdef0123456789abcdef', secret: 'shpss_secret' };

type Subscription = {
  id: string;
  topic: string;
  uri: string;
  format: string;
  filter: string | null;
  includeFields: string[];
  apiVersion: { handle: string };
};

/** The client credentials grant. */
function exchanged({ grant_type, client_id, client_secret }: Posted): Said {
  if (grant_type === 'client_credentials' && client_id === APP.id && client_secret === APP.secret)
    return { body: { access_token: TOKEN, scope: 'read_orders', expires_in: 86_399 } };
  return { status: 400, body: { error: 'invalid_client', error_description: 'The client is not known' } };
}

/**
 * Shopify's GraphQL Admin API, as far as an app's webhook subscriptions go: a topic is subscribed to once for an address,
 * lists come in pages, and what is wrong with a mutation comes as user errors with 200.
 */
export async function shopifyHere(whenOver: (close: () => void) => void) {
  const subscriptions = new Map<string, Subscription>();
  const state = {
    version: '2026-07',
    refuses: new Map<string, string>(),
    fault: (() => undefined) as Fault,
    pageSize: 5,
  };
  const put = (topic: string, uri: string, given: Partial<Subscription> = {}): Subscription => {
    const id = `gid://shopify/WebhookSubscription/${subscriptions.size + 1}`;
    const one = {
      id,
      topic,
      uri,
      format: 'JSON',
      filter: null,
      includeFields: [],
      apiVersion: { handle: state.version },
      ...given,
    };
    subscriptions.set(id, one);
    return one;
  };
  const userErrors = (...messages: string[]) => ({
    data: { done: { userErrors: messages.map((message) => ({ message })) } },
  });
  const isTaken = (topic: string, uri: string, id?: string) =>
    [...subscriptions.values()].some((one) => one.topic === topic && one.uri === uri && one.id !== id);
  const list = (after: string | null | undefined) => {
    const all = [...subscriptions.values()];
    const from = after ? Number(after) : 0;
    const to = from + state.pageSize;
    const pageInfo = { hasNextPage: to < all.length, endCursor: String(to) };
    return { data: { webhookSubscriptions: { nodes: all.slice(from, to), pageInfo } } };
  };
  const create = ({ topic, webhook }: Variables) => {
    const refusal = state.refuses.get(topic);
    if (refusal !== undefined) return userErrors(refusal);
    if (isTaken(topic, webhook.uri)) return userErrors('Address for this topic has already been taken');
    put(topic, webhook.uri);
    return userErrors();
  };
  const update = ({ id, webhook }: Variables) => {
    const one = subscriptions.get(id);
    if (!one) return userErrors('Webhook subscription does not exist');
    if (isTaken(one.topic, webhook.uri, id)) return userErrors('Address for this topic has already been taken');
    Object.assign(one, webhook, { filter: webhook.filter || null });
    return userErrors();
  };
  const served = await serve(whenOver, (asked, { headers }) => {
    const fault = state.fault(asked);
    if (fault) return fault;
    if (asked.path === '/admin/oauth/access_token') return exchanged(asked.body);
    if (asked.path !== '/admin/api/2026-07/graphql.json') return { status: 404, body: { errors: 'Not Found' } };
    if (headers['x-shopify-access-token'] !== TOKEN)
      return {
        status: 401,
        body: { errors: '[API] Invalid API key or access token (unrecognized login or wrong password)' },
      };
    const { query, variables } = asked.body;
    if (query.includes('webhookSubscriptionCreate(')) return { body: create(variables) };
    if (query.includes('webhookSubscriptionUpdate(')) return { body: update(variables) };
    return { body: list(variables.after) };
  });
  return { ...served, state, subscriptions, put };
}

import { type Asked, type Fault, type Posted, type Said, serve } from './fake-shops.ts';

export const KEY = 'ck_0123';
export const CONSUMER_SECRET = 'cs_4567';

type WooWebhook = { id: number; name: string; topic: string; status: string; delivery_url: string; secret: string };

const TOPIC = /^(order|customer|product|coupon)\.(created|updated|deleted|restored)$/;

/**
 * The webhooks of WooCommerce's REST interface (version 3): a new one is active, its secret is shown to nobody, and unknown
 * topics and addresses are 400.
 */
export async function woocommerceHere(whenOver: (close: () => void) => void) {
  const webhooks = new Map<number, WooWebhook>();
  const state = { permission: 'read_write', fault: (() => undefined) as Fault };
  const put = (topic: string, delivery_url: string, given: Partial<WooWebhook> = {}): WooWebhook => {
    const id = webhooks.size + 1;
    const one = { id, name: '', topic, status: 'active', delivery_url, secret: 'made by hand', ...given };
    webhooks.set(id, one);
    return one;
  };
  const error = (status: number, code: string, message: string): Said => ({
    status,
    body: { code, message, data: { status } },
  });
  const shown = ({ secret: _, ...one }: WooWebhook) => one;
  const wrong = ({ topic, delivery_url }: Posted): Said | undefined => {
    if (topic !== undefined && !TOPIC.test(topic))
      return error(400, 'woocommerce_rest_shop_webhook_invalid_topic', 'Webhook topic is required and must be valid.');
    return delivery_url === undefined || URL.canParse(delivery_url)
      ? undefined
      : error(
          400,
          'woocommerce_rest_shop_webhook_invalid_delivery_url',
          'Webhook delivery URL must be a valid URL starting with http:// or https://.',
        );
  };
  const write = ({ method, path, body }: Asked): Said => {
    if (state.permission === 'read')
      return error(
        401,
        'woocommerce_rest_authentication_error',
        'The API key provided does not have write permissions.',
      );
    const fault = wrong(body);
    if (fault) return fault;
    if (method === 'POST')
      return {
        status: 201,
        body: shown(
          put(body.topic ?? '', body.delivery_url ?? '', {
            secret: body.secret ?? 'made up by WordPress',
            status: 'active',
          }),
        ),
      };
    const one = webhooks.get(Number(path.split('/').at(-1)));
    if (!one) return error(400, 'woocommerce_rest_shop_webhook_invalid_id', 'ID is invalid.');
    return { body: shown(Object.assign(one, body)) };
  };
  const served = await serve(whenOver, (asked, { headers }) => {
    const fault = state.fault(asked);
    if (fault) return fault;
    if (!asked.path.startsWith('/wp-json/wc/v3/webhooks'))
      return error(404, 'rest_no_route', 'No route was found matching the URL and request method.');
    if (headers.authorization === undefined)
      return error(401, 'woocommerce_rest_cannot_view', 'Sorry, you cannot list resources.');
    if (headers.authorization !== `Basic ${Buffer.from(`${KEY}:${CONSUMER_SECRET}`).toString('base64')}`)
      return error(401, 'woocommerce_rest_authentication_error', 'Consumer secret is invalid.');
    if (asked.method !== 'GET') return write(asked);
    const [size, page] = [Number(asked.query.get('per_page')), Number(asked.query.get('page'))];
    const all = [...webhooks.values()];
    return {
      headers: { 'x-wp-total': String(all.length), 'x-wp-totalpages': String(Math.ceil(all.length / size)) },
      body: all.slice((page - 1) * size, page * size).map(shown),
    };
  });
  return { ...served, state, webhooks, put };
}

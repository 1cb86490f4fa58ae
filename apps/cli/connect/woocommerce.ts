import * as z from 'zod';
import { BadInput } from '#apps/cli/bad-input.ts';
import { WOOCOMMERCE_TOPICS } from '#shared/source/woocommerce.ts';
import { ask, type Question, type Reply, type Sleep } from './ask.ts';
import type { Webhook } from './plan.ts';
import { type Change, plainly, Refused, type Storefront } from './storefront.ts';

/** WooCommerce's REST interface, version 3 (https://woocommerce.github.io/woocommerce-rest-api-docs/#webhooks). */

const PATH = '/wp-json/wc/v3/webhooks';
const MOST_PAGES = 50;

const webhookSchema = z.object({
  id: z.int(),
  topic: z.string(),
  delivery_url: z.string(),
  status: z.enum(['active', 'paused', 'disabled']),
});

const webhookOf = ({ id, topic, delivery_url: address, status }: z.infer<typeof webhookSchema>): Webhook => ({
  id: String(id),
  topic,
  address,
  status,
  cuts: [],
});

/** `url`: of the WordPress that the shop is in. */
export function woocommerceShop(url: string, key: string, secret: string, pause: Sleep): Storefront {
  const headers = { authorization: `Basic ${Buffer.from(`${key}:${secret}`).toString('base64')}` };
  const call = async (method: Question['method'], path: string, body?: object): Promise<Reply> => {
    const reply = await ask({ method, url: `${url}${PATH}${path}`, headers, ...(body && { body }) }, pause);
    if (reply.status >= 200 && reply.status < 300 && reply.body !== undefined) return reply;
    throw faultOf(reply, url);
  };
  const of = ({ topic, address, secret: signing }: Change): object => ({
    name: `Tropa: ${topic}`,
    topic,
    delivery_url: address,
    status: 'active',
    ...(signing !== undefined && { secret: signing }),
  });
  return {
    source: 'woocommerce',
    name: `WooCommerce ${url.replace(/^https?:\/\//, '')}`,
    topics: WOOCOMMERCE_TOPICS,
    isRead: (topic) => WOOCOMMERCE_TOPICS.includes(topic),
    list: () => listAll(call),
    create: async (change) => void (await call('POST', '', of(change))),
    change: async (id, change) => void (await call('PUT', `/${id}`, of(change))),
    words: [
      'WooCommerce shows neither the secret of a webhook nor the version that it speaks: those that were made by hand must speak "WP REST API Integration v3".',
    ],
  };
}

async function listAll(call: (method: 'GET', path: string) => Promise<Reply>): Promise<Webhook[]> {
  const all: Webhook[] = [];
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const { body, pages } = await call('GET', `?per_page=100&page=${page}`);
    const read = z.array(webhookSchema).safeParse(body);
    if (!read.success) throw new BadInput('The shop answers, but with no list of webhooks: is a plugin in the way?');
    all.push(...read.data.map(webhookOf));
    if (page >= pages) break;
  }
  return all;
}

const errorSchema = z.object({ code: z.string(), message: z.string() });

const KEY = 'In WordPress: WooCommerce, Settings, Advanced, REST API, Add key, with the permission Read/Write.';

/** Refused where other webhooks may still be taken. */
function faultOf(reply: Reply, url: string): Error {
  const said = errorSchema.safeParse(reply.body).data;
  const words = said ? ` (WooCommerce says: ${plainly(said.message)})` : '';
  const { status } = reply;
  if (status === 400 || status === 422)
    return new Refused(`the shop does not take it${words || `: ${plainly(reply.text)}`}`);
  return new BadInput(sentenceOf(reply, url, said?.code ?? '', words));
}

function sentenceOf({ status, location, text }: Reply, url: string, code: string, words: string): string {
  if (status >= 300 && status < 400)
    return `${url} sends its visitors to ${plainly(location ?? 'another address')}. Say that one.`;
  if (status === 401 && code === 'woocommerce_rest_authentication_error')
    return `The shop does not take this key${words}. ${KEY}`;
  if (status === 401 && code.startsWith('woocommerce_rest_cannot'))
    return `The shop has not seen the key${words}: its web server may drop the header Authorization. With Apache, "SetEnvIf Authorization (.+) HTTP_AUTHORIZATION=$1" in .htaccess lets it through. Or the user of the key may not manage the shop.`;
  if (status === 401) return `The shop does not take this key${words}. ${KEY}`;
  if (status === 403)
    return `The shop refuses${words}. The user of the key has to be a shop manager or an administrator; a firewall or a security plugin may also keep strangers from /wp-json/.`;
  if (status === 404 && code === 'rest_no_route')
    return `There is a WordPress at ${url}, but no WooCommerce in it${words}. Is the plugin active?`;
  if (status === 404)
    return `There is no WooCommerce at ${url}. Is the address right, with its folder, and are the permalinks (Settings, Permalinks) other than "Plain"?`;
  if (status === 429)
    return 'The shop has had too many requests. Run the command again in a minute: it goes on where it was.';
  if (status >= 500)
    return `The shop answers ${status}: it is broken, or in maintenance${words}. Run the command again later.`;
  return `The shop answers ${status}, which is no answer of WooCommerce: ${plainly(text)}`;
}

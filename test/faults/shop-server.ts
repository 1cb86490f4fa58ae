import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { fromMillis, type Instant, toMillis } from '#shared/time/instant.ts';

/** What goes wrong with one answer. */
export type Fault = 'busy' | 'busy until' | 'moved' | 'broken' | 'maintenance' | 'cut' | 'silent' | 'forgets pages';

export type Thing = {
  readonly id: number;
  readonly created: Instant;
  readonly updated: Instant;
  readonly body: object;
};

type Answer = { readonly status?: number; readonly headers?: Record<string, string>; readonly body: unknown };

/**
 * A shop on this machine that answers as the interfaces of Shopify (REST Admin API 2026-07) and WooCommerce (version 3) do:
 * which parameters they take, in which order things come, what a page says of the next one, and what they do when it is too
 * much for them.
 */
export class ShopServer {
  readonly things: Record<'orders' | 'customers', Map<number, Thing>> = { orders: new Map(), customers: new Map() };
  readonly asked: URL[] = [];
  /** Called before each answer: things change between pages, and answers go wrong. */
  before: (asked: URL) => Fault | undefined = () => undefined;
  /** Requests in Shopify's bucket. */
  bucket = 1;
  token = 'token';
  /** Where a shop of WooCommerce says that it lies. */
  home = 'https://shop.example';
  /** Id and secret of the app that it gives tokens to. */
  app = 'app:its secret';
  now: () => Instant;
  readonly #server = createServer((request, response) => void this.#serve(request, response));

  constructor(now: () => Instant) {
    this.now = now;
  }

  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  put(list: 'orders' | 'customers', thing: Thing): void {
    this.things[list].set(thing.id, thing);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const posted = await text(request);
    const url = new URL(request.url ?? '', `http://${request.headers.host}`);
    this.asked.push(url);
    const fault = this.before(url);
    const { status = 200, headers = {}, body } = this.#faulty(fault, url) ?? this.#answer(url, request, posted);
    const sent = typeof body === 'string' ? body : JSON.stringify(body);
    if (fault === 'silent') return;
    response.writeHead(status, { 'content-length': Buffer.byteLength(sent), ...headers });
    if (fault !== 'cut') response.end(sent);
    else response.write(sent.slice(0, sent.length / 2), () => response.destroy());
  }

  #faulty(fault: Fault | undefined, { searchParams }: URL): Answer | undefined {
    if (fault === 'busy') return { status: 429, headers: { 'retry-after': '2.0' }, body: { errors: 'too many' } };
    if (fault === 'busy until') {
      const date = new Date(toMillis(this.now()) + 5000).toUTCString();
      return { status: 429, headers: { 'retry-after': date }, body: 'too many' };
    }
    if (fault === 'moved') return { status: 301, headers: { location: 'https://www.shop.example' }, body: '' };
    if (fault === 'broken') return { status: 500, body: '<h1>Error</h1>' };
    if (fault === 'maintenance') return { body: '<h1>Back soon</h1>' };
    const isFurther = searchParams.has('page_info');
    return fault === 'forgets pages' && isFurther ? { status: 400, body: { errors: 'Invalid value.' } } : undefined;
  }

  /** Shopify's client credentials grant. */
  #exchange(form: URLSearchParams): Answer {
    const [id, secret] = this.app.split(':');
    const isKnown = form.get('client_id') === id && form.get('client_secret') === secret;
    if (!isKnown || form.get('grant_type') !== 'client_credentials')
      return { status: 400, body: { error: 'invalid_client' } };
    return { body: { access_token: this.token, scope: 'read_orders', expires_in: 86_399 } };
  }

  #answer(url: URL, { headers }: IncomingMessage, posted: string): Answer {
    if (url.pathname === '/admin/oauth/access_token') return this.#exchange(new URLSearchParams(posted));
    const shopify = /^\/admin\/api\/2026-07\/(orders|customers)\.json$/.exec(url.pathname)?.[1];
    const woocommerce = /^\/wp-json\/wc\/v3\/(orders|customers)$/.exec(url.pathname)?.[1];
    const basic = `Basic ${Buffer.from(this.token).toString('base64')}`;
    const isKnown = shopify ? headers['x-shopify-access-token'] === this.token : headers.authorization === basic;
    if (!isKnown) return { status: 401, body: { errors: 'unrecognized' } };
    if (shopify) return this.#shopify(shopify as 'orders', url);
    return woocommerce ? this.#woocommerce(woocommerce as 'orders', url) : { status: 404, body: { code: 'no_route' } };
  }

  /** Newest number first, page by page behind the last one seen. */
  #shopify(list: 'orders' | 'customers', { searchParams, origin, pathname }: URL): Answer {
    const cursor = searchParams.get('page_info');
    const others = [...searchParams.keys()].filter((name) => name !== 'limit' && name !== 'page_info');
    if (cursor !== null && others.length > 0)
      return { status: 400, body: { errors: `${others[0]} cannot be passed when page_info is present.` } };
    if (cursor === null && list === 'orders' && searchParams.get('status') !== 'any')
      throw new Error('only open orders');
    const { min, max, below } = cursor
      ? JSON.parse(Buffer.from(cursor, 'base64').toString())
      : {
          min: searchParams.get('updated_at_min'),
          max: searchParams.get('updated_at_max'),
          below: Number.MAX_SAFE_INTEGER,
        };
    const all = [...this.things[list].values()]
      .filter(
        ({ id, updated }) =>
          id < below && Date.parse(updated) >= Date.parse(min) && Date.parse(updated) <= Date.parse(max),
      )
      .sort((a, b) => b.id - a.id);
    const page = all.slice(0, Number(searchParams.get('limit')));
    const next = Buffer.from(JSON.stringify({ min, max, below: page.at(-1)?.id })).toString('base64');
    const to = (rel: string) => `<${origin}${pathname}?limit=9&page_info=${encodeURIComponent(next)}>; rel="${rel}"`;
    const links = [...(cursor ? [to('previous')] : []), ...(all.length > page.length ? [to('next')] : [])].join(', ');
    return {
      headers: { 'x-shopify-shop-api-call-limit': `${this.bucket}/40`, ...(links && { link: links }) },
      body: {
        [list]: page.map(({ body, created, updated }) => ({ ...body, created_at: created, updated_at: updated })),
      },
    };
  }

  /** Whole seconds, both ends exclusive; those of one second by their numbers. */
  #woocommerce(list: 'orders' | 'customers', { searchParams }: URL): Answer {
    const given = (name: string): string => searchParams.get(name) ?? '';
    const second = (instant: Instant): string => instant.slice(0, 19);
    const all = [...this.things[list].values()];
    if (list === 'customers') {
      if (given('orderby') !== 'registered_date') throw new Error('by name');
      all.sort((a, b) => (a.created < b.created ? 1 : -1));
    } else {
      if (given('dates_are_gmt') !== 'true' || given('orderby') !== 'modified') throw new Error('in local time');
      all.sort((a, b) =>
        second(a.updated) < second(b.updated) ? -1 : second(a.updated) > second(b.updated) ? 1 : a.id - b.id,
      );
    }
    const isAsked = ({ updated }: Thing) =>
      list === 'customers' || (second(updated) > given('modified_after') && second(updated) < given('modified_before'));
    const found = all.filter(isAsked);
    const from = Number(given('offset'));
    return {
      headers: { 'x-wp-total': String(found.length) },
      body: found.slice(from, from + Number(given('per_page'))).map(({ id, body, created, updated }) => ({
        ...body,
        date_created_gmt: second(created),
        date_modified_gmt: second(updated),
        _links: { self: [{ href: `${this.home}/wp-json/wc/v3/${list}/${id}` }] },
      })),
    };
  }
}

/** A moment of a shop, in whole seconds as shops have them. */
export const wholeSecond = (instant: Instant): Instant => fromMillis(Math.floor(toMillis(instant) / 1000) * 1000);

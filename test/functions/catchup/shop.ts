import { type CatchUpDeps, catchUp, type Swept } from '#functions/catchup/catchup.ts';
import { PublicWeb } from '#shared/adapters/web/public-web.ts';
import type { Storefront } from '#shared/catchup/feed.ts';
import { shopifyStorefront } from '#shared/catchup/shopify.ts';
import { woocommerceStorefront } from '#shared/catchup/woocommerce.ts';
import { type Instant, plusMillis } from '#shared/time/instant.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { customer as shopifyCustomer, order as shopifyOrder } from '#test/build/shopify.ts';
import { customer as wooCustomer, order as wooOrder } from '#test/build/woocommerce.ts';
import { ShopServer, wholeSecond } from '#test/faults/shop-server.ts';

export const MINUTE = 60_000;

type Kind = 'shopify' | 'woocommerce';

const BODIES = {
  shopify: {
    orders: (id: number) => shopifyOrder({ id, admin_graphql_api_id: undefined, processed_at: null, customer: null }),
    customers: (id: number) => shopifyCustomer({ id, admin_graphql_api_id: undefined, email: `c${id}@shop.example` }),
  },
  woocommerce: {
    orders: (id: number) => wooOrder({ id, customer_id: 0 }),
    customers: (id: number) => wooCustomer({ id, email: `c${id}@shop.example` }),
  },
} as const;

/** A shop that is asked: its server, and the part of Tropa that asks it and records what it hears. */
export class AskedShop {
  readonly server: ShopServer;
  readonly shop: HandShop;
  readonly storefront: Storefront;
  readonly deps: CatchUpDeps;
  readonly kind: Kind;
  /** Ids of events in the order in which they were recorded. */
  readonly recorded: string[] = [];

  private constructor(kind: Kind, server: ShopServer, shop: HandShop, url: string, sizes: readonly number[]) {
    const whole =
      kind === 'shopify' ? shopifyStorefront('birch.myshopify.com', undefined, url) : woocommerceStorefront(url);
    this.kind = kind;
    this.server = server;
    this.shop = shop;
    this.storefront = { ...whole, feeds: whole.feeds.map((feed) => ({ ...feed, sizes })) };
    this.deps = {
      ...shop.deps,
      web: new PublicWeb({ trusted: [url], limits: { milliseconds: 60 } }),
      overflow: shop.overflow,
      secrets: { get: async (name) => [name === `source-${kind}-api` ? 'token' : 'another'] },
      secretPrefix: 'source-',
      told: new Set(),
    };
  }

  static async open(kind: Kind, sizes: readonly number[] = [4, 2]): Promise<AskedShop> {
    const shop = await HandShop.open([]);
    const server = new ShopServer(shop.clock.now);
    return new AskedShop(kind, server, shop, await server.open(), sizes);
  }

  /** Something that changed so many milliseconds ago; an order is a purchase of that moment. */
  put(id: number, ago = 5 * MINUTE, list: 'orders' | 'customers' = 'orders'): void {
    const updated = wholeSecond(plusMillis(this.shop.clock.now(), -ago));
    const created = this.server.things[list].get(id)?.created ?? updated;
    this.server.put(list, { id, created, updated, body: BODIES[this.kind][list](id) });
  }

  async sweep(deps: Partial<CatchUpDeps> = {}, deadline?: Instant): Promise<Record<string, Swept>> {
    return catchUp([this.storefront], deadline ?? plusMillis(this.shop.clock.now(), 10 * MINUTE), {
      ...this.deps,
      ...deps,
    });
  }

  /** What lies on the bus comes to whoever records it. */
  async record(): Promise<void> {
    for (const { detail } of this.shop.bus.entries.splice(0)) {
      const as = await this.shop.enrol(detail);
      if (as === 'recorded' && 'id' in detail) this.recorded.push(String(detail.id));
    }
  }

  /** Numbers of the orders whose purchase was recorded, each time that it was. */
  purchases(): number[] {
    return this.recorded
      .flatMap((id) => Number(/:order:(\d+):purchase$/.exec(id)?.[1] ?? []))
      .toSorted((a, b) => a - b);
  }
}

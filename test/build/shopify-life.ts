import { customer, fulfillment, lines, order, refund } from './shopify.ts';

/** What happens next in the life of a customer, after so many seconds; `pick` says to which of their orders. */
export type Turn = { readonly what: (typeof TURNS)[number]; readonly wait: number; readonly pick: number };
export const TURNS = [
  ...(['cart', 'order', 'pay', 'edit', 'send', 'arrive', 'refund', 'cancel'] as const),
  ...(['rename', 'retag', 'move', 'agree', 'withdraw', 'text', 'readdress', 'look'] as const),
];

export type Delivery = { readonly topic: string; readonly body: object };

type Body = Record<string, unknown>;
const BEGINNING = Date.parse('2026-02-02T09:00:00Z');

/** A shop that sends what Shopify would: each delivery shows things as they are at that moment. */
class Storefront {
  readonly deliveries: Delivery[] = [];
  readonly orders: Body[] = [];
  #now = BEGINNING;
  #made = 0;
  #cart: Body | undefined;
  #browser: string | undefined;
  /** Since 2025, customers by themselves have neither tags nor consents, which orders may still show. */
  readonly #isLean: boolean;
  readonly #customer: Body;

  constructor(isLean: boolean) {
    this.#isLean = isLean;
    this.#customer = { ...customer({ email_marketing_consent: { state: 'not_subscribed' } }), created_at: this.#at() };
    this.#touch('customers/create');
  }

  get email(): string {
    return String(this.#customer['email']).trim().toLowerCase();
  }

  #at = (): string => new Date(this.#now).toISOString().replace('.000Z', '+00:00');
  #number = (): number => 5000 + ++this.#made;
  #tell(topic: string, body: Body): void {
    this.deliveries.push({ topic, body: structuredClone(body) });
  }

  #touch(topic?: string): void {
    this.#customer['updated_at'] = this.#at();
    const { tags, email_marketing_consent, ...lean } = this.#customer;
    if (topic) this.#tell(topic, this.#isLean ? lean : { ...lean, tags, email_marketing_consent });
  }

  #change(one: Body, topics: readonly string[], change: Body = {}): void {
    Object.assign(one, change, { updated_at: this.#at(), customer: { ...this.#customer } });
    for (const topic of [...topics, 'orders/updated']) this.#tell(topic, one);
  }

  #open(pick: number): Body | undefined {
    const open = this.orders.filter((one) => one['cancelled_at'] === null);
    return open[pick % Math.max(1, open.length)];
  }

  turn({ what, wait, pick }: Turn): void {
    this.#now += wait * 1000;
    this[what](pick);
  }

  cart(pick: number): void {
    const isNew = this.#cart === undefined;
    this.#cart ??= { token: `checkout-${this.#number()}`, created_at: this.#at(), email: this.email };
    Object.assign(this.#cart, { updated_at: this.#at(), currency: 'PLN', line_items: lines.slice(pick % 2) });
    Object.assign(this.#cart, { total_price: `${10 + pick}.00`, completed_at: null });
    this.#tell(isNew ? 'checkouts/create' : 'checkouts/update', this.#cart);
  }

  order(pick: number): void {
    const id = this.#number();
    const at = this.#at();
    if (this.#cart) this.#tell('checkouts/update', { ...this.#cart, completed_at: at });
    this.#touch();
    const of = { id, admin_graphql_api_id: `gid://shopify/Order/${id}`, name: `#${id}` };
    const one = order({ ...of, created_at: at, processed_at: at, total_price: `${pick}.5`, email: this.email });
    this.orders.push({ ...one, checkout_token: this.#cart?.['token'] ?? null, note_attributes: this.#noted() });
    this.#cart = undefined;
    this.#change(this.orders.at(-1) ?? {}, ['orders/create']);
  }

  pay(pick: number): void {
    const one = this.#open(pick);
    if (one) this.#change(one, ['orders/paid'], { financial_status: 'paid' });
  }

  edit(pick: number): void {
    const one = this.#open(pick);
    if (!one) return;
    const line_items = lines.map((line) => ({ ...line, current_quantity: pick % 2 }));
    this.#tell('orders/edited', { order_edit: { id: this.#number(), order_id: one['id'] } });
    this.#change(one, [], { current_total_price: `${pick}.00`, line_items });
  }

  send(pick: number): void {
    const one = this.#open(pick);
    if (!one) return;
    const at = this.#at();
    const parcel = fulfillment({
      id: this.#number(),
      order_id: one['id'],
      name: `${one['name']}.1`,
      email: one['email'],
    });
    this.#parcel(one, { ...parcel, created_at: at, updated_at: at }, 'fulfillments/create', ['orders/fulfilled']);
  }

  arrive(pick: number): void {
    const one = this.#open(pick);
    const parcel = this.#parcelsOf(one).find(({ shipment_status }) => shipment_status === null);
    if (one && parcel)
      this.#parcel(one, { ...parcel, shipment_status: 'delivered', updated_at: this.#at() }, 'fulfillments/update');
  }

  #parcelsOf = (one: Body | undefined): Body[] => [one?.['fulfillments'] ?? []].flat() as Body[];

  #parcel(one: Body, parcel: Body, topic: string, topics: readonly string[] = []): void {
    const others = this.#parcelsOf(one).filter(({ id }) => id !== parcel['id']);
    this.#tell(topic, parcel);
    this.#change(one, topics, { fulfillments: [...others, parcel] });
  }

  refund(pick: number): void {
    const one = this.#open(pick);
    if (!one) return;
    const back = refund({ id: this.#number(), order_id: one['id'], created_at: this.#at() });
    this.#tell('refunds/create', { ...back });
    this.#change(one, [], { refunds: [[one['refunds'] ?? []].flat(), back].flat() });
  }

  cancel(pick: number): void {
    const one = this.#open(pick);
    if (one) this.#change(one, ['orders/cancelled'], { cancelled_at: this.#at(), cancel_reason: 'customer' });
  }

  rename(pick: number): void {
    this.#customer['first_name'] = `Ann ${pick}`;
    this.#touch('customers/update');
  }

  retag(pick: number): void {
    this.#customer['tags'] = pick % 3 === 0 ? '' : `tag-${pick}, vip`;
    this.#touch('customers/update');
  }

  move(pick: number): void {
    this.#customer['default_address'] = { country_code: pick % 2 ? 'PL' : 'DE', city: `City ${pick}` };
    this.#touch('customers/update');
  }

  readdress(pick: number): void {
    this.#customer['email'] = `ann${pick}@shop.example`;
    this.#touch('customers/update');
  }

  /** By text message, where only the customer's number and phone are named. */
  text(pick: number): void {
    const { id, phone } = this.#customer;
    const word = { state: pick % 2 ? 'subscribed' : 'unsubscribed', consent_updated_at: this.#at() };
    this.#tell('customers_marketing_consent/update', { id, phone, sms_marketing_consent: word });
  }

  /** In a browser that nobody knows before an order names it. */
  look(pick: number): void {
    this.#browser ??= 'browser-1';
    const token = `browsing-${pick}`;
    const note_attributes = this.#noted();
    this.#tell('carts/update', { id: token, token, updated_at: this.#at(), note_attributes, line_items: lines });
  }

  #noted = (): object[] => (this.#browser === undefined ? [] : [{ name: '_tropa_id', value: this.#browser }]);

  agree = (): void => this.#say('subscribed');
  withdraw = (): void => this.#say('unsubscribed');

  #say(state: string): void {
    const word = { state, opt_in_level: 'single_opt_in', consent_updated_at: this.#at() };
    this.#customer['email_marketing_consent'] = word;
    this.#touch('customers/update');
    const { id, email } = this.#customer;
    const body = { customer_id: id, email_address: email, email_marketing_consent: word };
    this.#tell('customers_email_marketing_consent/update', body);
  }
}

/** The deliveries of a life, in the order in which things happened, and how many orders there were. */
export function lifeOf(
  turns: readonly Turn[],
  isLean: boolean,
): { deliveries: Delivery[]; orders: number; email: string } {
  const storefront = new Storefront(isLean);
  for (const turn of turns) storefront.turn(turn);
  return { deliveries: storefront.deliveries, orders: storefront.orders.length, email: storefront.email };
}

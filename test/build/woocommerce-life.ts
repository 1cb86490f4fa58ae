import { customer, order } from './woocommerce.ts';

/** What happens next in the life of a customer, after so many seconds; `pick` says to which of their orders. */
export type Turn = { readonly what: (typeof TURNS)[number]; readonly wait: number; readonly pick: number };
export const TURNS = ['order', 'try', 'pay', 'send', 'edit', 'refund', 'cancel', 'remove', 'rename', 'move'] as const;

type Body = Record<string, unknown>;
export type Delivery = { readonly topic: string; readonly body: object };

const BEGINNING = Date.parse('2026-02-02T09:00:00Z');
const ENDED = ['refunded', 'cancelled', 'trash'];

/** A shop that sends what WooCommerce would: each delivery shows things as they are at that moment. */
class Storefront {
  readonly deliveries: Delivery[] = [];
  readonly #orders: Body[] = [];
  readonly #accepted = new Set<unknown>();
  readonly #customer: Body;
  #now = BEGINNING;
  #made = 0;

  constructor() {
    this.#customer = { ...customer(), date_created_gmt: this.#at() };
    this.#tell('customer.created', this.#customer);
  }

  get orders(): number {
    return this.#accepted.size;
  }

  #at = (): string => new Date(this.#now).toISOString().replace('.000Z', '');
  #tell(topic: string, body: Body): void {
    this.deliveries.push({ topic, body: structuredClone(body) });
  }

  #change(one: Body | undefined, change: Body, topic = 'order.updated'): void {
    if (!one) return;
    Object.assign(one, change, { date_modified_gmt: this.#at() });
    if (['processing', 'on-hold', 'completed'].includes(String(one['status']))) this.#accepted.add(one['id']);
    this.#tell(topic, one);
  }

  /** What has ended changes no more: WooCommerce does not say when it did. */
  #open(pick: number): Body | undefined {
    const open = this.#orders.filter(({ status }) => !ENDED.includes(String(status)));
    return open[pick % Math.max(1, open.length)];
  }

  #place(pick: number, status: string): void {
    const at = this.#at();
    const id = 5000 + ++this.#made;
    const one = order({
      id,
      number: `${id}`,
      date_created_gmt: at,
      total: `${pick}.5`,
      customer_id: pick % 3 ? 26 : 0,
    });
    this.#orders.push({
      ...one,
      status,
      date_paid_gmt: null,
      billing: { first_name: 'Ann', email: 'ann@shop.example' },
    });
    this.#change(this.#orders.at(-1), {}, 'order.created');
  }

  turn({ what, wait, pick }: Turn): void {
    this.#now += wait * 1000;
    this[what](pick);
  }

  order = (pick: number): void => this.#place(pick, pick % 2 ? 'processing' : 'on-hold');
  try = (pick: number): void => this.#place(pick, pick % 2 ? 'pending' : 'failed');

  pay(pick: number): void {
    const one = this.#open(pick);
    this.#change(one, { status: 'processing', date_paid_gmt: one?.['date_paid_gmt'] ?? this.#at() });
  }

  send(pick: number): void {
    const one = this.#open(pick);
    this.#change(one, { status: 'completed', date_completed_gmt: one?.['date_completed_gmt'] ?? this.#at() });
  }

  edit = (pick: number): void => this.#change(this.#open(pick), { customer_note: `Note ${pick}` });

  refund(pick: number): void {
    const one = this.#orders.find(({ id, status }) => this.#accepted.has(id) && !ENDED.includes(String(status)));
    this.#change(one, { status: 'refunded', refunds: [{ id: 9000 + ++this.#made, total: `-${pick}.50` }] });
  }

  cancel = (pick: number): void => this.#change(this.#open(pick), { status: 'cancelled' });

  remove(pick: number): void {
    const one = this.#open(pick);
    if (one) one['status'] = 'trash';
    if (one) this.#tell('order.deleted', { id: one['id'] });
  }

  rename(pick: number): void {
    this.#revise({ first_name: `Ann ${pick}` });
  }

  move(pick: number): void {
    this.#revise({ billing: { country: pick % 2 ? 'PL' : 'DE', city: `City ${pick}` } });
  }

  #revise(change: Body): void {
    Object.assign(this.#customer, change, { date_modified_gmt: this.#at() });
    this.#tell('customer.updated', this.#customer);
  }
}

/** The deliveries of a life, in the order in which things happened, and how many orders the shop accepted. */
export function lifeOf(turns: readonly Turn[]): { deliveries: Delivery[]; orders: number; email: string } {
  const storefront = new Storefront();
  for (const turn of turns) storefront.turn(turn);
  return { deliveries: storefront.deliveries, orders: storefront.orders, email: 'ann@shop.example' };
}

import { rounded } from '#apps/cli/replay/source.ts';

export type Product = {
  readonly productId: string;
  readonly name: string;
  readonly category: string;
  readonly brand?: string;
};
export type Item = Product & { readonly quantity: number; readonly price: number };

/** Carts of one contact's sessions, from rows that each put one product in or take it out. */
export class SessionCarts {
  readonly #carts = new Map<string, Map<string, Item>>();

  /** Changes how many of a product lie in a session's cart; none are left at zero. Returns the whole cart. */
  change(session: string, item: Item): Item[] {
    const cart = this.#carts.get(session) ?? new Map<string, Item>();
    this.#carts.set(session, cart);
    const quantity = (cart.get(item.productId)?.quantity ?? 0) + item.quantity;
    if (quantity > 0) cart.set(item.productId, { ...item, quantity });
    else cart.delete(item.productId);
    return [...cart.values()];
  }

  /** Takes a product out, however many there are. */
  drop(session: string, productId: string): void {
    this.#carts.get(session)?.delete(productId);
  }
}

export const totalOf = (items: readonly Item[]): number =>
  rounded(items.reduce((sum, item) => sum + item.quantity * item.price, 0));

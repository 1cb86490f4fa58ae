import { openShop, type Shop } from './plan/shop.ts';

const KEPT = 60;

/** Shops that have been opened, as many as may be needed again soon. */
export class Shops {
  readonly #open = new Map<number, Shop>();

  async of(number: number): Promise<Shop> {
    const known = this.#open.get(number);
    if (known) return known;
    if (this.#open.size >= KEPT) this.#open.clear();
    const shop = await openShop(number);
    this.#open.set(number, shop);
    return shop;
  }
}

/** Out of every promise: a world drains its promises itself, which it cannot from within one. */
export const outside = <T>(work: () => T): Promise<T> =>
  new Promise((resolve, reject) => {
    setImmediate(() => {
      try {
        resolve(work());
      } catch (error) {
        reject(error);
      }
    });
  });

import { type FreeCode, type GivenCode, type HeldCode, plainCode } from '#shared/coupon/coupon.ts';
import { ownOf } from '#shared/own-of.ts';

/** Coupon codes of a simulation: those that a pool is said to have, in their order; of other pools as many as are asked for. */
export class Codes {
  readonly #named: Readonly<Record<string, readonly string[]>>;
  readonly #held = new Map<string, HeldCode>();
  /** Plain codes that are not free any more, by pool. */
  readonly #taken = new Map<string, Set<string>>();

  constructor(named: Readonly<Record<string, readonly string[]>> = {}) {
    this.#named = named;
  }

  held(pool: string): HeldCode | undefined {
    return this.#held.get(pool);
  }

  free(pool: string): FreeCode | undefined {
    const taken = this.#takenOf(pool);
    const named = ownOf(this.#named, pool);
    const code = named ? named.find((one) => !taken.has(plainCode(one))) : `${pool.toUpperCase()}-${taken.size + 1}`;
    return code === undefined ? undefined : { code };
  }

  give({ pool, free: { code }, expiresAt }: GivenCode): void {
    this.#takenOf(pool).add(plainCode(code));
    this.#held.set(pool, { code, expiresAt, used: false });
  }

  /** Somebody has bought with these. */
  use(plain: readonly string[]): void {
    for (const [pool, held] of this.#held)
      if (plain.includes(plainCode(held.code))) this.#held.set(pool, { ...held, used: true });
    for (const pool of Object.keys(this.#named)) for (const code of plain) this.#takenOf(pool).add(code);
  }

  #takenOf(pool: string): Set<string> {
    const taken = this.#taken.get(pool) ?? new Set();
    this.#taken.set(pool, taken);
    return taken;
  }
}

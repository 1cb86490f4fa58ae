import { AsyncLocalStorage } from 'node:async_hooks';
import type { Wrap } from '#apps/local/runtime.ts';
import { Crash } from './table.ts';

/** One call of a port that changes something, by the function that makes it. */
export type Effect = { readonly by: string; readonly call: string; readonly given: readonly unknown[] };

type Life = { readonly name: string; dead: boolean };

const EFFECTS: Readonly<Record<string, readonly string[]>> = {
  table: ['write', 'transact'],
  executions: ['start', 'succeed', 'fail'],
  mailer: ['send'],
  transactional: ['send'],
  marketing: ['send'],
  bus: ['put'],
};

/**
 * Functions that may die: the one that makes an effect named by `kills` does so before or after it, once. A dead function
 * has no further effect and returns nothing; whoever called it (a queue, the state machine, the clock) calls again, as
 * AWS would.
 */
export class Mortals implements Wrap {
  /** All effects so far, so that a test can first count them and then die at each. */
  readonly effects: Effect[] = [];
  readonly #kills: (effect: number) => 'before' | 'after' | undefined;
  readonly #lives = new AsyncLocalStorage<Life>();
  deaths = 0;

  constructor(kills: (effect: number) => 'before' | 'after' | undefined = () => undefined) {
    this.#kills = kills;
  }

  readonly ports: Wrap['ports'] = ({ table, executions, mailer, outbox, bus }) => ({
    table: this.#mortal('table', table),
    executions: this.#mortal('executions', executions),
    mailer: this.#mortal('mailer', mailer),
    outbox: {
      transactional: this.#mortal('transactional', outbox.transactional),
      marketing: this.#mortal('marketing', outbox.marketing),
    },
    bus: this.#mortal('bus', bus),
  });

  readonly call: Wrap['call'] = async (name, work) => {
    const life: Life = { name, dead: false };
    try {
      const result = await this.#lives.run(life, work);
      if (!life.dead) return result;
    } catch (error) {
      if (!life.dead) throw error;
    }
    throw new Crash(`${name} died`);
  };

  /** The clock calls again in a minute, whatever became of this time. */
  readonly scheduled: Wrap['scheduled'] = async (name, work) => {
    try {
      await this.call(name, work);
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
    }
  };

  #mortal<P extends object>(port: string, target: P): P {
    return new Proxy(target, {
      get: (_, method) => {
        const member: unknown = Reflect.get(target, method, target);
        if (typeof member !== 'function') return member;
        if (!EFFECTS[port]?.includes(String(method))) return member.bind(target);
        return (...given: unknown[]) =>
          this.#effect(`${port}.${String(method)}`, given, () => member.apply(target, given));
      },
    });
  }

  async #effect(call: string, given: readonly unknown[], work: () => Promise<unknown>): Promise<unknown> {
    const life = this.#lives.getStore();
    if (!life) throw new Error(`${call} by nobody`);
    if (life.dead) throw new Crash(`${life.name} is dead`);
    const death = this.#kills(this.effects.length);
    this.effects.push({ by: life.name, call, given });
    if (death === 'before') this.#die(life);
    const result = await work();
    if (death === 'after') this.#die(life);
    return result;
  }

  #die(life: Life): never {
    life.dead = true;
    this.deaths += 1;
    throw new Crash(`${life.name} dies`);
  }
}

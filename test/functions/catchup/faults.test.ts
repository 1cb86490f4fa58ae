import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { CatchUpDeps } from '#functions/catchup/catchup.ts';
import { loadPlace } from '#shared/store/sweeps.ts';
import type { Fault } from '#test/faults/shop-server.ts';
import { Crash } from '#test/faults/table.ts';
import { AskedShop, MINUTE } from './shop.ts';

const FAULTS: readonly Fault[] = ['busy', 'busy until', 'broken', 'maintenance', 'cut', 'forgets pages'];

/** A process that dies before or after one of its effects, and does nothing any more. */
function mortal(deps: CatchUpDeps, dies: number | undefined): CatchUpDeps {
  let effects = 0;
  let dead = false;
  const around = <P extends object>(port: P): P =>
    new Proxy(port, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== 'function') return member;
        return async (...given: unknown[]) => {
          if (dead || effects++ === dies) return die();
          const result: unknown = await member.apply(target, given);
          return effects++ === dies ? die() : result;
        };
      },
    });
  const die = (): never => {
    dead = true;
    throw new Crash('the sweep dies');
  };
  const { table, bus, overflow, web, secrets } = deps;
  const ports = { table: around(table), bus: around(bus), overflow: around(overflow), secrets: around(secrets) };
  return { ...deps, ...ports, web: around(web), told: new Set() };
}

const change = fc.record({
  id: fc.integer({ min: 1, max: 25 }),
  /** So long before it can be seen: a shop commits late. */
  ago: fc.integer({ min: 0, max: 8 * 60 }).map((seconds) => seconds * 1000),
});

const round = fc.record({
  minutes: fc.integer({ min: 1, max: 40 }),
  changes: fc.array(change, { maxLength: 8 }),
  /** What changes just before a page is given, and what is wrong with it. */
  answers: fc.array(
    fc.record({ change: fc.option(change, { freq: 3 }), fault: fc.option(fc.constantFrom(...FAULTS), { freq: 2 }) }),
    { maxLength: 12 },
  ),
  dies: fc.option(fc.nat(40), { freq: 3, nil: undefined }),
  /** Whether what lies on the bus is recorded before the next sweep. */
  records: fc.boolean(),
  seconds: fc.integer({ min: 1, max: 120 }),
});

it.each(['shopify', 'woocommerce'] as const)(
  'every order of %s is recorded exactly once, whatever goes wrong, and no sweep goes back',
  { timeout: 240_000 },
  async (kind) => {
    let deaths = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(round, { minLength: 1, maxLength: 6 }), async (rounds) => {
        const one = await AskedShop.open(kind, [3, 2]);
        const { server, shop } = one;
        const ids = new Set<number>();
        const put = ({ id, ago }: { id: number; ago: number }): void => {
          one.put(id, ago);
          ids.add(id);
        };
        const since = async () =>
          (await loadPlace(shop.table, { source: kind, url: one.storefront.url, feed: 'orders' }))?.since ?? '';
        try {
          for (const { minutes, changes, answers, dies, records, seconds } of rounds) {
            shop.clock.pass(minutes * MINUTE);
            for (const each of changes) put(each);
            let asked = 0;
            server.before = () => {
              const answer = answers[asked++];
              if (answer?.change) put(answer.change);
              return answer?.fault ?? undefined;
            };
            const before = await since();
            const deadline = new Date(Date.parse(shop.clock.now()) + seconds * 1000).toISOString();
            const swept = await one.sweep(mortal(one.deps, dies), deadline);
            if (dies !== undefined && Object.values(swept).includes('failed')) deaths += 1;
            expect((await since()) >= before).toBe(true);
            if (records) await one.record();
          }
          server.before = () => undefined;
          shop.clock.pass(15 * MINUTE);
          await one.sweep();
          await one.record();
          expect(one.purchases()).toEqual([...ids].toSorted((a, b) => a - b));
        } finally {
          server.close();
        }
      }),
      { numRuns: 60 },
    );
    expect(deaths).toBeGreaterThan(5);
  },
);

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { drain } from '#functions/ingest/unread.ts';
import { EventBridgeBus } from '#shared/adapters/aws/bus.ts';
import { Unprocessable } from '#shared/errors.ts';
import type { Bus, BusEntry } from '#shared/ports.ts';
import { event } from '#test/build/event.ts';
import { CollectingBus } from '#test/build/ports.ts';

/** A batch of the overflow queue comes back together, and what fails fails alone. */

const idOf = ({ detail }: BusEntry): string => String(Reflect.get(detail, 'id'));
const held = (id: string) => event('purchase', { id });
const posted = (id: string) => ({
  ...{ id, type: 'purchase', at: '2026-03-02T09:00:00.000Z', identities: { email: 'ann@shop.example' } },
});
const delivery = (...events: object[]) => ({
  delivery: { source: 'generic', headers: {}, text: JSON.stringify(events) },
});
const ids = (failures: readonly { readonly position: number }[]) => failures.map(({ position }) => position);

/** A bus that takes all but what is named, in every attempt. */
class Picky implements Bus {
  readonly taken: string[] = [];
  calls = 0;
  readonly #refuses: (id: string, call: number) => boolean;
  constructor(refuses: (id: string, call: number) => boolean) {
    this.#refuses = refuses;
  }
  async put(entries: readonly BusEntry[]): Promise<readonly number[]> {
    this.calls += 1;
    const refused = entries.flatMap((one, at) => (this.#refuses(idOf(one), this.calls) ? [at] : []));
    this.taken.push(...entries.flatMap((one, at) => (refused.includes(at) ? [] : [idOf(one)])));
    if (refused.length === entries.length) throw new Error('the bus took none');
    return refused;
  }
}

it('goes to the bus in one call of ten, whatever the messages hold', async () => {
  const sizes: number[] = [];
  const bus = new EventBridgeBus('shop', async (_, input) => {
    const entries: object[] = Reflect.get(input, 'Entries');
    sizes.push(entries.length);
    return { Entries: entries.map(() => ({ EventId: 'e' })) };
  });
  const bodies = [...'abcdefgh'].map(held);
  expect(await drain([...bodies, delivery(posted('i'), posted('j')), delivery(posted('k'))], { bus })).toEqual([]);
  expect(sizes).toEqual([10, 1]);
});

it('fails by the messages of which the bus has refused something, and by no other', async () => {
  const bus = new Picky((id) => id === 'b' || id === 'e');
  const bodies = [held('a'), held('b'), delivery(posted('c'), posted('d')), delivery(posted('e'), posted('f'))];
  const failures = await drain(bodies, { bus });
  expect(ids(failures)).toEqual([1, 3]);
  expect(failures[0]?.error).toEqual(new Error('the bus took none'));
  expect(bus.taken.toSorted()).toEqual(['a', 'c', 'd', 'f']);
});

it('fails with the reason of each delivery that nobody can read, and brings all others back', async () => {
  const bus = new CollectingBus();
  const half = delivery(posted('b'), { ...posted('c'), at: 'noon' });
  const failures = await drain([held('a'), half, delivery(posted('d')), { no: 'event' }], { bus });
  expect(failures).toMatchObject([{ position: 1, error: { reason: 'unreadable-delivery' } }, { position: 3 }]);
  expect(bus.entries.map(idOf)).toEqual(['a', 'b', 'd']);
});

it('comes again where a delivery is half read and the bus refuses, too: it is no dead letter yet', async () => {
  const bus = new Picky((id) => id === 'b');
  const failures = await drain([held('a'), delivery(posted('b'), { ...posted('c'), at: 'noon' })], { bus });
  expect(failures).toMatchObject([{ position: 1, error: { message: 'the bus took none' } }]);
});

it('asks a bus that is away once, not once for each message', async () => {
  const bus = new Picky(() => true);
  expect(ids(await drain([...'abcdefghij'].map(held), { bus }))).toHaveLength(10);
  expect(bus.calls).toBe(1);
});

const MESSAGES = fc.array(
  fc.oneof(
    fc.constant('event' as const),
    fc.constant('broken' as const),
    fc.record({ good: fc.nat(3), bad: fc.nat(1) }),
  ),
  { maxLength: 10 },
);

it('loses nothing and lets nothing wait that is done, whatever the bus refuses', async () => {
  await fc.assert(
    fc.asyncProperty(MESSAGES, fc.array(fc.boolean(), { minLength: 1, maxLength: 40 }), async (kinds, coins) => {
      let tossed = 0;
      const bus = new Picky(() => coins[tossed++ % coins.length] ?? false);
      const messages = kinds.map((kind, n) => {
        if (kind === 'event') return { body: held(`m${n}`), events: [`m${n}`], isLost: false };
        if (kind === 'broken') return { body: { no: 'event' }, events: [], isLost: true };
        const events = Array.from({ length: kind.good }, (_, i) => `m${n}-${i}`);
        const bad = Array.from({ length: kind.bad }, () => ({ ...posted('bad'), at: 'noon' }));
        return {
          body: delivery(...events.map(posted), ...bad),
          events,
          isLost: kind.good + kind.bad === 0 || bad.length > 0,
        };
      });
      const failures = await drain(
        messages.map(({ body }) => body),
        { bus },
      );
      for (const [n, { events, isLost }] of messages.entries()) {
        const failure = failures.find(({ position }) => position === n);
        const isThere = events.every((id) => bus.taken.includes(id));
        expect(failure !== undefined).toBe(!isThere || isLost);
        // Given up at once is only what the bus has nothing more to get of.
        if (failure?.error instanceof Unprocessable) expect(isThere).toBe(true);
      }
    }),
  );
});

import type { Ports, Runtime } from '#apps/local/runtime.ts';
import type { Table } from '#shared/store/table.ts';
import { keyOf } from '#shared/store/transaction.ts';
import { toMillis } from '#shared/time/instant.ts';
import { TokenBucket } from './bucket.ts';
import { OPENS } from './busy-hour.ts';
import { SMALLER, STARTS } from './small.ts';
import { latencyOf } from './work.ts';

/** What the client of AWS does with a throttled call: as shared/adapters/aws/api.ts. */
const [ATTEMPTS, PAUSE] = [4, 117];

type Limits = {
  /** Asked at each call: the runtime stands only once its ports are wrapped. */
  readonly clock: () => Runtime['clock'];
  readonly isSlow: () => boolean;
  /** When each event was, in milliseconds. */
  readonly recorded: Map<string, number>;
  readonly limits: { readonly on: boolean; starts: number };
};

/** AWS as enrol meets it in the small hour: it answers slowly, and throttles starts. */
export function limited(ports: Ports, { clock, isSlow, recorded, limits }: Limits): Ports {
  const { table, executions } = ports;
  const slowly = async <T>(call: string, work: () => Promise<T>): Promise<T> => {
    if (isSlow()) await clock().sleep(latencyOf(call) * SMALLER);
    return work();
  };
  const bucket = new TokenBucket(STARTS);
  let filled = toMillis(OPENS);
  const take = (): boolean => {
    const now = clock().millis();
    bucket.fill((now - filled) / 1000);
    filled = now;
    return bucket.take(1) === 1;
  };
  const slow: Table = {
    get: (key, options) => slowly('get', () => table.get(key, options)),
    batchGet: (keys) => slowly('batchGet', () => table.batchGet(keys)),
    query: (range) => slowly('query', () => table.query(range)),
    queryIndex: (range) => table.queryIndex(range),
    write: (write) => slowly('write', () => table.write(write)),
    async transact(writes) {
      await slowly('transact', () => table.transact(writes));
      const receipt = writes.map(keyOf).find(({ pk }) => pk.startsWith('R#'));
      if (receipt) recorded.set(receipt.pk.slice(2), clock().millis());
    },
  };
  return {
    ...ports,
    table: slow,
    executions: {
      async start(...given) {
        if (!isSlow()) {
          // Review starts what enrol could not, after some minutes.
          limits.starts += Number(limits.on);
          return executions.start(...given);
        }
        await clock().sleep(latencyOf('startExecution') * SMALLER);
        for (let attempt = 1; !take(); attempt += 1) {
          if (attempt === ATTEMPTS) throw new Error('ThrottlingException: rate exceeded');
          await clock().sleep(PAUSE);
        }
        limits.starts += 1;
        return executions.start(...given);
      },
      succeed: (...given) => slowly('sendTask', () => executions.succeed(...given)),
      fail: (...given) => slowly('sendTask', () => executions.fail(...given)),
    },
  };
}

import { ingest } from '#functions/ingest/ingest.ts';
import { orderDelivery } from '../shopify-orders.ts';
import { START } from './busy-hour.ts';
import type { Work } from './work.ts';

/** Events that are measured, and as many before them to warm up. */
const INGESTED = 1000;

/** What ingest asks for, by event: it meets no table, so it is measured by itself. */
export async function ingestWork(): Promise<Work> {
  const secret = 'whsec_bG9hZA==';
  const now = START;
  const deps = {
    clock: { now: () => now, sleep: async () => {} },
    bus: { put: async () => [] },
    overflow: { send: async () => {} },
    secrets: { get: async () => [secret] },
    secretId: 'webhook',
    sourceSecrets: 'source-',
    log: { info: () => {}, warn: () => {}, error: () => {} },
    metrics: { count: () => {} },
  };
  const posted = Array.from({ length: 2 * INGESTED }, (_, n) => orderDelivery(n, secret, new Date(now)));
  const post = async (part: typeof posted): Promise<void> => {
    for (const { headers, body } of part) {
      const requestContext = { http: { method: 'POST' } };
      const request = { headers, body, isBase64Encoded: false, pathParameters: { source: 'shopify' }, requestContext };
      const { statusCode } = await ingest(request, deps);
      if (statusCode !== 200) throw new Error(`ingest answered with ${statusCode}`);
    }
  };
  await post(posted.slice(INGESTED));
  const before = process.cpuUsage();
  await post(posted.slice(0, INGESTED));
  const { user, system } = process.cpuUsage(before);
  return { n: INGESTED, calls: { putEvents: 1 }, writeUnits: 0, records: 0, cpu: (user + system) / 1000 / INGESTED };
}

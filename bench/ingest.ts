import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import autocannon from 'autocannon';
import * as z from 'zod';
import { type Delivery, orderDelivery } from './shopify-orders.ts';

const REQUESTS = 15_000;
const WARM_UP = 3000;
const CONNECTIONS = 32;
const SERVER = new URL('./ingest-server.ts', import.meta.url).pathname;

const openedSchema = z.object({ url: z.string(), secret: z.string() });
const toldSchema = z.object({
  cpu: z.object({ user: z.number(), system: z.number() }),
  memory: z.number(),
  waiting: z.number(),
});

/**
 * Shopify's orders, each another one and signed, posted to the laptop's endpoint over 32 connections: requests a second,
 * how long an answer takes, and the CPU time of the process that answers, beside that of one that only reads and answers.
 * The load comes from a process of its own. What is taken is in the file when it is answered; enrolling begins afterwards.
 */
export async function run(): Promise<object> {
  const folder = mkdtempSync(join(tmpdir(), 'tropa-bench-'));
  try {
    const floor = await measure('floor', folder);
    const { requestsPerSecond, p50, p99, cpuMs, memoryMB, kept } = await measure('laptop', folder);
    if (kept < REQUESTS + WARM_UP) throw new Error(`${kept} messages are kept of ${REQUESTS + WARM_UP} orders`);
    const own = { cpuMsPerRequest: cpuMs, floorCpuMsPerRequest: floor.cpuMs, ownCpuMsPerRequest: cpuMs - floor.cpuMs };
    const pace = { requestsPerSecond, floorRequestsPerSecond: floor.requestsPerSecond, p50, p99 };
    return { bench: 'ingest', requests: REQUESTS, ...pace, ...own, memoryMB, kept };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(what: 'laptop' | 'floor', folder: string) {
  const server = fork(SERVER, [what, folder], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  try {
    const [opened] = await once(server, 'message');
    const { url, secret } = openedSchema.parse(opened);
    const deliveries = Array.from({ length: REQUESTS + WARM_UP }, (_, n) => orderDelivery(n, secret, new Date()));
    await post(url, deliveries.slice(0, WARM_UP));
    const before = await ask(server);
    const { duration, latency } = await post(url, deliveries.slice(WARM_UP));
    const { cpu, memory, waiting: kept } = await ask(server);
    const cpuMs = (cpu.user + cpu.system - before.cpu.user - before.cpu.system) / 1000 / REQUESTS;
    return {
      requestsPerSecond: REQUESTS / duration,
      p50: latency.p50,
      p99: latency.p99,
      cpuMs,
      memoryMB: memory,
      kept,
    };
  } finally {
    const gone = once(server, 'exit');
    server.kill();
    await gone;
  }
}

async function post(url: string, deliveries: readonly Delivery[]) {
  let next = 0;
  const setupRequest = (request: object) => {
    const { headers, body } = deliveries[next++ % deliveries.length] ?? { headers: {}, body: '' };
    return { ...request, method: 'POST', path: '/webhooks/shopify', headers, body };
  };
  const options = { url, connections: CONNECTIONS, amount: deliveries.length, requests: [{ setupRequest }] };
  const result = await autocannon(options);
  const refused = result.non2xx + result.errors;
  if (refused > 0) throw new Error(`${refused} of ${deliveries.length} requests were not taken`);
  return result;
}

async function ask(server: ChildProcess) {
  const answer = once(server, 'message');
  server.send('tell');
  const [told] = await answer;
  return toldSchema.parse(told);
}

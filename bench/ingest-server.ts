import { createServer } from 'node:http';
import { enableCompileCache, flushCompileCache } from 'node:module';

/**
 * A process that is posted to, so that what it takes is its own: the laptop with a clock that stands still (`laptop`) or
 * passes (`live`), or a server that only reads and answers (`floor`). It tells where it listens and which secret it wants,
 * and when it is asked, the CPU time that it has had and how many messages wait to be worked off.
 */
const [what, dataDir = ''] = process.argv.slice(2);
const waiting: { of: () => number } = { of: () => 0 };
process.on('message', () => {
  const memory = process.resourceUsage().maxRSS / 1024;
  process.send?.({ cpu: process.cpuUsage(), memory, waiting: waiting.of() });
});
if (what === 'floor') openFloor();
else await openLaptop(what === 'live');

async function openLaptop(live: boolean): Promise<void> {
  // As `npm start` does. Who is killed writes nothing down at the end, so that it is written before anything is posted.
  enableCompileCache();
  const { openRuntime, SOURCE_SECRETS } = await import('#apps/local/runtime.ts');
  const { serve } = await import('#apps/local/server.ts');
  flushCompileCache();
  // While its clock stands still what is taken lies in the file, and nobody works it off.
  const runtime = openRuntime({
    dataDir,
    start: live ? 'real' : '2026-03-02T10:00:00.000Z',
    eventDays: 400,
    mailsPerSecond: 100,
    publicUrl: 'http://localhost',
  });
  const { url } = await serve(runtime, { port: 0, summary: async () => ({}) });
  const [secret = ''] = await runtime.deps.secrets.get(`${SOURCE_SECRETS}shopify`);
  waiting.of = () => runtime.queues.waiting('enrol');
  process.send?.({ url, secret });
}

function openFloor(): void {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const bytes = Buffer.from(JSON.stringify({ accepted: Buffer.concat(chunks).length }));
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': bytes.length }).end(bytes);
  });
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    process.send?.({
      url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
      secret: '',
    });
  });
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRuntime } from '#apps/local/runtime.ts';
import { entryOf } from '#shared/event/put.ts';
import { toMillis } from '#shared/time/instant.ts';
import { writeShop } from './shop.ts';

const CONTACTS = 100;
const MINUTE = 60_000;
/** Apart from each other, so that a hundred waits do not end at one moment. */
const SPREAD = 5000;

/** In real time: how long a wait of one minute takes, from the mail before it to the mail after it, for 100 contacts. */
export async function run(): Promise<object> {
  const folder = mkdtempSync(join(tmpdir(), 'tropa-bench-'));
  try {
    writeShop(folder, 'minute', [
      { type: 'send', id: 'before', template: 'plain' },
      { type: 'wait', id: 'minute', for: 'PT1M' },
      { type: 'send', id: 'after', template: 'plain' },
    ]);
    const runtime = openRuntime({ start: 'real', eventDays: 400, mailsPerSecond: 1000, publicUrl: 'http://localhost' });
    runtime.upload(folder);
    await runtime.clock.sleep(3000);
    for (let i = 0; i < CONTACTS; i += 1) {
      const at = runtime.clock.now();
      await runtime.bus.put([
        entryOf({
          id: `wait-${i}`,
          type: 'registration',
          at,
          source: 'bench',
          identities: { email: `c${i}@bench.example` },
          data: {},
        }),
      ]);
      await runtime.clock.sleep(SPREAD / CONTACTS);
    }
    await runtime.clock.sleep(MINUTE + SPREAD);
    const { entries } = runtime.inbox.mails.page({}, 1000);
    const sent = new Map(entries.map(({ to, step, at }) => [`${to} ${step}`, toMillis(at)]));
    const seconds = Array.from({ length: CONTACTS }, (_, i) => {
      const [before = 0, after = Number.NaN] = [
        sent.get(`c${i}@bench.example before`),
        sent.get(`c${i}@bench.example after`),
      ];
      return (after - before) / 1000;
    }).sort((a, b) => a - b);
    runtime.close();
    return {
      bench: 'wait',
      waits: seconds.filter(Number.isFinite).length,
      p50: seconds[49],
      p95: seconds[94],
      max: seconds[99],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

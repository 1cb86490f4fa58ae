import { openRuntime, type Runtime, type Wrap } from '#apps/local/runtime.ts';
import { audit } from '#functions/audit/audit.ts';
import { entryOf } from '#shared/event/put.ts';
import type { Change } from '#shared/store/table.ts';
import { type Instant, plusMillis } from '#shared/time/instant.ts';
import { consent, event } from '#test/build/event.ts';
import { journey } from '#test/build/journey.ts';
import { putPublished } from '#test/build/published.ts';
import { settings } from '#test/build/settings.ts';
import { DAY, MINUTE } from './story.ts';

export const START = '2026-03-02T08:00:00.000Z';
export const at = (days: number): Instant => plusMillis(START, days * DAY);

/** A laptop on which Ann puts something into her cart. */
export async function laptop(steps: readonly object[], wrap?: Wrap): Promise<Runtime> {
  const runtime = openRuntime({
    ...{ start: START, eventDays: 400, mailsPerSecond: 100, publicUrl: 'https://shop.example' },
    ...(wrap && { wrap }),
  });
  await putPublished(runtime, settings(), [journey({ steps, topic: 'orders' })]);
  const consents = [consent('offers', '2026-03-01T00:00:00.000Z')];
  await runtime.bus.put([entryOf(event('cart.updated', { at: START, consents }))]);
  return runtime;
}

/** A round of the audit, over a day: what was found at its end, and mended. */
export async function auditDay(runtime: Runtime) {
  const { table, clock, deps } = runtime;
  const once = () => audit(plusMillis(clock.now(), MINUTE), { table, clock, log: deps.log, metrics: deps.metrics });
  await once();
  await runtime.drive(plusMillis(clock.now(), DAY));
  const { found, mended } = await once();
  return { found, mended };
}

/** Changes every row whose sort key is like that, as nobody should. */
export async function damage({ db, table }: Runtime, like: string, change: Change): Promise<void> {
  for (const { pk, sk } of db.prepare('SELECT pk, sk FROM rows WHERE sk LIKE ?').all(like))
    await table.write({ kind: 'update', key: { pk: String(pk), sk: String(sk) }, change });
}

export const mails = (runtime: Runtime): number => runtime.meter.counts['mails'] ?? 0;

/** Ports of which one does nothing until it is mended, and says that it has. */
export function losing(what: 'start' | 'succeed' | 'hint') {
  const state = { isLost: true };
  const loses = (which: typeof what): boolean => state.isLost && which === what;
  const wrap: Wrap = {
    ports: (ports) => ({
      ...ports,
      executions: {
        start: async (...given) => (loses('start') ? 'started' : ports.executions.start(...given)),
        succeed: async (...given) => (loses('succeed') ? 'done' : ports.executions.succeed(...given)),
        fail: (...given) => ports.executions.fail(...given),
      },
      outbox: {
        ...ports.outbox,
        transactional: {
          send: async (...given) => (loses('hint') ? undefined : ports.outbox.transactional.send(...given)),
        },
      },
    }),
    call: (_, work) => work(),
    scheduled: (_, work) => work(),
  };
  const mend = (): void => {
    state.isLost = false;
  };
  return { wrap, mend };
}

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openRuntime, type Runtime } from '#apps/local/runtime.ts';
import { keepHeapSmall } from '#apps/local/small-heap.ts';
import { SqliteTable } from '#shared/adapters/sqlite/table.ts';
import type { Event } from '#shared/event/event.ts';
import { entryOf } from '#shared/event/put.ts';
import { changeFlow, lookAtFlow } from '#shared/store/flow.ts';
import { contactRange, DUE_SHARDS, dueShard, identityKey } from '#shared/store/keys.ts';
import { emailHash } from '#shared/store/profiles.ts';
import { shardOf } from '#shared/store/shards.ts';
import type { Row } from '#shared/store/table.ts';
import { type Instant, plusMillis, toMillis } from '#shared/time/instant.ts';
import { shopFiles } from './shop.ts';

const CONTACTS = 1_000_000;
const RATE = 100;
/** Seconds of the mailing after which somebody orders, and for which it is watched. */
const [ORDER_AT, WATCHED] = [30, 60];
const START: Instant = '2026-03-02T09:00:00.000Z';
/** Contacts that are written in one transaction of the file. */
const TOGETHER = 5000;
/** A multiple of them. */
const TOLD_EVERY = 50_000;
const SEED = 'seed@bench.example';
const BUYER = 'buyer@bench.example';

/**
 * A mailing to so many contacts lies in the outbox, rows and hints, in a file on disk; send drains it at 100 mails a second
 * of virtual time. In the midst of it a customer orders: how long the confirmation takes, from the event on, and what memory
 * the process needs. Only the part around the order is drained. A million need about 4 GB of disk.
 */
export async function run({ events: contacts = CONTACTS }: { events?: number }): Promise<object> {
  keepHeapSmall();
  const folder = mkdtempSync(join(tmpdir(), 'tropa-bench-'));
  try {
    writeFiles(join(folder, 'shop'));
    const sent: { offers: number; confirmedAt?: Instant } = { offers: 0 };
    const runtime: Runtime = openRuntime({
      dataDir: join(folder, 'data'),
      start: START,
      eventDays: 400,
      mailsPerSecond: RATE,
      publicUrl: 'https://bench.example',
      keepMails: 0,
      wrap: {
        ports: (ports) => ({
          ...ports,
          mailer: {
            send: (mail) => {
              if (mail.to === BUYER) sent.confirmedAt = runtime.clock.now();
              else sent.offers += 1;
              return ports.mailer.send(mail);
            },
          },
        }),
        call: (_, work) => work(),
        scheduled: (_, work) => work(),
      },
    });
    const began = performance.now();
    runtime.upload(join(folder, 'shop'));
    await queueMailing(runtime, contacts);
    const [queued, queueing] = [runtime.queues.waiting('marketing'), seconds(began)];
    const from = runtime.clock.now();
    const [draining, orderAt] = [performance.now(), plusMillis(from, ORDER_AT * 1000)];
    runtime.clock.at(orderAt, () => void runtime.bus.put([entryOf(order(orderAt))]));
    await runtime.drive(plusMillis(from, WATCHED * 1000));
    const { confirmedAt } = sent;
    runtime.close();
    return {
      bench: 'mailing',
      contacts,
      queued,
      mailsPerSecond: RATE,
      confirmationSeconds: confirmedAt && (toMillis(confirmedAt) - toMillis(orderAt)) / 1000,
      drained: sent.offers,
      drainedVirtualSeconds: WATCHED,
      peakMemoryMB: process.resourceUsage().maxRSS / 1024,
      queueingSeconds: queueing,
      drainingSeconds: seconds(draining),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const seconds = (began: number): number => (performance.now() - began) / 1000;

const JOURNEYS = [
  {
    ...{ id: 'offer', name: 'offer', status: 'live', topic: 'offers' },
    trigger: { type: 'event', event: 'registration' },
    steps: [{ type: 'send', id: 'offer', template: 'offer' }],
  },
  {
    ...{ id: 'order', name: 'order', status: 'live', topic: 'orders' },
    trigger: { type: 'event', event: 'purchase' },
    entry: { key: 'orderId' },
    steps: [{ type: 'send', id: 'receipt', template: 'plain' }],
  },
];

function writeFiles(folder: string): void {
  const [settings, plain] = shopFiles();
  if (!settings || !plain) throw new Error('a shop has settings and a template');
  const topics = { orders: { kind: 'transactional' }, offers: { kind: 'marketing' } };
  const files = [
    { ...settings, body: JSON.stringify({ ...JSON.parse(settings.body), topics }) },
    plain,
    { key: 'templates/offer/email.mjml', body: marketing(plain.body) },
    ...JOURNEYS.map((journey) => ({ key: `journeys/${journey.id}.json`, body: JSON.stringify(journey) })),
  ];
  for (const { key, body } of files) {
    mkdirSync(dirname(join(folder, key)), { recursive: true });
    writeFileSync(join(folder, key), body);
  }
}

const marketing = (body: string): string =>
  body
    .replace('"topic": "orders"', '"topic": "offers"')
    .replace('thank you.', 'come in. <a href="{{ message.unsubscribe_url }}">Unsubscribe</a>');

const order = (at: Instant): Event => ({
  ...{ id: 'order-1', type: 'purchase', at, source: 'bench' },
  identities: { email: BUYER },
  data: { orderId: '1' },
});

/** One contact registers and comes as far as the outbox; all others are as that one is, with ids of their own. */
async function queueMailing(runtime: Runtime, contacts: number): Promise<void> {
  const { clock, table } = runtime;
  await runtime.drive(plusMillis(clock.now(), 30_000));
  const pause = { lanes: 'marketing', at: clock.now(), by: 'bench', reason: 'until all are queued' } as const;
  await table.write(changeFlow({ set: [[['pause'], pause]] }));
  const at = clock.now();
  await runtime.bus.put([
    entryOf({
      ...{ id: 'seed', type: 'registration', at, source: 'bench', identities: { email: SEED }, data: {} },
      consents: [{ channel: 'email', topic: 'offers', state: 'granted', at, source: 'form', wording: 'Write to me' }],
    }),
  ]);
  await runtime.drive(plusMillis(clock.now(), 30_000));
  const owner = await table.get(identityKey('email', emailHash(SEED)));
  const rows = (await table.query(contactRange(String(owner?.['contact'])))).filter(({ sk }) => !sk.startsWith('E#'));
  await copy(runtime, owner ? [owner, ...rows] : rows, contacts);
  await table.write(changeFlow({ ...lookAtFlow(clock.now()), remove: [['pause']] }));
}

async function copy(runtime: Runtime, rows: readonly Row[], contacts: number): Promise<void> {
  const { clock, db, queues, transactions } = runtime;
  const contact = String(rows[0]?.['contact']);
  const message = rows.find(({ sk }) => sk.startsWith('M#'))?.sk.slice(2);
  if (message === undefined) throw new Error('nothing was queued');
  // What is written here is no news for the counters.
  const quiet = new SqliteTable(db, { now: () => clock.now() });
  const [text, hash] = [JSON.stringify(rows), emailHash(SEED)];
  for (let first = 1; first < contacts; first += TOGETHER) {
    const hints: string[] = [];
    transactions.begin();
    for (let n = first; n < Math.min(first + TOGETHER, contacts); n += 1) {
      const id = shuffled(n);
      const own = [`c${id}`, `m${id}`, `c${n}@bench.example`] as const;
      const copied: Row[] = JSON.parse(
        text
          .replaceAll(contact, own[0])
          .replaceAll(message, own[1])
          .replaceAll(SEED, own[2])
          .replaceAll(hash, emailHash(own[2])),
      );
      for (const row of copied) await quiet.write({ kind: 'put', row: queuedAgain(row, own[0], clock.now()) });
      hints.push(JSON.stringify({ contact: own[0], message: own[1] }));
    }
    queues.sendTexts('marketing', hints);
    transactions.commit();
    tellProgress(first + hints.length - 1, contacts - 1);
  }
}

/** A million take minutes. */
function tellProgress(queued: number, contacts: number): void {
  if (queued % TOLD_EVERY !== 0 && queued !== contacts) return;
  const [{ maxRSS, userCPUTime, systemCPUTime }, { rss, heapUsed }] = [process.resourceUsage(), process.memoryUsage()];
  const mb = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MB`;
  process.stderr.write(
    `${queued} of ${contacts} queued, ${Math.round((userCPUTime + systemCPUTime) / 1e6)} s of CPU, ` +
      `memory ${mb(rss)} (heap ${mb(heapUsed)}, at most ${mb(maxRSS * 1024)})\n`,
  );
}

/** Of ids that are hashes no two neighbours lie beside each other. */
const shuffled = (n: number): string => ((n * 2_654_435_761) % 2 ** 32).toString(16).padStart(30, '0');

/** As advance queues a message: its hint is on its way, and review looks in five minutes. */
function queuedAgain(row: Row, contact: string, now: Instant): Row {
  if (!row.sk.startsWith('M#')) return row;
  return { ...row, held: undefined, duePk: dueShard(shardOf(contact, DUE_SHARDS)), due: plusMillis(now, 300_000) };
}

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import timers from 'node:timers/promises';
import * as z from 'zod';
import { orderDelivery, purchaseId } from './shopify-orders.ts';

const SENDERS = 16;
/** Shopify tries nine times in four hours; here each pause is some seconds at most. */
const PAUSES = [100, 300, 1000, 2000, 4000, 8000, 8000, 8000];
/** One in so many deliveries comes once more, though it was answered. */
const AGAIN = 20;
const SERVER = new URL('./ingest-server.ts', import.meta.url).pathname;

const openedSchema = z.object({ url: z.string(), secret: z.string() });
const waitingSchema = z.object({ waiting: z.number() });
const profileSchema = z.object({ traits: z.record(z.string(), z.unknown()) });

/**
 * The laptop is killed at random moments, 200 times, while 5,000 orders are posted by a client that tries again as Shopify
 * does: how many are recorded, how many of them once. Fails when it is not all of them.
 */
export const run = (): Promise<object> => killed({ orders: 5000, kills: 200 });

type Size = { readonly orders: number; readonly kills: number };

/** The same of any size. */
export async function killed(size: Size): Promise<object> {
  const folder = mkdtempSync(join(tmpdir(), 'tropa-bench-'));
  const laptop = new Laptop(folder);
  try {
    const began = performance.now();
    await laptop.open();
    const { retried, givenUp, kills } = await postAll(laptop, size);
    await laptop.settle();
    const seconds = (performance.now() - began) / 1000;
    await laptop.kill();
    const found = recorded(join(folder, 'tropa.db'), size);
    const figures = { bench: 'kills', orders: size.orders, kills, retried, givenUp, ...found, seconds };
    if (givenUp > 0 || found.recorded !== size.orders || found.countedOnce !== size.orders)
      throw new Error(JSON.stringify(figures));
    return figures;
  } finally {
    laptop.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function postAll(laptop: Laptop, size: Size) {
  let next = 0;
  let retried = 0;
  let givenUp = 0;
  let kills = 0;
  // Between two kills a share of the orders is posted, so that the last kill falls near the last order.
  const mayPost = (n: number): boolean => kills >= size.kills || n / size.orders < (kills + 1) / size.kills;
  const sender = async (): Promise<void> => {
    for (let n = next++; n < size.orders; n = next++) {
      while (!mayPost(n)) await timers.setTimeout(20);
      for (let copies = n % AGAIN === 0 ? 2 : 1; copies > 0; copies -= 1) {
        const tries = await post(laptop, n);
        retried += tries - 1;
        if (tries > PAUSES.length + 1) givenUp += 1;
      }
    }
  };
  const posted = Promise.all(Array.from({ length: SENDERS }, sender));
  await killWhile(posted, laptop, size.kills, () => {
    kills += 1;
    return kills;
  });
  await posted;
  return { retried, givenUp, kills };
}

/** Up so many times as long as it takes to open, on average: most tries of Shopify's would find it up, minutes apart. */
const UP = 4;

/** Kills it at random moments as long as orders come. */
async function killWhile(posted: Promise<unknown>, laptop: Laptop, wanted: number, count: () => number): Promise<void> {
  let over = false;
  void posted.finally(() => {
    over = true;
  });
  for (let kills = 0; kills < wanted && !over; ) {
    await timers.setTimeout(20 + Math.random() * 2 * UP * laptop.openedIn);
    await laptop.kill();
    await laptop.open();
    kills = count();
    process.stderr.write(`\r${kills} of ${wanted} kills`);
  }
  process.stderr.write('\n');
}

/** How many tries it took; one more than there are when none was answered well. */
async function post(laptop: Laptop, n: number): Promise<number> {
  for (let tries = 1; tries <= PAUSES.length + 1; tries += 1) {
    const { headers, body } = orderDelivery(n, laptop.secret, new Date());
    try {
      const answer = await fetch(`${laptop.url}/webhooks/shopify`, { method: 'POST', headers, body });
      await answer.arrayBuffer();
      if (answer.ok) return tries;
    } catch {
      // It was killed before it answered, or is not up yet: that is what the next try is for.
    }
    const pause = PAUSES[tries - 1];
    if (pause !== undefined) await timers.setTimeout(pause * (0.5 + Math.random()));
  }
  return PAUSES.length + 2;
}

/** A laptop that can be killed, and opened again on what is in its file. */
class Laptop {
  url = 'http://127.0.0.1:9';
  secret = '';
  /** Milliseconds that it took to open last. */
  openedIn = 1000;
  readonly #folder: string;
  #server: ChildProcess | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async open(): Promise<void> {
    const began = performance.now();
    this.#server = fork(SERVER, ['live', this.#folder], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const [opened] = await once(this.#server, 'message');
    ({ url: this.url, secret: this.secret } = openedSchema.parse(opened));
    this.openedIn = performance.now() - began;
  }

  async kill(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    const gone = once(server, 'exit');
    server.kill('SIGKILL');
    await gone;
  }

  /** Resolves when every event that it took has been worked off. */
  async settle(): Promise<void> {
    for (;;) {
      const answer = this.#server && once(this.#server, 'message');
      this.#server?.send('waiting');
      const [message] = (await answer) ?? [];
      const { success, data } = waitingSchema.safeParse(message);
      if (success && data.waiting === 0) return;
      await timers.setTimeout(200);
    }
  }

  close(): void {
    this.#server?.kill();
  }
}

/** What the file has of them in the end. */
function recorded(file: string, { orders }: Size) {
  const db = new DatabaseSync(file, { readOnly: true });
  const rows = db.prepare("SELECT body FROM rows WHERE sk = 'PROFILE'").all();
  const profiles = rows.map(({ body }) => profileSchema.parse(JSON.parse(String(body))));
  const receipt = db.prepare("SELECT count(*) AS n FROM rows WHERE pk = ? AND sk = 'RECEIPT'");
  const known = Array.from({ length: orders }, (_, n) => receipt.get(`R#${purchaseId(n)}`)?.['n']);
  db.close();
  return {
    contacts: profiles.length,
    recorded: known.filter((n) => n === 1).length,
    countedOnce: profiles.filter(({ traits }) => traits['purchases.count'] === 1).length,
  };
}

import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runAudit } from '#apps/cli/audit/run.ts';
import { mailRuns } from '#apps/cli/mail/run.ts';
import { DATABASE } from '#apps/local/open-state.ts';
import { openRuntime, type Runtime } from '#apps/local/runtime.ts';
import { SOURCE } from '#shared/event/put.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { consent, event } from '#test/build/event.ts';
import { journey, send, wait } from '#test/build/journey.ts';
import { putPublished } from '#test/build/published.ts';
import { settings } from '#test/build/settings.ts';

/** An older copy of everything takes the place of what is there, after mails have gone. */

const START = '2026-03-02T09:00:00.000Z';
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const JOURNEYS = [
  journey({
    entry: { if: { consent: 'offers' }, again: { after: 'PT1M' } },
    steps: [wait('think', 'PT1H'), send('offer'), wait('rest', 'P1D')],
  }),
  journey({
    id: 'order',
    topic: 'orders',
    trigger: { type: 'event', event: 'purchase' },
    entry: { key: 'orderId' },
    steps: [wait('think', 'PT1H'), send('receipt'), wait('rest', 'P1D')],
  }),
];

let folder: string;
const now = () => join(folder, 'now');
const older = () => join(folder, 'older');
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tropa-restore-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = (dataDir: string): Runtime =>
  openRuntime({ dataDir, start: START, eventDays: 400, mailsPerSecond: 100, publicUrl: 'https://shop.example' });
const went = ({ db }: Runtime) =>
  db
    .prepare('SELECT step FROM mails ORDER BY step')
    .all()
    .map(({ step }) => step);

const comes = async ({ bus, clock }: Runtime): Promise<void> => {
  const at = clock.now();
  const cart = event('cart.updated', { id: `cart-${at}`, at, consents: [consent('offers', START)] });
  await bus.put([{ source: SOURCE, detailType: cart.type, detail: cart }]);
};
const buys = async ({ bus, clock }: Runtime, orderId: string): Promise<void> => {
  const bought = event('purchase', { id: `buy-${orderId}`, at: clock.now(), data: { orderId } });
  await bus.put([{ source: SOURCE, detailType: bought.type, detail: bought }]);
};
const messages = ({ db }: Runtime) =>
  db
    .prepare("SELECT body FROM rows WHERE sk LIKE 'M#%'")
    .all()
    .map(({ body }) => JSON.parse(String(body)));

/** A shop an hour before its mails go, copied; and two hours later, when they have gone. */
async function gone(): Promise<void> {
  const before = open(now());
  await putPublished(before, settings(), JOURNEYS);
  await comes(before);
  await buys(before, '7');
  await before.drive(plusMillis(START, HOUR / 2));
  before.close();
  cpSync(now(), older(), { recursive: true });
  const after = open(now());
  await after.drive(plusMillis(START, 2 * HOUR));
  expect(went(after)).toEqual(['offer', 'receipt']);
  after.close();
}

/** What the journeys' rows were before: executions, queues and mails that have gone stay as they are, as on AWS. */
function takeBack(which: string, isLost = ''): void {
  const db = new DatabaseSync(join(now(), DATABASE));
  db.exec(`ATTACH '${join(older(), DATABASE)}' AS older`);
  if (isLost) db.exec(`DELETE FROM rows WHERE ${isLost}`);
  db.exec(`INSERT OR IGNORE INTO rows SELECT * FROM older.rows WHERE ${which}`);
  db.close();
}
/** As `aws stepfunctions stop-execution` does: nobody knows their tokens any more. */
function stopExecutions(): void {
  const db = new DatabaseSync(join(now(), DATABASE));
  db.exec("UPDATE executions SET phase = 'closed'");
  db.close();
}
const by = mailRuns(() => 'ann');

/** What the clock of the audit does on AWS. */
const audited = () => runAudit({ target: { data: now() }, mend: true }, { show: () => {}, stop: () => {} });
/** In how many journeys the profile says that its contact is. */
function namedInside(): number {
  const db = new DatabaseSync(join(now(), DATABASE));
  const [row] = db.prepare("SELECT body FROM rows WHERE sk = 'PROFILE'").all();
  db.close();
  return Object.keys(JSON.parse(String(row?.['body'])).inside).length;
}

describe('rows of an hour ago in the place of all', () => {
  it('leave passages asleep as long as their executions wait, and have their mails sent once more then', async () => {
    await gone();
    takeBack('true', 'true');
    const restored = open(now());
    await restored.drive(plusMillis(START, 20 * HOUR));
    expect(went(restored)).toEqual(['offer', 'receipt']);
    await restored.drive(plusMillis(START, 3 * DAY));
    expect(went(restored)).toEqual(['offer', 'offer', 'receipt', 'receipt']);
    restored.close();
  });

  it('send nothing twice where executions were stopped and all mail paused before: after a day what waits has expired', async () => {
    await gone();
    takeBack('true', 'true');
    await by.pause({ data: now() }, { all: true, reason: 'restored' });
    stopExecutions();
    const restored = open(now());
    await restored.drive(plusMillis(START, 28 * HOUR));
    restored.close();
    await by.resume({ data: now() }, { scopes: [], reason: 'what waited has expired' });
    const resumed = open(now());
    await buys(resumed, '8');
    await resumed.drive(plusMillis(START, 3 * DAY));
    expect(went(resumed)).toEqual(['offer', 'receipt', 'receipt']);
    const reasons = messages(resumed).map(({ reason }) => reason);
    expect(reasons.toSorted()).toEqual(['mail-paused', 'mail-paused', undefined]);
    resumed.close();
  });
});

describe('rows of a contact that were deleted by mistake', () => {
  const LOST = "pk LIKE 'C#%' OR pk LIKE 'I#%'";

  it('go back as of the second before: passages go on, no mail goes twice, and who comes again enters again', async () => {
    await gone();
    cpSync(now(), older(), { recursive: true, force: true });
    takeBack('false', LOST);
    const without = open(now());
    await without.drive(plusMillis(START, 5 * HOUR));
    without.close();
    takeBack(LOST);
    const restored = open(now());
    await restored.drive(plusMillis(START, 20 * DAY));
    expect(went(restored)).toEqual(['offer', 'receipt']);
    const passages = restored.db.prepare("SELECT body FROM rows WHERE sk LIKE 'J#%'").all();
    expect(passages.map(({ body }) => JSON.parse(String(body)).state)).toEqual(['finished', 'finished']);
    await comes(restored);
    await restored.drive(plusMillis(START, 21 * DAY));
    expect(went(restored)).toEqual(['offer', 'offer', 'receipt']);
    restored.close();
  });

  it('go back as of earlier without passages: no mail goes twice, and they enter those journeys no more', async () => {
    await gone();
    takeBack(`(${LOST}) AND sk NOT LIKE 'J#%'`, LOST);
    const restored = open(now());
    await restored.drive(plusMillis(START, 20 * DAY));
    expect(went(restored)).toEqual(['offer', 'receipt']);
    await buys(restored, '8');
    await comes(restored);
    await restored.drive(plusMillis(START, 21 * DAY));
    expect(went(restored)).toEqual(['offer', 'receipt', 'receipt']);
    restored.close();
  });

  it('without passages enter those journeys again once the audit goes on: no mail of before goes twice', async () => {
    await gone();
    takeBack(`(${LOST}) AND sk NOT LIKE 'J#%'`, LOST);
    expect((await audited()).kinds).toMatchObject({ misnamed: { mended: 2 } });
    const restored = open(now());
    await restored.drive(plusMillis(START, 2 * DAY));
    expect(went(restored)).toEqual(['offer', 'receipt']);
    await comes(restored);
    await restored.drive(plusMillis(START, 3 * DAY));
    expect(went(restored)).toEqual(['offer', 'offer', 'receipt']);
    restored.close();
  });

  it('lose from the profile what an audit finds half put back, until the next one: so its clock rests meanwhile', async () => {
    await gone();
    cpSync(now(), older(), { recursive: true, force: true });
    takeBack(`(${LOST}) AND sk NOT LIKE 'J#%'`, LOST);
    expect(namedInside()).toBe(2);
    await audited();
    takeBack(LOST);
    expect(namedInside()).toBe(0);
    await audited();
    expect(namedInside()).toBe(2);
  });
});

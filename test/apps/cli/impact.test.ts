import { Writable } from 'node:stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { impactCommand } from '#apps/cli/commands/impact.ts';
import { lookAhead, type RunImpact, refusedFor } from '#apps/cli/impact/run.ts';
import { openRuntime, type Runtime } from '#apps/local/runtime.ts';
import { loadStanding } from '#apps/local/summary.ts';
import { entryOf } from '#shared/event/put.ts';
import type { Journey } from '#shared/journey/journey.ts';
import { impactLines } from '#shared/publish/print-impact.ts';
import { remark, TOP } from '#shared/publish/remarks.ts';
import { storedReportSchema } from '#shared/publish/stored-report.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { consent, event } from '#test/build/event.ts';
import { journey, send, wait } from '#test/build/journey.ts';
import { shopFile } from '#test/build/publishing.ts';

const START = '2026-03-02T00:00:00.000Z';
const DAY = 86_400_000;
const WEEK = 7 * DAY;
const CONTACTS = 42;
const HELLO = `---
{ "subject": "Hello", "topic": "offers" }
---
<mjml><mj-body><mj-section><mj-column><mj-text>Hi {{ shop.address }} <a href="{{ message.unsubscribe_url }}">No more</a></mj-text></mj-column></mj-section></mj-body></mjml>`;
const quiet = { show: () => {}, stop: () => {} };
const cart = (more: object = {}) => ({ type: 'event' as const, event: 'cart.updated', ...more });

const big = (steps: object[], more: object = {}) =>
  journey({
    id: 'big',
    name: 'Big',
    trigger: cart({ where: { data: 'total', gt: 50 } }),
    entry: { again: { after: 'P6D' } },
    steps,
    ...more,
  });
/** Of those who want offers: at once, and once more after three days. */
const nudge = journey({
  id: 'nudge',
  name: 'Nudge',
  trigger: cart({ quietFor: 'PT1H' }),
  entry: { if: { consent: 'offers' }, again: { after: 'P1D' } },
  steps: [send('first'), wait('pause', 'P3D'), send('second')],
});
const away = journey({
  id: 'away',
  name: 'Away',
  trigger: cart({ quietFor: 'P5D', existing: true }),
  steps: [wait('w', 'P9D')],
});

let runtime: Runtime;
const put = async (key: string, content: object | string) => {
  runtime.take({ key, body: typeof content === 'string' ? content : JSON.stringify(content) });
  await runtime.drive(plusMillis(runtime.clock.now(), 60_000));
  await runtime.rhythm.settle();
  const stored = await runtime.bucket.get(`reports/${key.replaceAll('/', '.')}.json`);
  const report = storedReportSchema.parse(JSON.parse(stored?.body ?? ''));
  expect(report.remarks.filter(({ severity }) => severity === 'error')).toEqual([]);
  return report;
};
const ahead = (of: Journey, all = false) =>
  lookAhead(of, { ...runtime, settle: () => runtime.rhythm.settle() }, all, quiet);
const counted = async (id: string) => (await loadStanding(runtime.table)).journeys[id];

/** Each changes a cart once a week, always on the same day; every second wants offers, every third has a big cart. */
async function live(week: number): Promise<void> {
  for (let day = 0; day < 7; day += 1) {
    await runtime.drive(plusMillis(START, week * WEEK + day * DAY + DAY / 2));
    const at = runtime.clock.now();
    const own = Array.from({ length: CONTACTS }, (_, i) => i).filter((i) => i % 7 === day);
    await runtime.bus.put(
      own.map((i) =>
        entryOf(
          event('cart.updated', {
            ...{ id: `cart-${i}-${week}`, at, identities: { email: `a${i}@shop.example` } },
            consents: i % 2 === 0 ? [{ ...consent('offers', at) }] : [],
            data: { total: i % 3 === 0 ? 100 : 10 },
          }),
        ),
      ),
    );
  }
  await runtime.drive(plusMillis(START, (week + 1) * WEEK));
  await runtime.rhythm.settle();
}

beforeAll(async () => {
  const publicUrl = 'http://localhost:4400';
  runtime = openRuntime({ start: START, eventDays: 400, mailsPerSecond: 50, publicUrl });
  await put('settings.json', shopFile({ topics: { offers: { kind: 'marketing' } } }));
  await put('templates/hello/email.mjml', HELLO);
  await put('journeys/big.json', big([wait('long', 'P10D'), send('late')]));
  for (let week = 0; week < 4; week += 1) await live(week);
}, 60_000);
afterAll(() => runtime.close());

it('says of a new journey what its first week brings, and the week brings it', async () => {
  const impact = await ahead(nudge);
  // 21 want offers; the second mail reaches those of the first four days, 12, within the week.
  expect(impact).toMatchObject({ week: { entries: 21, mails: 33 }, looked: { at: CONTACTS, of: CONTACTS } });
  // Of the 21 the carts of 7 are big.
  expect(impact.beside).toEqual([{ journey: 'big', by: 'cart.updated', share: 1 / 3 }]);
  expect(await ahead(nudge, true)).toEqual(impact);
  expect(impactLines(impact)).toEqual([
    '"big" is live for the same: cart.updated; about 33 % of those whom this one takes, it takes too.',
    'First week: 21 enter, 33 mails go out, for less than 0.01 USD (SES and Step Functions).',
  ]);
  expect(await put('journeys/nudge.json', nudge)).toMatchObject({ published: 1, impact: { beside: impact.beside } });
  await live(4);
  const { entries, messages } = (await counted('nudge')) ?? {};
  expect({ entries, first: messages?.['first']?.sent, second: messages?.['second']?.sent }).toEqual({
    ...{ entries: 21, first: 21, second: 12 },
  });
});

it('says how many enter at once, and they do', async () => {
  // Those of the first two days of the week have been away for five days.
  const impact = await ahead(away);
  expect(impact).toMatchObject({ existing: 12 });
  const report = await put('journeys/away.json', away);
  expect(report.impact).toMatchObject({ existing: 12, looked: { at: CONTACTS, of: CONTACTS } });
  expect(report.remarks.find(({ code }) => code === 'W15')?.message).toBe('12 contacts enter at publish.');
  await runtime.drive(plusMillis(runtime.clock.now(), 3_600_000));
  await runtime.rhythm.settle();
  expect(await counted('away')).toMatchObject({ entries: 12, inside: 12 });
});

it('says what publish will refuse, and not what another file may bring', async () => {
  const refused = (of: Journey) => refusedFor(JSON.stringify(of), of, runtime);
  const inside = (await counted('big'))?.inside ?? 0;
  expect(await refused(big([send('late')], { publish: { inside: 'move' } }))).toMatchObject([
    { code: 'E45', message: expect.stringContaining(`${inside} contacts are in "long", which is gone.`) },
  ]);
  expect(await refused(big([wait('long', 'P9D'), send('new', { template: 'not-there-yet' })]))).toEqual([]);
});

it('ends with 1, and says so, where publish will refuse it', async () => {
  const refused = [remark('E45', TOP, '3 contacts are in "long", which is gone.')];
  const words = ['big', '--data', 'd', '--folder', 'shop'];
  let said = '';
  const out = new Writable({
    write: (chunk, _, done) => {
      said += String(chunk);
      done();
    },
  });
  const run: RunImpact = async ({ file, folder }) => ({
    file: `${folder}/${file}`,
    journey: 'big',
    impact: {},
    refused,
  });
  await impactCommand(run, { out, err: out }).parseAsync(words, { from: 'user' });
  expect({ said, code: process.exitCode }).toEqual({
    said: expect.stringMatching(/^shop\/big\n[\s\S]*PUBLISH WILL REFUSE IT[\s\S]*E45 {2}3 contacts/),
    code: 1,
  });
  process.exitCode = undefined;
});

it('says of an edit who stands where it cuts, and what becomes of them', async () => {
  const edit = big([send('late')], { publish: { inside: 'leave' } });
  const inside = (await counted('big'))?.inside ?? 0;
  expect(inside).toBeGreaterThan(10);
  const { edit: said } = await ahead(edit);
  expect(said).toMatchObject({
    ...{ from: 1, fate: 'leave', inside },
    affected: [{ version: 1, step: 'long', change: 'removed', contacts: inside }],
  });
  const report = await put('journeys/big.json', edit);
  expect(report).toMatchObject({ published: 2, impact: { edit: said } });
  await runtime.drive(plusMillis(runtime.clock.now(), DAY / 4));
  await runtime.rhythm.settle();
  expect((await counted('big'))?.exited).toEqual({ replaced: inside });
});

it('has nothing to say of what is live already', async () => {
  expect(await ahead(big([send('late')], { publish: { inside: 'leave' } }))).toEqual({});
});

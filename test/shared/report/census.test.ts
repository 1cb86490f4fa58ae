import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { EXAMPLES } from '#apps/local/folder.ts';
import { openRuntime } from '#apps/local/runtime.ts';
import { entryOf } from '#shared/event/put.ts';
import { census } from '#shared/report/census.ts';
import { standingOf } from '#shared/store/counters.ts';
import { loadCatalogue } from '#shared/store/journeys.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { consent, event } from '#test/build/event.ts';

const START = '2026-03-02T09:00:00.000Z';
const DAY = 86_400_000;

it('finds everybody where the counters say that they are', async () => {
  const publicUrl = 'http://localhost:4400';
  const runtime = openRuntime({ start: START, eventDays: 400, mailsPerSecond: 14, publicUrl });
  runtime.upload(EXAMPLES);
  await runtime.drive(plusMillis(START, 60_000));
  for (let day = 1; day <= 24; day += 2) {
    const at = plusMillis(START, day * DAY);
    await runtime.drive(at);
    const given = { at, identities: { email: `a${day}@shop.example` } };
    const consents = ['news', 'care'].map((topic) => ({ ...consent('news', at), topic }));
    const data = { orderId: `o${day}`, total: 20, items: [{ category: day % 4 === 1 ? 'coffee' : 'brewing' }] };
    await runtime.bus.put([
      entryOf(event('registration', { ...given, consents })),
      entryOf(event('purchase', { ...given, data })),
    ]);
    // Half of them are on the version before.
    if (day === 13)
      runtime.take({ key: THANKS, body: readFileSync(join(EXAMPLES, THANKS), 'utf8').replace(NAME, '$1Hi"') });
  }
  await runtime.drive(plusMillis(START, 25 * DAY));
  await runtime.rhythm.settle();
  const { journeys } = await loadCatalogue(runtime.table);
  const counted = await Promise.all(
    Object.entries(journeys).map(async ([journey, { version }]) => {
      const versions = Array.from({ length: version }, (_, i) => i + 1);
      return (await standingOf(runtime.table, journey, versions)).map((one) => ({ journey, ...one }));
    }),
  );
  const seen = (await census(runtime.table)).map(({ since: _, ...one }) => one);
  expect(seen.map(({ journey, version }) => `${journey} ${version}`)).toEqual(
    expect.arrayContaining(['after-purchase 1', 'after-purchase 2', 'win-back 1']),
  );
  expect(counted.flat().sort(inOrder)).toEqual(seen.sort(inOrder));
  runtime.close();
});

const THANKS = 'journeys/after-purchase.json';
const NAME = /("name": ")[^"]*"/;
const inOrder = (a: object, b: object) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);

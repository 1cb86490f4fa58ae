import { expect, it } from 'vitest';
import { EXAMPLES } from '#apps/local/folder.ts';
import { playSample } from '#apps/local/sample/play.ts';
import { example, exampleKeys } from '#test/build/examples.ts';

const silent = { show: () => {}, stop: () => {} };

it("the sample shop's month has people in each of its live journeys", async () => {
  const request = { seed: 'birch', contacts: 250, days: 30, folder: EXAMPLES, data: undefined };
  const { runtime, summary } = await playSample(
    { ...request, publicUrl: 'http://127.0.0.1:4400', published: () => {} },
    silent,
  );
  runtime.close();
  const entered = Object.entries(summary.journeys).map(([id, { entries }]) => [id, entries > 0]);
  const live = exampleKeys('journeys').filter((key) => example(key).includes('"status": "live"'));
  expect(entered.map(([id]) => `journeys/${id}.json`).sort()).toEqual(live);
  expect(entered.filter(([, somebody]) => !somebody)).toEqual([]);
});

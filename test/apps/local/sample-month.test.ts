import { expect, it } from 'vitest';
import { EXAMPLES } from '#apps/local/folder.ts';
import { playSample } from '#apps/local/sample/play.ts';

const silent = { show: () => {}, stop: () => {} };

it("the sample shop's month has people in each of the ten journeys", async () => {
  const request = { seed: 'birch', contacts: 250, folder: EXAMPLES, data: undefined };
  const { runtime, summary } = await playSample(
    { ...request, publicUrl: 'http://127.0.0.1:4400', published: () => {} },
    silent,
  );
  runtime.close();
  const entered = Object.entries(summary.journeys).map(([id, { entries }]) => [id, entries > 0]);
  expect(entered).toHaveLength(10);
  expect(entered.filter(([, somebody]) => !somebody)).toEqual([]);
});

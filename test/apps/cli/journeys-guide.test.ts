import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { checkShop } from '#apps/cli/validate/check-folder.ts';
import { placeOf, readFolder } from '#apps/cli/validate/read-folder.ts';
import { runAll } from '#apps/cli/validate/tests.ts';

const guide = readFileSync(new URL('../../../docs/journeys.md', import.meta.url), 'utf8');

it('the first journey of the guide is fine as it stands there, and its tests pass', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'guide-'));
  for (const [, file = '', text = ''] of guide.matchAll(/```\w+ (\S+)\n([\s\S]*?)```/g)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  const { reports, shop, print, playable } = await checkShop(readFolder(placeOf(folder)), '2026-03-02T09:00:00Z');
  expect(reports).toHaveLength(4);
  expect(reports.flatMap(({ remarks }) => remarks)).toEqual([]);
  const outcomes = runAll(playable, shop, print).flatMap((one) => one.outcomes);
  expect(outcomes.map(({ faults }) => faults)).toEqual([[], []]);
});

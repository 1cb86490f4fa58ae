import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openRuntime } from '#apps/local/runtime.ts';

it('a second process on a data folder is refused at once, in one sentence', { timeout: 60_000 }, () => {
  const dir = mkdtempSync(join(tmpdir(), 'tropa-test-'));
  const options = { dataDir: dir, eventDays: 400, mailsPerSecond: 14, publicUrl: 'http://localhost' };
  const first = openRuntime({ ...options, start: '2026-03-02T09:00:00.000Z' });
  const began = performance.now();
  expect(() => openRuntime({ ...options, start: '2026-03-02T09:00:00.000Z' })).toThrow('in use');
  expect(performance.now() - began).toBeLessThan(3000);
  const second = spawnSync(process.execPath, ['apps/local/main.ts', '--contacts', '5', '--port', '0', '--data', dir], {
    encoding: 'utf-8',
  });
  expect(second.stderr.trim().split('\n').slice(1)).toEqual([`${dir} is in use by another process; stop it first.`]);
  expect(second.status).toBe(2);
  first.close();
  rmSync(dir, { recursive: true, force: true });
});

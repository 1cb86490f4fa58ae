import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Summary } from '#apps/local/summary.ts';

const MAIN = ['apps/local/main.ts', '--once', '--json', '--contacts', '120'];

/** Runs the laptop to its end. */
async function finish(...more: string[]): Promise<Summary> {
  const { stdout } = await promisify(execFile)(process.execPath, [...MAIN, ...more], { maxBuffer: 2 ** 24 });
  return JSON.parse(stdout);
}

/** Starts the laptop and kills it after so long. Whether it was killed before it had ended. */
const killAfter = (milliseconds: number, ...more: string[]): Promise<boolean> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [...MAIN, ...more], { stdio: 'ignore' });
    const timer = setTimeout(() => child.kill('SIGKILL'), milliseconds);
    child.on('exit', (_code, signal) => {
      clearTimeout(timer);
      resolve(signal === 'SIGKILL');
    });
  });

describe('a laptop that is killed and started again', () => {
  let dir = '';
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'tropa-test-'));
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  it('goes on where it was: the same events, passages and mails as an undisturbed run', {
    timeout: 120_000,
  }, async () => {
    const began = performance.now();
    const whole = await finish();
    const took = performance.now() - began;
    let kills = 0;
    // While files are published, and at several places of the month, on a fast machine as on a slow one.
    for (const part of [0.1, 0.2, 0.3, 0.3, 0.3, 0.3])
      if (await killAfter(part * took, '--days', '15', '--data', dir)) kills += 1;
      else break;
    const half = await finish('--days', '15', '--data', dir);
    expect(half.meter.mails).toBeLessThan(whole.meter.mails);
    // Whoever plays a part of the month has the rest another day, as if it were one.
    const rest = await finish('--data', dir);
    expect(kills).toBeGreaterThan(0);
    expect(rest.journeys).toEqual(whole.journeys);
    expect(rest.events).toEqual(whole.events);
    // What was counted before the last kill is not lost: it would make the run look cheap.
    expect([rest.meter.transitions, rest.meter.mails]).toEqual([whole.meter.transitions, whole.meter.mails]);
  });
});

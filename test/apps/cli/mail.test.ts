import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { mailCommand } from '#apps/cli/commands/mail.ts';
import { mailRuns } from '#apps/cli/mail/run.ts';
import { openRuntime } from '#apps/local/runtime.ts';

function shop() {
  const data = mkdtempSync(join(tmpdir(), 'tropa-mail-'));
  onTestFinished(() => rmSync(data, { recursive: true, force: true }));
  const start = '2026-03-02T09:00:00.000Z';
  openRuntime({ dataDir: data, start, eventDays: 400, mailsPerSecond: 10, publicUrl: 'https://shop.example' }).close();
  return async (...words: string[]) => {
    const [out, err]: [string[], string[]] = [[], []];
    const into = (lines: string[]) => ({ write: (text: string) => void lines.push(text) });
    const command = mailCommand(
      mailRuns(() => 'ann'),
      { out: into(out), err: into(err) } as never,
    );
    await command.exitOverride().parseAsync([...words, '--data', data], { from: 'user' });
    return { out: out.join(''), err: err.join('') };
  };
}

it('a pause stands until somebody resumes, and both are on record with who and why', async () => {
  const mail = shop();
  expect((await mail('pause', '--reason', 'wrong price')).out).toMatch(/marketing.*paused, by ann.*wrong price/);
  const { flow } = JSON.parse((await mail('status', '--json')).out);
  expect(flow.pause).toMatchObject({ lanes: 'marketing', by: 'ann', reason: 'wrong price' });
  await mail('resume', '--reason', 'price mended');
  const { flow: later, log } = JSON.parse((await mail('status', '--json')).out);
  expect(later.pause).toBeUndefined();
  const said = log.map(({ what, by, reason }: Record<string, string>) => [what, by, reason]);
  expect(said).toContainEqual(['pause', 'ann', 'wrong price']);
  expect(said).toContainEqual(['resume', 'ann', 'price mended']);
});

it('--all stops order mails, and says so', async () => {
  const mail = shop();
  const { out, err } = await mail('pause', '--all', '--reason', 'hacked');
  expect(err).toContain('Order confirmations');
  expect(out).toMatch(/transactional.*paused/);
});

it('wants a reason', async () => {
  await expect(shop()('pause', '--reason', ' ')).rejects.toThrow('say why');
});

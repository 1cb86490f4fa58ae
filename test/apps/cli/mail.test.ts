import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { mailCommand } from '#apps/cli/commands/mail.ts';
import { mailRuns } from '#apps/cli/mail/run.ts';
import { openRuntime } from '#apps/local/runtime.ts';
import { changeFlow, tripFlow } from '#shared/store/flow.ts';
import { receptionKey } from '#shared/store/keys.ts';
import { addingTo } from '#shared/store/receptions.ts';
import type { Table } from '#shared/store/table.ts';

async function shop(prepare: (table: Table) => Promise<unknown> = async () => {}) {
  const data = mkdtempSync(join(tmpdir(), 'tropa-mail-'));
  onTestFinished(() => rmSync(data, { recursive: true, force: true }));
  const start = '2026-03-02T09:00:00.000Z';
  const publicUrl = 'https://shop.example';
  const runtime = openRuntime({ dataDir: data, start, eventDays: 400, mailsPerSecond: 10, publicUrl });
  await prepare(runtime.table);
  await runtime.drive(start);
  runtime.close();
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
  const mail = await shop();
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

it('a resume where nothing stands still is an error, and leaves what was said before', async () => {
  const mail = await shop();
  const log = async () => JSON.parse((await mail('status', '--json')).out).log;
  await expect(mail('resume', '--reason', 'x')).rejects.toThrow(
    /^Nothing was paused, .+ npx tropa mail status --data /,
  );
  expect(await log()).toEqual([]);
  await mail('pause', '--reason', 'wrong price');
  await mail('resume', '--reason', 'price mended');
  await expect(mail('resume', '--reason', 'again')).rejects.toThrow('nothing to let go');
  expect((await log()).map(({ reason }: Record<string, string>) => reason)).toEqual(['price mended', 'wrong price']);
});

it('what is said twice in one moment stays on record twice, the newest first', async () => {
  const mail = await shop();
  for (const n of [1, 2]) {
    await mail('pause', '--reason', `wrong price ${n}`);
    await mail('resume', '--reason', `price mended ${n}`);
  }
  const { log } = JSON.parse((await mail('status', '--json')).out);
  expect(log.map(({ reason }: Record<string, string>) => reason)).toEqual([
    'price mended 2',
    'wrong price 2',
    'price mended 1',
    'wrong price 1',
  ]);
});

it('--all stops order mails, and says so', async () => {
  const mail = await shop();
  const { out, err } = await mail('pause', '--all', '--reason', 'hacked');
  expect(err).toContain('Order confirmations');
  expect(out).toMatch(/transactional.*paused/);
});

it('wants a reason', async () => {
  await expect((await shop())('pause', '--reason', ' ')).rejects.toThrow('say why');
});

describe('what bounces and complaints have halted', () => {
  const trip = { at: '2026-03-02T08:00:00.000Z', why: 'bounces', mails: 200, count: 20, limit: 4, days: 3 } as const;
  /** A shop where a journey, a provider and all of marketing stand still. */
  const halted = () =>
    shop(async (table) => {
      const stretch = '2026-03-02T08:50:00.000Z';
      const more = { 'to/gmail.com': { mails: 90, bounces: 9, complaints: 0 } };
      const { set = [] } = addingTo(undefined, stretch, more);
      const key = receptionKey(stretch, 'local');
      await table.write({ kind: 'update', key, change: { set: [...set, [['checkpoint'], '1']] } });
      for (const scope of ['journey/cart', 'to/outlook.com', 'all'])
        await table.write(tripFlow(scope, trip, undefined));
    });
  const standing = async (mail: Awaited<ReturnType<typeof shop>>) =>
    Object.keys(JSON.parse((await mail('status', '--json')).out).flow.trips).sort();

  it('is shown with its rates, its limit, and the command that lets it go', async () => {
    const mail = await halted();
    const { out } = await mail('status');
    expect(out).toMatch(/marketing.*halted/);
    expect(out).toMatch(/to\/gmail\.com.*90.*9 \(10 %\).*0 \(0 %\).*goes/);
    expect(out).toMatch(/journey\/cart.*HALTED/);
    expect(out).toContain('20 of 200 mails (10 %) of the last 3 days bounced for good; the limit is 4 %');
    expect(out).toMatch(/npx tropa mail resume --domain outlook\.com --data \S+ --reason/);
    const { received } = JSON.parse((await mail('status', '--json')).out);
    expect(received).toMatchObject({ limits: { bounces: 4, complaints: 0.08 } });
    expect(received.scopes).toContainEqual(expect.objectContaining({ scope: 'to/gmail.com', bouncePercent: 10 }));
  });

  it('goes again part by part, with a reason, and counts from then on', async () => {
    const mail = await halted();
    await mail('resume', '--domain', 'hotmail.com', '--reason', 'list mended');
    expect(await standing(mail)).toEqual(['all', 'journey/cart']);
    const { flow, log } = JSON.parse((await mail('status', '--json')).out);
    expect(flow.fresh).toEqual({ 'to/outlook.com': '2026-03-02T09:00:00.000Z' });
    expect(log[0]).toMatchObject({ what: 'resume to/outlook.com', by: 'ann', reason: 'list mended' });
    await mail('resume', '--reason', 'all is well');
    expect(await standing(mail)).toEqual([]);
  });

  it('is not lifted by a name that does not stand still: that says what does, and changes nothing', async () => {
    const mail = await halted();
    await expect(mail('resume', '--topic', 'offers', '--reason', 'x')).rejects.toThrow(/topic offers.*--journey cart/s);
    await expect(mail('resume', '--journey', 'cart', '--reason', ' ')).rejects.toThrow('say why');
    expect(await standing(mail)).toEqual(['all', 'journey/cart', 'to/outlook.com']);
  });
});

it.each([
  [{ since: '2026-03-01', perDay: [200, 500, 1000] }, 'day 2 of 3: 120 of 500 mails'],
  [{ since: '2026-03-04', perDay: [200] }, 'begins on 2026-03-04: 120 of 200 mails'],
  [{ since: '2026-02-01', perDay: [200] }, 'over'],
])('says which day of the plan of a new domain it is, and what it has room for: %j', async (plan, said) => {
  const day = { date: '2026-03-02', mails: 120 };
  const mail = await shop((table) =>
    table.write(
      changeFlow({
        set: [
          [['plan'], plan],
          [['day'], day],
        ],
      }),
    ),
  );
  expect((await mail('status')).out).toMatch(new RegExp(`warm-up +│ ${said} `));
});

it('says that a domain has no plan, and how long a full day lasts', async () => {
  expect((await (await shop())('status')).out).toMatch(/warm-up +│ no plan/);
  const plan = { since: '2026-03-02', perDay: [200] };
  const until = '2026-03-03T00:00:00.000Z';
  const full = await shop((table) =>
    table.write(
      changeFlow({
        set: [
          [['plan'], plan],
          [['warm'], { until }],
        ],
      }),
    ),
  );
  expect((await full('status')).out).toContain(`day 1 of 1: 0 of 200 mails, full until ${until}`);
});

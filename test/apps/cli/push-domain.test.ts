import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { type PushRequest, runPush } from '#apps/cli/push/push.ts';
import type { Step } from '#shared/journey/journey.ts';
import { refusal, type Said } from '#test/shared/adapters/aws/stand-in.ts';
import { writeShop } from '../../../bench/shop.ts';
import type { Zone } from './mail/dns-server.ts';
import { RIGHT, stageDoctor } from './mail/stage-doctor.ts';
import { stageHere } from './target/stage-here.ts';

const mail = { domain: 'shop.example', sender: 'a@shop.example', configurationSet: 'tropa-prod-mail', rate: 10 };
const NO_SPF: Zone = { ...RIGHT, 'shop.example': { txt: ['v=spf1 +all'] } };
const UNKNOWN = { '/v2/email/identities/shop.example': refusal('NotFoundException', 404) };

const GREETING: Step[] = [{ type: 'send', id: 'hello', template: 'plain' }];

/** A stage that nothing was pushed to, a shop in a folder, and who says no as journeys are about to go out. */
async function stage({ facts = { mail } }: { facts?: object } = {}) {
  const here = await stageHere(onTestFinished, () => ({}), facts);
  const folder = mkdtempSync(join(tmpdir(), 'tropa-domain-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeShop(folder, 'greeting', GREETING);
  let looks = 0;
  const push = async (zone: Zone, answers: Record<string, Said> = {}, more: Partial<PushRequest> = {}) => {
    const doctor = await stageDoctor(answers, zone);
    const request = {
      folder,
      target: { stage: 'test' },
      dryRun: false,
      force: false,
      mayGo: async () => false,
      ...more,
    };
    return runPush(request, (asked) => {
      looks += 1;
      return doctor(asked);
    });
  };
  return { push, folder, here, looks: () => looks, note: () => here.objects.get('checks/domain.json') };
}

it.each<[string, Zone, Record<string, Said>]>([
  ['SPF that lets everybody send', NO_SPF, {}],
  ['keys of DKIM that are not there', { ...RIGHT, 'one._domainkey.shop.example': {} }, {}],
  ['a domain that SES does not know', RIGHT, UNKNOWN],
])('sends nothing for the first time from a domain with %s', async (_, zone, answers) => {
  const { push, note, here } = await stage();
  const asked: unknown[] = [];
  const mayGo = async (journeys: readonly string[]) => asked.push(journeys) > 0;
  const { outcome, domain } = await push(zone, answers, { mayGo });
  expect([outcome, domain?.worst, asked]).toEqual(['domain', 'bad', []]);
  expect(note()).toBeUndefined();
  expect([...here.objects.keys()]).toEqual([]);
});

it('goes on with a reason, notes it, and does not look again', async () => {
  const { push, note, looks } = await stage();
  const result = await push(NO_SPF, {}, { despite: 'the record is on its way' });
  expect([result.outcome, result.domain?.worst]).toEqual(['declined', 'bad']);
  expect(JSON.parse(note() ?? '')).toMatchObject({ domain: 'shop.example', despite: 'the record is on its way' });
  const again = await push(NO_SPF);
  expect([again.outcome, again.domain, looks()]).toEqual(['declined', undefined, 1]);
});

it('looks once at a domain that is right, and again when the stage sends from another', async () => {
  const { push, note, looks, here } = await stage();
  const advice: Zone = { ...RIGHT, '_dmarc.shop.example': { txt: ['v=DMARC1; p=none'] } };
  expect(await push(advice)).toMatchObject({ outcome: 'declined', domain: { worst: 'advice' } });
  expect(JSON.parse(note() ?? '')).not.toHaveProperty('despite');
  await push(RIGHT);
  expect(looks()).toBe(1);
  here.objects.set('checks/domain.json', (note() ?? '').replace('shop.example', 'old.example'));
  await push(RIGHT);
  expect(looks()).toBe(2);
});

it('goes on when a server fails, and looks the next time', async () => {
  const { push, note } = await stage();
  const zone: Zone = { ...RIGHT, '_spf.mailbox.example': { say: 'servfail' } };
  expect(await push(zone)).toMatchObject({ outcome: 'declined', domain: { worst: 'unknown' } });
  expect(note()).toBeUndefined();
});

it('does not look for drafts, for journeys that send nothing, in a dry run, or where the stage mails from nowhere', async () => {
  const { push, looks, folder } = await stage();
  await push(RIGHT, {}, { dryRun: true });
  writeShop(folder, 'greeting', GREETING, { status: 'draft' });
  writeShop(folder, 'quiet', [{ type: 'wait', id: 'rest', for: 'P1D' }]);
  expect(await push(NO_SPF)).toMatchObject({ outcome: 'declined' });
  expect(looks()).toBe(0);
  const old = await stage({ facts: {} });
  expect(await old.push(NO_SPF)).toMatchObject({ outcome: 'declined' });
  expect(old.looks()).toBe(0);
});

it('says who may look where the role may not, and takes a reason for it', async () => {
  const { push, note } = await stage();
  const answers = { '/v2/email/account': refusal('AccessDeniedException') };
  await expect(push(RIGHT, answers)).rejects.toThrow(/ses:GetAccount.*--despite-doctor/);
  expect(await push(RIGHT, answers, { despite: 'Ann has looked' })).toMatchObject({ outcome: 'declined' });
  expect(JSON.parse(note() ?? '')).toMatchObject({ despite: 'Ann has looked' });
});

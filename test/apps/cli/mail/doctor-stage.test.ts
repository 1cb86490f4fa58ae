import { describe, expect, it } from 'vitest';
import type { StageFacts } from '#shared/stage-facts.ts';
import { refusal, type Said } from '#test/shared/adapters/aws/stand-in.ts';
import type { Zone } from './dns-server.ts';
import { RIGHT, stageDoctor } from './stage-doctor.ts';

describe('of a stage', () => {
  async function staged(answers: Record<string, Said>, zone: Zone = RIGHT, more: Partial<StageFacts> = {}) {
    const { findings } = await (await stageDoctor(answers, zone, more))({ stage: 'prod' });
    return findings.map(({ level, about, says, records = [] }) =>
      [level, about, says, ...records.map((one) => `${one.name} ${one.type} ${one.value}`)].join(' | '),
    );
  }

  it('asks SES for the keys, and has nothing to mend', async () => {
    const lines = await staged({});
    expect(lines.filter((line) => /^(bad|unknown)/.test(line))).toEqual([]);
    expect(lines).toContain('good | DKIM | two._domainkey.shop.example leads to SES.');
    expect(lines).toContain('good | SES | SES takes 50000 mails a day; 12 have gone in the last 24 hours.');
  });

  it('gives the records of keys that are missing or lead elsewhere, of the region', async () => {
    const zone: Zone = {
      ...RIGHT,
      'one._domainkey.shop.example': { cname: 'old.example' },
      'two._domainkey.shop.example': {},
      'mail.shop.example': {},
    };
    const lines = (await staged({}, zone)).join('\n');
    expect(lines).toContain('leads to old.example. | one._domainkey.shop.example CNAME one.dkim.amazonses.com');
    expect(lines).toContain('is not there. | two._domainkey.shop.example CNAME two.dkim.amazonses.com');
    expect(lines).toContain('mail.shop.example MX 10 feedback-smtp.eu-central-1.amazonses.com');
  });

  it('knows a name that the DNS has doubled', async () => {
    const zone: Zone = {
      ...RIGHT,
      'two._domainkey.shop.example': {},
      'two._domainkey.shop.example.shop.example': { cname: 'two.dkim.amazonses.com' },
    };
    expect(await staged({}, zone)).toContainEqual(expect.stringMatching(/once more/));
  });

  it.each<[string, Record<string, Said>, RegExp]>([
    ['sandbox', { '/v2/email/account': { body: { SendingEnabled: true } } }, /^bad \| SES \| .*sandbox/],
    [
      'stopped account',
      { '/v2/email/account': { body: { ProductionAccessEnabled: true } } },
      /^bad \| SES \| The account may not send/,
    ],
    [
      'review',
      {
        '/v2/email/account': {
          body: { ProductionAccessEnabled: true, SendingEnabled: true, EnforcementStatus: 'PROBATION' },
        },
      },
      /^bad \| SES \| .*under review/,
    ],
    [
      'rate',
      {
        '/v2/email/account': {
          body: {
            ProductionAccessEnabled: true,
            SendingEnabled: true,
            SendQuota: { Max24HourSend: 200, MaxSendRate: 1, SentLast24Hours: 190 },
          },
        },
      },
      /^bad \| SES \| "sesRate" is 10/,
    ],
    [
      'unknown domain',
      { '/v2/email/identities/shop.example': refusal('NotFoundException', 404) },
      /^bad \| SES \| SES does not know shop.example/,
    ],
    [
      'no configuration set',
      { '/v2/email/configuration-sets/tropa-prod-mail': refusal('NotFoundException', 404) },
      /^bad \| SES \| There is no configuration set/,
    ],
  ])('tells of: %s', async (_, answers, line) => {
    expect(await staged(answers)).toContainEqual(expect.stringMatching(line));
  });

  it('says which right is missing', async () => {
    await expect(staged({ '/v2/email/account': refusal('AccessDeniedException') })).rejects.toThrow(
      /needs ses:GetAccount/,
    );
  });

  it('looks at where links lead', async () => {
    const lines = await staged({}, RIGHT, { publicUrl: 'https://abc.execute-api.eu-central-1.amazonaws.com' });
    expect(lines).toContainEqual(expect.stringMatching(/^advice \| Links \| .*which people do not know/));
  });
});

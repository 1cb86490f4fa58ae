import { Writable } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { doctorCommand } from '#apps/cli/commands/mail-doctor.ts';
import { systemDns } from '#apps/cli/mail/dns.ts';
import { runDoctor } from '#apps/cli/mail/doctor.ts';
import { printDoctor } from '#apps/cli/mail/print-doctor.ts';
import type { Level } from '#shared/domain/finding.ts';
import type { StageFacts } from '#shared/stage-facts.ts';
import { refusal, type Said } from '#test/shared/adapters/aws/stand-in.ts';
import { dnsServer, type Zone } from './dns-server.ts';
import { KEY, RIGHT, stageDoctor } from './stage-doctor.ts';

async function examined(zone: Zone, request = {}) {
  const { server, asked } = await dnsServer(zone);
  const dns = systemDns({ servers: [server], timeout: 150 });
  const result = await runDoctor(dns)({ domain: 'shop.example', selector: 'own', ...request });
  const of = (level: Level) =>
    result.findings.filter((one) => one.level === level).map(({ about, says }) => `${about}: ${says}`);
  return { ...result, of, asked, records: result.findings.flatMap(({ records = [] }) => records) };
}

it('finds nothing to mend in a domain that is as it should be', async () => {
  const { worst, of } = await examined(RIGHT);
  expect([...of('bad'), ...of('unknown'), ...of('advice')]).toEqual([]);
  expect(worst).toBe('good');
  expect(of('good').length).toBeGreaterThan(6);
});

const chain = (length: number): Zone =>
  Object.fromEntries(
    Array.from({ length }, (_, n) => [
      `s${n}.example`,
      { txt: [`v=spf1 ${n + 1 < length ? `include:s${n + 1}.example` : 'ip4:192.0.2.1'} -all`] },
    ]),
  );
const spf = (text: string): Zone => ({ 'shop.example': { txt: [text], mx: [[10, 'mx.mailbox.example']] } });

describe('tells what is wrong and what to set:', () => {
  it.each<[string, Zone, Level, RegExp, RegExp?]>([
    ['+all', spf('v=spf1 mx +all'), 'bad', /SPF: .*everybody may send/, /^v=spf1 mx ~all$/],
    [
      '"all" without a sign, which is +all',
      spf('v=spf1 mx all'),
      'bad',
      /SPF: .*everybody may send/,
      /^v=spf1 mx ~all$/,
    ],
    ['nothing said of others', spf('v=spf1 mx'), 'advice', /SPF: .*does not say what to think/],
    [
      'two SPF records',
      { 'shop.example': { txt: ['v=spf1 mx -all', 'v=spf1 include:x.example ~all'], mx: [[1, 'm.example']] } },
      'bad',
      /SPF: .*2 SPF records/,
      /^v=spf1 mx include:x.example -all$/,
    ],
    ['eleven lookups', { ...spf('v=spf1 include:s0.example ~all'), ...chain(11) }, 'bad', /SPF: .*takes 11 lookups/],
    [
      'an include without a record',
      spf('v=spf1 include:gone.example ~all'),
      'bad',
      /SPF: .*gone.example, which has no SPF record/,
    ],
    [
      'an include of itself',
      { ...spf('v=spf1 include:a.example ~all'), 'a.example': { txt: ['v=spf1 include:a.example ~all'] } },
      'bad',
      /SPF: .*includes itself/,
    ],
    ['a word that is none', spf('v=spf1 inlcude:a.example ~all'), 'bad', /SPF: .*"inlcude:a.example"/],
    ['no SPF', { 'shop.example': { mx: [[1, 'm.example']] } }, 'advice', /SPF: .*no SPF record/, /^v=spf1 -all$/],
    ['no DMARC', { '_dmarc.shop.example': { txt: ['hello'] } }, 'bad', /DMARC: Neither/, /^v=DMARC1; p=none; rua=/],
    [
      'DMARC twice',
      { '_dmarc.shop.example': { txt: ['v=DMARC1; p=none', 'v=DMARC1; p=reject'] } },
      'bad',
      /DMARC: .*2 records/,
    ],
    [
      'a policy with a typo',
      { '_dmarc.shop.example': { txt: ['v=DMARC1; p=qarantine'] } },
      'bad',
      /DMARC: .*p=qarantine/,
    ],
    [
      'p=none',
      { '_dmarc.shop.example': { txt: ['v=DMARC1; p=none; rua=mailto:d@shop.example'] } },
      'advice',
      /DMARC: The policy is none/,
    ],
    [
      'open names below',
      { '_dmarc.shop.example': { txt: ['v=DMARC1; p=reject; sp=none; rua=mailto:d@shop.example'] } },
      'advice',
      /DMARC: .*sp=none/,
    ],
    [
      'reports to nobody',
      { '_dmarc.shop.example': { txt: ['v=DMARC1; p=reject'] } },
      'advice',
      /DMARC: Nobody gets the reports/,
    ],
    [
      'strict alignment',
      { '_dmarc.shop.example': { txt: ['v=DMARC1; p=reject; aspf=s; rua=mailto:d@shop.example'] } },
      'advice',
      /MAIL FROM: .*aspf=s/,
    ],
    [
      'no MAIL FROM',
      { 'mail.shop.example': {} },
      'bad',
      /MAIL FROM: .*no MX records/,
      /^10 feedback-smtp\.REGION\.amazonses\.com$/,
    ],
    [
      'a second MX',
      {
        'mail.shop.example': {
          ...RIGHT['mail.shop.example'],
          mx: [
            [10, 'feedback-smtp.eu-central-1.amazonses.com'],
            [20, 'm.example'],
          ],
        },
      },
      'bad',
      /MAIL FROM: .*2 MX records/,
    ],
    [
      'bounces to another',
      {
        'mail.shop.example': {
          ...RIGHT['mail.shop.example'],
          mx: [[10, 'feedback-smtp.eu.amazonses.com.evil.example']],
        },
      },
      'bad',
      /MAIL FROM: Bounces .*evil/,
    ],
    [
      'MAIL FROM without SES',
      { 'mail.shop.example': { ...RIGHT['mail.shop.example'], txt: ['v=spf1 mx ~all'] } },
      'bad',
      /MAIL FROM: .*is not right/,
      /^v=spf1 include:amazonses.com ~all$/,
    ],
    ['no way to answer', { 'shop.example': { txt: ['v=spf1 -all'] } }, 'advice', /Replies: .*no MX/],
    ['a null MX', { 'shop.example': { txt: ['v=spf1 -all'], mx: [[0, '.']] } }, 'bad', /Replies: .*takes no mail/],
    ['no key', { 'own._domainkey.shop.example': { txt: ['v=DKIM1'] } }, 'bad', /DKIM: .*has no key/],
    ['a revoked key', { 'own._domainkey.shop.example': { txt: ['v=DKIM1; p='] } }, 'bad', /DKIM: .*revoked/],
    [
      'a short key',
      { 'own._domainkey.shop.example': { txt: [`v=DKIM1; p=${KEY.slice(0, 216)}`] } },
      'advice',
      /DKIM: .*shorter than 2048/,
    ],
  ])('%s', async (_, zone, level, says, record) => {
    const { of, records } = await examined({ ...RIGHT, ...zone });
    expect(of(level)).toContainEqual(expect.stringMatching(says));
    if (record) expect(records.map(({ value }) => value)).toContainEqual(expect.stringMatching(record));
  });

  it('ten lookups are right, also over a CNAME and a redirect', async () => {
    const { of } = await examined({
      ...RIGHT,
      ...spf('v=spf1 include:alias.example redirect=s9.example'),
      'alias.example': { cname: 's2.example' },
      ...chain(10),
    });
    expect(of('good')).toContainEqual('SPF: One SPF record, 9 of 10 lookups, ends with "-all".');
  });

  it('a name below the shop goes by the record above it, and by its sp', async () => {
    const { of } = await examined(
      { ...RIGHT, '_dmarc.shop.example': { txt: ['v=DMARC1; p=reject; sp=quarantine; rua=mailto:d@shop.example'] } },
      { domain: 'news.shop.example' },
    );
    expect(of('good')).toContainEqual('DMARC: The policy is quarantine, by the record of shop.example (sp).');
    expect(of('good')).toContainEqual(expect.stringMatching(/SPF of mail.news.shop.example counts/));
  });
});

describe('a DNS that does not answer', () => {
  it.each<['servfail' | 'refused' | 'silence' | 'garbage', RegExp]>([
    ['servfail', /the server failed/],
    ['refused', /the server refuses/],
    ['silence', /no answer in time/],
    ['garbage', /cannot be read|no answer in time/],
  ])('(%s) is never taken for a record that is missing', async (say, why) => {
    const zone = { ...RIGHT, '_dmarc.shop.example': { say }, 'mail.shop.example': { say } };
    const { worst, of, records } = await examined(zone);
    expect(of('bad')).toEqual([]);
    expect(worst).toBe('unknown');
    expect(of('unknown')).toContainEqual(expect.stringMatching(why));
    expect(of('unknown')).toContainEqual(expect.stringMatching(/^DMARC/));
    expect(records).toEqual([]);
  });

  it('is asked over TCP when an answer does not fit', async () => {
    const long = {
      txt: [['v=spf1 ', ...Array.from({ length: 60 }, (_, n) => `ip4:192.0.2.${n} `), '~all']],
      mx: [[1, 'm.example']],
    } as const;
    const { of, asked } = await examined({ ...RIGHT, 'shop.example': { ...long, say: 'truncated' } });
    expect(of('good')).toContainEqual('SPF: One SPF record, 0 of 10 lookups, ends with "~all".');
    expect(asked).toContainEqual({ name: 'shop.example', over: 'tcp' });
  });
});

describe('what others have written', () => {
  it('cannot speak to the terminal', async () => {
    const result = await examined({ ...RIGHT, ...spf('v=spf1 \u001b[2J\u001b]0;pwned\u0007\u202e ~all') });
    const printed = printDoctor(result);
    expect(printed).toContain('does not hold');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(printed.replaceAll(/\u001b\[\d+m/g, '')).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  });

  it('cannot make it ask without end', async () => {
    const fan = Object.fromEntries(
      Array.from({ length: 300 }, (_, n) => [
        `f${n}.example`,
        { txt: [`v=spf1 include:f${2 * n + 1}.example include:f${2 * n + 2}.example -all`] },
      ]),
    );
    const { of, asked } = await examined({ ...RIGHT, ...spf('v=spf1 include:f0.example ~all'), ...fan });
    expect(of('bad')).toContainEqual(expect.stringMatching(/receivers stop at 10/));
    expect(asked.length).toBeLessThan(60);
  });

  it('is followed only as far as it is a name', async () => {
    const { of } = await examined({
      ...RIGHT,
      ...spf(`v=spf1 include:${'x'.repeat(70)}.example include:%{i}.example ~all`),
    });
    expect(of('bad')).toContainEqual(expect.stringMatching(/has no SPF record/));
  });
});

it.each([
  ['https://shop.example/path', /Is shop\.example meant/],
  ['me@shop.example', /Is shop\.example meant/],
  ['shop', /Write it as/],
  ['$(reboot).example', /no domain/],
])('refuses %s, which is no domain', async (domain, says) => {
  await expect(runDoctor(systemDns())({ domain })).rejects.toThrow(says);
});

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

it.each<[Level, number]>([
  ['good', 0],
  ['advice', 0],
  ['bad', 1],
  ['unknown', 2],
])('ends by the worst that was found: %s with %i', async (worst, code) => {
  const before = process.exitCode;
  onTestFinished(() => {
    process.exitCode = before;
  });
  let said = '';
  const out = new Writable({
    write: (chunk, _, done) => {
      said += chunk;
      done();
    },
  });
  const result = { domain: 'shop.example', worst, findings: [] };
  await doctorCommand(async () => result, { out, err: out }).parseAsync(['shop.example', '--json'], { from: 'user' });
  expect(process.exitCode).toBe(code);
  expect(JSON.parse(said)).toEqual(result);
});

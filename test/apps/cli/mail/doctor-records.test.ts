import { describe, expect, it } from 'vitest';
import type { Level } from '#shared/domain/finding.ts';
import type { Zone } from './dns-server.ts';
import { chain, examined, spf } from './examined.ts';
import { KEY, RIGHT } from './stage-doctor.ts';

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

import { systemDns } from '#apps/cli/mail/dns.ts';
import { type RunDoctor, runDoctor } from '#apps/cli/mail/doctor.ts';
import type { StageFacts } from '#shared/stage-facts.ts';
import { refusal, type Said, standIn } from '#test/shared/adapters/aws/stand-in.ts';
import { dnsServer, type Zone } from './dns-server.ts';

export const KEY = 'A'.repeat(392);
/** A domain as it should be. */
export const RIGHT: Zone = {
  'shop.example': { txt: ['v=spf1 include:_spf.mailbox.example ~all'], mx: [[10, 'mx.mailbox.example']] },
  '_spf.mailbox.example': { txt: ['v=spf1 ip4:192.0.2.0/24 ~all'] },
  'mail.shop.example': {
    mx: [[10, 'feedback-smtp.eu-central-1.amazonses.com']],
    txt: ['v=spf1 include:amazonses.com ~all'],
  },
  'amazonses.com': { txt: ['v=spf1 ip4:199.255.192.0/22 -all'] },
  '_dmarc.shop.example': { txt: ['v=DMARC1; p=quarantine; rua=mailto:dmarc@shop.example'] },
  'own._domainkey.shop.example': { txt: [[`v=DKIM1; k=rsa; p=${KEY.slice(0, 200)}`, KEY.slice(200)]] },
  'one._domainkey.shop.example': { cname: 'one.dkim.amazonses.com' },
  'two._domainkey.shop.example': { cname: 'two.dkim.amazonses.com' },
};

const WELL: Record<string, Said> = {
  '/v2/email/account': {
    body: {
      ProductionAccessEnabled: true,
      SendingEnabled: true,
      EnforcementStatus: 'HEALTHY',
      SendQuota: { Max24HourSend: 50_000, MaxSendRate: 14, SentLast24Hours: 12 },
    },
  },
  '/v2/email/identities/shop.example': {
    body: {
      VerifiedForSendingStatus: true,
      DkimAttributes: { Tokens: ['one', 'two'] },
      MailFromAttributes: { MailFromDomain: 'mail.shop.example' },
    },
  },
  '/v2/email/configuration-sets/tropa-prod-mail': { body: { SendingOptions: { SendingEnabled: true } } },
};
const facts: StageFacts = {
  table: 't',
  bucket: 'b',
  queues: 'q',
  publicUrl: 'https://go.shop.example',
  mail: { domain: 'shop.example', sender: 'hello@shop.example', configurationSet: 'tropa-prod-mail', rate: 10 },
};

/** The doctor of a stage on this machine: a DNS with this zone, and an SES that has nothing against it but what is given. */
export async function stageDoctor(
  answers: Record<string, Said>,
  zone: Zone = RIGHT,
  more: Partial<StageFacts> = {},
): Promise<RunDoctor> {
  const ses = await standIn(({ path }) => ({ ...WELL, ...answers })[path] ?? refusal('NotFoundException', 404));
  const { server } = await dnsServer(zone);
  const find = async () => ({ facts: { ...facts, ...more }, options: ses.options });
  return runDoctor(systemDns({ servers: [server], timeout: 150 }), find);
}

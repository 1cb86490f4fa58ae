import { readDmarc } from './dmarc.ts';
import type { Dns } from './dns.ts';
import type { Finding } from './finding.ts';
import { judgeAccount, type MailAccount } from './judge-account.ts';
import { judgeDkim, type Keys } from './judge-dkim.ts';
import { judgeDmarc } from './judge-dmarc.ts';
import { judgeLinks } from './judge-links.ts';
import { judgeMailFrom, judgeReplies } from './judge-servers.ts';
import { judgeSpf } from './judge-spf.ts';
import { readSpf } from './spf.ts';

/** What a stage has beside the DNS of its domain. */
export type MailStage = {
  readonly account: MailAccount;
  readonly rate: number;
  readonly configurationSet: string;
  readonly publicUrl: string;
  readonly tracking: string | undefined;
  readonly region: string;
};

export type Examined = {
  readonly domain: string;
  readonly mailFrom: string;
  readonly keys: Keys;
  readonly stage?: MailStage;
};

/** All that decides whether providers take the mail of a domain, in the order in which a shop mends it. */
export async function examine({ domain, mailFrom, keys, stage }: Examined, dns: Dns): Promise<readonly Finding[]> {
  const dmarc = await readDmarc(domain, dns);
  return [
    ...(stage ? judgeAccount(domain, stage.account, stage) : []),
    ...(await judgeDkim(domain, keys, dns)),
    ...(await judgeMailFrom({ domain, mailFrom, region: stage?.region }, dmarc, dns)),
    ...judgeSpf(domain, await readSpf(domain, dns)),
    ...judgeDmarc(domain, dmarc),
    await judgeReplies(domain, dns),
    ...(stage ? await judgeLinks({ domain, ...stage }, dns) : []),
  ];
}

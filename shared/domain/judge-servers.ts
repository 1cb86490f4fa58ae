import { type DmarcAnswer, isAligned, parentsOf } from './dmarc.ts';
import { type Dns, isWithin, type MailServer, valuesOf } from './dns.ts';
import type { Finding } from './finding.ts';
import { ASK_AGAIN } from './judge-spf.ts';
import { readSpf } from './spf.ts';

/** Where the servers of SES are for a region; of any region without one. */
const feedback = (region: string | undefined): RegExp =>
  new RegExp(`^feedback-smtp\\.${region ?? '[a-z0-9-]+'}\\.amazonses\\.com\\.?$`, 'i');

/** Of the domain that bounces go to and that SPF is held against. */
export async function judgeMailFrom(
  { domain, mailFrom, region }: { domain: string; mailFrom: string; region?: string | undefined },
  dmarc: DmarcAnswer,
  dns: Dns,
): Promise<readonly Finding[]> {
  const [servers, spf] = [await dns.mx(mailFrom), await readSpf(mailFrom, dns)];
  const place = region ?? 'REGION';
  const mx = { name: mailFrom, type: 'MX' as const, value: `10 feedback-smtp.${place}.amazonses.com` };
  const txt = { name: mailFrom, type: 'TXT' as const, value: 'v=spf1 include:amazonses.com ~all' };
  const findings: Finding[] = [];
  const add = (level: Finding['level'], says: string, rest: Partial<Finding> = {}) =>
    findings.push({ about: 'MAIL FROM', level, says, ...rest });

  if (servers.is === 'unknown') add('unknown', `${mailFrom} gave no answer (${servers.why}).`, { todo: ASK_AGAIN });
  else if (valuesOf(servers).length !== 1)
    add('bad', `${mailFrom} has ${valuesOf(servers).length || 'no'} MX records; SES wants just one.`, {
      todo: 'Set this one alone:',
      records: [mx],
    });
  else if (valuesOf(servers).some(({ exchange }) => !feedback(region).test(exchange)))
    add(
      'bad',
      `Bounces to ${mailFrom} go to ${names(valuesOf(servers))}, which is not SES of ${region ?? 'any region'}.`,
      {
        todo: 'Set this instead:',
        records: [mx],
      },
    );
  else add('good', `Bounces to ${mailFrom} go to SES.`);

  for (const name of spf.unanswered) add('unknown', `The SPF record of ${name} gave no answer.`, { todo: ASK_AGAIN });
  if (spf.records.length === 1 && spf.includes.has('amazonses.com') && spf.faults.length === 0 && spf.all !== '+')
    add('good', `The SPF record of ${mailFrom} names SES.`);
  else if (spf.unanswered.length === 0)
    add('bad', `The SPF record of ${mailFrom} ${spf.records.length === 0 ? 'is not there' : 'is not right'}.`, {
      todo: 'Set this one alone:',
      records: [txt],
    });

  const organisation = dmarc.dmarc?.at ?? parentsOf(domain).at(-1) ?? domain;
  const mode = dmarc.dmarc?.tags['aspf'];
  if (isAligned(mailFrom, domain, mode, organisation))
    add('good', `SPF of ${mailFrom} counts for ${domain} under DMARC.`);
  else
    add(
      'advice',
      `SPF of ${mailFrom} does not count for ${domain} under DMARC${mode?.toLowerCase() === 's' ? ' (aspf=s)' : ''}: mails pass by DKIM alone.`,
      {
        todo: isWithin(mailFrom, domain)
          ? 'Take "aspf=s" out of the DMARC record.'
          : `Take a MAIL FROM domain below ${domain}.`,
      },
    );
  return findings;
}

/** Whether answers of people reach anybody. */
export async function judgeReplies(domain: string, dns: Dns): Promise<Finding> {
  const answer = await dns.mx(domain);
  if (answer.is === 'unknown')
    return { about: 'Replies', level: 'unknown', says: `${domain} gave no answer (${answer.why}).`, todo: ASK_AGAIN };
  const servers = valuesOf(answer);
  if (servers.length === 0)
    return {
      about: 'Replies',
      level: 'advice',
      says: `${domain} has no MX record: who answers a mail of ${domain} gets it back.`,
      todo: 'Give the domain a mailbox, or give the sender a "replyTo" elsewhere in settings.json.',
    };
  if (servers.some(({ exchange }) => exchange === '' || exchange === '.'))
    return {
      about: 'Replies',
      level: 'bad',
      says: `${domain} says by its MX record that it takes no mail. Some providers then refuse mail from it.`,
      todo: 'Give the domain a mailbox, or send from another.',
    };
  return { about: 'Replies', level: 'good', says: `Answers go to ${names(servers)}.` };
}

const names = (servers: readonly MailServer[]): string => servers.map(({ exchange }) => exchange).join(', ');

import type { DmarcAnswer } from './dmarc.ts';
import { isWithin } from './dns.ts';
import type { Finding } from './finding.ts';
import { ASK_AGAIN } from './judge-spf.ts';

const POLICIES = new Set(['none', 'quarantine', 'reject']);

export function judgeDmarc(domain: string, { dmarc, unanswered }: DmarcAnswer): readonly Finding[] {
  if (!dmarc)
    return unanswered.length > 0
      ? [{ about: 'DMARC', level: 'unknown', says: `${unanswered.join(', ')} gave no answer.`, todo: ASK_AGAIN }]
      : [
          {
            about: 'DMARC',
            level: 'bad',
            says: `Neither ${domain} nor a domain above it has a DMARC record. Gmail, Yahoo and Outlook want one of whoever sends much.`,
            todo: 'Begin with one that changes nothing and reports to you:',
            records: [start(domain)],
          },
        ];
  const { at, records, tags, policy } = dmarc;
  const name = `_dmarc.${at}`;
  const finding = (level: Finding['level'], says: string, rest: Partial<Finding> = {}): Finding => ({
    about: 'DMARC',
    level,
    says,
    ...rest,
  });
  if (records.length > 1)
    return [
      finding('bad', `${name} has ${records.length} records, and receivers then go by none.`, {
        todo: 'Delete all but one.',
      }),
    ];
  if (policy === undefined || !POLICIES.has(policy))
    return [
      finding('bad', `${name} has no policy: p=${policy ?? ''}. Receivers pass it over.`, {
        todo: 'It is none, quarantine or reject:',
        records: [start(at)],
      }),
    ];
  const where = at === domain ? '' : `, by the record of ${at}${'sp' in tags ? ' (sp)' : ''}`;
  const findings = [
    policy === 'none'
      ? finding('advice', `The policy is none${where}: mails that others send in this name are delivered.`, {
          todo: 'When the reports show that all of your own mail passes, go on to quarantine, and then to reject.',
        })
      : finding('good', `The policy is ${policy}${where}.`),
  ];
  const part = Number(tags['pct'] ?? 100);
  if (policy !== 'none' && part < 100)
    findings.push(finding('advice', `It holds for ${part} % of the mails only (pct).`, { todo: 'Take pct out.' }));
  if (policy !== 'none' && at === domain && tags['sp']?.toLowerCase() === 'none')
    findings.push(
      finding('advice', `Names below ${domain} are open to everybody (sp=none).`, {
        todo: 'Take sp out, so that the policy holds for them as well.',
      }),
    );
  findings.push(reports(domain, name, tags['rua']));
  return findings;
}

function reports(domain: string, name: string, rua: string | undefined): Finding {
  const addresses = (rua ?? '').split(',').flatMap((uri) => /^\s*mailto:[^@\s]+@([^!\s]+)/i.exec(uri)?.[1] ?? []);
  if (addresses.length === 0)
    return {
      about: 'DMARC',
      level: 'advice',
      says: `Nobody gets the reports of ${name}${rua ? `: "${rua}" is no mailto:` : ''}.`,
      todo: `Add "; rua=mailto:dmarc@${domain}" to it, with a mailbox that exists.`,
    };
  const others = addresses.filter((address) => !isWithin(address, domain) && !isWithin(domain, address));
  const elsewhere = others.length > 0 ? ` ${others.join(', ')} must say by DNS that it takes them.` : '';
  return { about: 'DMARC', level: 'good', says: `Reports go to ${addresses.length} address(es).${elsewhere}` };
}

const start = (domain: string) => ({
  name: `_dmarc.${domain}`,
  type: 'TXT' as const,
  value: `v=DMARC1; p=none; rua=mailto:dmarc@${domain}`,
});

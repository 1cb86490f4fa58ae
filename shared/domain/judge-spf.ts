import type { Finding } from './finding.ts';
import { MOST_LOOKUPS, type Spf } from './spf.ts';

const NEW = 'v=spf1 -all';

/**
 * Of the domain that people see. Mails of SES are held against the MAIL FROM domain instead, so that this record need not
 * name SES; but a broken one spoils what the shop's own mailboxes send, and an open one lets anybody use the name.
 */
export function judgeSpf(domain: string, spf: Spf): readonly Finding[] {
  const { records, lookups, all, faults, unanswered } = spf;
  const finding = (level: Finding['level'], says: string, rest: Partial<Finding> = {}): Finding => ({
    about: 'SPF',
    level,
    says,
    ...rest,
  });
  const unknown = unanswered.map((name) => finding('unknown', `${name} gave no answer.`, { todo: ASK_AGAIN }));
  const [record] = records;
  if (record === undefined)
    return unknown.length > 0
      ? unknown
      : [
          finding('advice', `${domain} has no SPF record.`, {
            todo: 'Name whoever sends mail with this domain beside SES (the mailboxes of the shop), or nobody:',
            records: [{ name: domain, type: 'TXT', value: NEW }],
          }),
        ];
  if (records.length > 1)
    return [
      finding('bad', `${domain} has ${records.length} SPF records, and receivers then go by none.`, {
        todo: 'Make one of them, and delete the others:',
        records: [{ name: domain, type: 'TXT', value: joined(records) }],
      }),
    ];
  const faulty = faults.map((fault) =>
    finding('bad', `The SPF record of ${domain} does not hold: ${fault}.`, {
      todo: `Take out what is no longer used, until it is right: "${record}"`,
    }),
  );
  if (all === '+')
    faulty.push(
      finding('bad', `The SPF record of ${domain} ends with "+all": everybody may send with this name.`, {
        todo: 'Let it end with "~all":',
        records: [{ name: domain, type: 'TXT', value: record.replace(/(^| )\+?all( |$)/i, '$1~all$2') }],
      }),
    );
  if (all === undefined || all === '?')
    faulty.push(
      finding('advice', `The SPF record of ${domain} does not say what to think of others.`, {
        todo: 'Let it end with "~all".',
      }),
    );
  if (faulty.length + unknown.length > 0) return [...faulty, ...unknown];
  return [finding('good', `One SPF record, ${lookups} of ${MOST_LOOKUPS} lookups, ends with "${all}all".`)];
}

export const ASK_AGAIN = 'Ask again later; if it stays so, ask whoever keeps the DNS.';

/** The senders of all records, and the last word of the most careful. */
function joined(records: readonly string[]): string {
  const words = records.flatMap((record) => record.split(/ +/).slice(1).filter(Boolean));
  const senders = words.filter((word) => !/^[+?~-]?all$/i.test(word));
  return ['v=spf1', ...new Set(senders), words.some((word) => /^-all$/i.test(word)) ? '-all' : '~all'].join(' ');
}

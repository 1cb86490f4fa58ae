/** A record as it is to be pasted into the DNS. */
export type DnsRecord = { readonly name: string; readonly type: 'TXT' | 'CNAME' | 'MX'; readonly value: string };

/**
 * `good` is as it should be, `advice` could be better, `bad` costs mails, and `unknown` could not be looked at.
 */
export type Level = 'good' | 'advice' | 'bad' | 'unknown';

export type Finding = {
  readonly about: 'SPF' | 'DKIM' | 'DMARC' | 'MAIL FROM' | 'Replies' | 'Links' | 'One-click' | 'SES';
  readonly level: Level;
  readonly says: string;
  /** What to do; a whole sentence. */
  readonly todo?: string;
  /** What the DNS should have. */
  readonly records?: readonly DnsRecord[];
};

const RANK: readonly Level[] = ['good', 'advice', 'unknown', 'bad'];

export const worstOf = (findings: readonly Finding[]): Level =>
  RANK[Math.max(0, ...findings.map(({ level }) => RANK.indexOf(level)))] ?? 'good';

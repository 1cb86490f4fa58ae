import { type Dns, type Found, isWithin, sameName } from './dns.ts';

/** The DMARC record that holds for a domain (RFC 7489), and where it was found. */
export type Dmarc = {
  /** The domain of the record: this one, or one above it. */
  readonly at: string;
  readonly records: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  /** Of this domain: `sp` where the record stands above it. */
  readonly policy: string | undefined;
};

export type DmarcAnswer = { readonly dmarc?: Dmarc; readonly unanswered: readonly string[] };

/** More labels than this are nobody's own domain. */
const DEEPEST = 8;

/**
 * The record of the domain itself; else of the highest domain above that has one, which stands in for a list of public
 * suffixes. A suffix that has a record itself (`psd=y`) is not the shop's.
 */
export async function readDmarc(domain: string, dns: Dns): Promise<DmarcAnswer> {
  const unanswered: string[] = [];
  let above: Dmarc | undefined;
  for (const at of [domain, ...parentsOf(domain)]) {
    const answer = await dns.txt(`_dmarc.${at}`);
    if (answer.is === 'unknown') unanswered.push(`_dmarc.${at} (${answer.why})`);
    const records = dmarcIn(answer);
    const [record] = records;
    if (record === undefined) continue;
    const tags = tagsIn(record);
    if (at !== domain && tags['psd'] === 'y') continue;
    const policy = (at === domain ? undefined : tags['sp']) ?? tags['p'];
    const found = { at, records, tags, policy: policy?.toLowerCase() };
    if (at === domain) return { dmarc: found, unanswered };
    above = found;
  }
  return { ...(above && { dmarc: above }), unanswered };
}

/** Domains above, down to two labels. */
export function parentsOf(domain: string): readonly string[] {
  const labels = domain.split('.').slice(-DEEPEST);
  return labels.slice(1, -1).map((_, index) => labels.slice(index + 1).join('.'));
}

const dmarcIn = (answer: Found<string>): readonly string[] =>
  answer.is === 'found' ? answer.values.filter((text) => /^v\s*=\s*DMARC1\s*(;|$)/.test(text)) : [];

const tagsIn = (record: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    record.split(';').flatMap((part) => {
      const at = part.indexOf('=');
      return at < 0 ? [] : [[part.slice(0, at).trim().toLowerCase(), part.slice(at + 1).trim()]];
    }),
  );

/** Whether a domain stands for another under DMARC: `s` wants the very same, otherwise both may share one above. */
export function isAligned(domain: string, visible: string, mode: string | undefined, organisation: string): boolean {
  if (mode?.toLowerCase() === 's') return sameName(domain, visible);
  return isWithin(domain, organisation) && isWithin(visible, organisation);
}

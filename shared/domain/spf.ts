import type { Dns, Found } from './dns.ts';

/**
 * What a domain's SPF record comes to, all that it includes counted (RFC 7208). Senders are not looked at one by one, so `a`
 * and `mx` count as lookups and are not followed.
 */
export type Spf = {
  /** The records that begin with "v=spf1": just one is right. */
  readonly records: readonly string[];
  readonly lookups: number;
  /** Everything that is included, at any depth. */
  readonly includes: ReadonlySet<string>;
  /** What happens to all others; undefined where the record does not say. */
  readonly all: '+' | '-' | '~' | '?' | undefined;
  /** What makes receivers give up the record. */
  readonly faults: readonly string[];
  /** Names that gave no answer to rely on. */
  readonly unanswered: readonly string[];
};

/** RFC 7208, section 4.6.4. */
export const MOST_LOOKUPS = 10;
/** A hostile chain ends here: the record is beyond mending long before. */
const FOLLOWED = 25;

type Walk = { lookups: number; includes: Set<string>; faults: string[]; unanswered: string[] };

export async function readSpf(domain: string, dns: Dns): Promise<Spf> {
  const walk: Walk = { lookups: 0, includes: new Set(), faults: [], unanswered: [] };
  const answer = await dns.txt(domain);
  const records = spfIn(answer);
  if (answer.is === 'unknown') walk.unanswered.push(`${domain} (${answer.why})`);
  const [record] = records;
  const all = records.length === 1 && record !== undefined ? await follow(record, [domain], walk, dns) : undefined;
  if (walk.lookups > MOST_LOOKUPS)
    walk.faults.push(`it takes ${walk.lookups} lookups, and receivers stop at ${MOST_LOOKUPS}`);
  return { records, all, ...walk };
}

export const spfIn = (answer: Found<string>): readonly string[] =>
  answer.is === 'found' ? answer.values.filter((text) => /^v=spf1( |$)/i.test(text)) : [];

const TERM = /^([+?~-]?)(include|a|mx|ptr|exists|ip4|ip6|all|redirect|exp)(?:[:=/](.*))?$/i;
const LOOKED_UP = new Set(['include', 'a', 'mx', 'ptr', 'exists', 'redirect']);

/** Adds what a record takes to the walk. Returns what it says of all others. */
async function follow(record: string, way: readonly string[], walk: Walk, dns: Dns): Promise<Spf['all']> {
  let redirect: string | undefined;
  for (const word of record.split(/ +/).slice(1).filter(Boolean)) {
    const [, sign = '', kind = '', value = ''] = TERM.exec(word) ?? [];
    const name = kind.toLowerCase();
    if (name === '' && !/^[a-z][\w.-]*=/i.test(word))
      walk.faults.push(`${way.at(-1)} has "${word}", which SPF does not know`);
    if (name === 'all') return signOf(sign);
    if (name === 'redirect') redirect = value;
    else if (LOOKED_UP.has(name)) walk.lookups += 1;
    if (name === 'include') await step(value, way, walk, dns);
  }
  if (redirect === undefined) return undefined;
  walk.lookups += 1;
  return step(redirect, way, walk, dns);
}

const signOf = (sign: string): Spf['all'] => (sign === '-' || sign === '~' || sign === '?' ? sign : '+');

async function step(name: string, way: readonly string[], walk: Walk, dns: Dns): Promise<Spf['all']> {
  const domain = name.toLowerCase().replace(/\.$/, '');
  // What a macro becomes depends on the mail.
  if (domain.includes('%') || walk.lookups > FOLLOWED) return undefined;
  if (way.includes(domain)) {
    walk.faults.push(`${domain} includes itself`);
    return undefined;
  }
  walk.includes.add(domain);
  const answer = await dns.txt(domain);
  if (answer.is === 'unknown') walk.unanswered.push(`${domain} (${answer.why})`);
  const [record, ...others] = spfIn(answer);
  if (answer.is !== 'unknown' && record === undefined)
    walk.faults.push(`it includes ${domain}, which has no SPF record`);
  if (others.length > 0) walk.faults.push(`it includes ${domain}, which has ${others.length + 1} SPF records`);
  return record === undefined || others.length > 0 ? undefined : follow(record, [...way, domain], walk, dns);
}

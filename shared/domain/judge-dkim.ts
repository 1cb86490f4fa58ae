import { type Dns, sameName, valuesOf } from './dns.ts';
import type { Finding } from './finding.ts';
import { ASK_AGAIN } from './judge-spf.ts';

/** Where the keys of a domain are: SES's own tokens, or one selector of somebody else. */
export type Keys =
  | { readonly by: 'ses'; readonly tokens: readonly string[]; readonly zone: string }
  | { readonly by: 'selector'; readonly selector: string }
  | { readonly by: 'nothing' };

export async function judgeDkim(domain: string, keys: Keys, dns: Dns): Promise<readonly Finding[]> {
  if (keys.by === 'ses') return Promise.all(keys.tokens.map((token) => ofToken(token, domain, keys.zone, dns)));
  if (keys.by === 'selector') return [await ofSelector(keys.selector, domain, dns)];
  return [
    {
      about: 'DKIM',
      level: 'advice',
      says: 'Not looked at: the DNS does not tell under which names the keys are.',
      todo: 'Say --stage, so that SES is asked for them, or --selector.',
    },
  ];
}

async function ofToken(token: string, domain: string, zone: string, dns: Dns): Promise<Finding> {
  const [name, value] = [`${token}._domainkey.${domain}`, `${token}.${zone}`];
  const answer = await dns.cname(name);
  if (answer.is === 'unknown')
    return { about: 'DKIM', level: 'unknown', says: `${name} gave no answer (${answer.why}).`, todo: ASK_AGAIN };
  const [target] = valuesOf(answer);
  if (target !== undefined && sameName(target, value))
    return { about: 'DKIM', level: 'good', says: `${name} leads to SES.` };
  const doubled = `${name}.${domain}`;
  const isDoubled = target === undefined && valuesOf(await dns.cname(doubled)).length > 0;
  return {
    about: 'DKIM',
    level: 'bad',
    says: `${name} ${target === undefined ? 'is not there' : `leads to ${target}`}${isDoubled ? `, and ${doubled} is: the DNS has put the domain behind it once more` : ''}.`,
    todo: isDoubled ? 'Give the name without the domain, or with a dot at its end:' : 'Set it:',
    records: [{ name, type: 'CNAME', value }],
  };
}

/** A key of 2048 bits is 294 bytes long, one of 1024 is 162. */
const WEAK = 250;

async function ofSelector(selector: string, domain: string, dns: Dns): Promise<Finding> {
  const name = `${selector}._domainkey.${domain}`;
  const answer = await dns.txt(name);
  if (answer.is === 'unknown')
    return { about: 'DKIM', level: 'unknown', says: `${name} gave no answer (${answer.why}).`, todo: ASK_AGAIN };
  const record = valuesOf(answer).find((text) => /(^|;)\s*p\s*=/.test(text));
  if (record === undefined)
    return {
      about: 'DKIM',
      level: 'bad',
      says: `${name} has no key.`,
      todo: 'Ask whoever signs for the record, and set it.',
    };
  const key = (/(?:^|;)\s*p\s*=([^;]*)/.exec(record)?.[1] ?? '').replaceAll(/\s/g, '');
  if (key === '')
    return {
      about: 'DKIM',
      level: 'bad',
      says: `The key of ${name} is revoked: p is empty.`,
      todo: 'Sign with another.',
    };
  const isWeak = !/(^|;)\s*k\s*=\s*ed25519/i.test(record) && (key.length * 3) / 4 < WEAK;
  return isWeak
    ? {
        about: 'DKIM',
        level: 'advice',
        says: `The key of ${name} is shorter than 2048 bits.`,
        todo: 'Make a longer one.',
      }
    : { about: 'DKIM', level: 'good', says: `${name} has a key.` };
}

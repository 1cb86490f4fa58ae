import { type Dns, isWithin, valuesOf } from './dns.ts';
import type { Finding } from './finding.ts';

/** Where the links of mails lead: the page to unsubscribe, and what SES puts in between to count clicks. */
export async function judgeLinks(
  { domain, publicUrl, tracking, region }: Where,
  dns: Dns,
): Promise<readonly Finding[]> {
  const isHttps = publicUrl.startsWith('https://');
  const host = /^https?:\/\/([^/:]+)/.exec(publicUrl)?.[1] ?? publicUrl;
  return [
    isHttps
      ? {
          about: 'One-click',
          level: 'good',
          says: `Marketing mail carries List-Unsubscribe (${publicUrl}/u/...) and List-Unsubscribe-Post (RFC 8058).`,
        }
      : {
          about: 'One-click',
          level: 'bad',
          says: `${publicUrl} is not https: mailbox providers do not post there.`,
          todo: 'Set "publicUrl" to an address that begins with https://.',
        },
    isWithin(host, domain)
      ? { about: 'Links', level: 'good', says: `The way out of a mail leads to ${host}, which is the shop's.` }
      : {
          about: 'Links',
          level: 'advice',
          says: `The way out of a mail leads to ${host}, which people do not know.`,
          todo: `Give the API an address below ${domain}, and name it as "publicUrl" in the stage's file.`,
        },
    await judgeTracking(tracking, region, dns),
  ];
}

type Where = {
  readonly domain: string;
  readonly publicUrl: string;
  readonly tracking: string | undefined;
  readonly region: string;
};

async function judgeTracking(tracking: string | undefined, region: string, dns: Dns): Promise<Finding> {
  if (tracking === undefined)
    return {
      about: 'Links',
      level: 'advice',
      says: 'Clicks are counted over a domain of Amazon (awstrack.me), which people do not know.',
      todo: 'Give the configuration set a custom redirect domain, if people hesitate to click.',
    };
  const answer = await dns.cname(tracking);
  if (answer.is === 'unknown')
    return { about: 'Links', level: 'unknown', says: `${tracking} gave no answer (${answer.why}).` };
  const [target] = valuesOf(answer);
  const wanted = `r.${region}.awstrack.me`;
  if (target?.toLowerCase().endsWith('.awstrack.me'))
    return { about: 'Links', level: 'good', says: `${tracking} counts clicks.` };
  // A content network in front of it is right as well, for https; nobody can tell from here.
  return target === undefined
    ? {
        about: 'Links',
        level: 'bad',
        says: `${tracking} counts clicks, and is not there: no link of a mail works.`,
        todo: 'Set it:',
        records: [{ name: tracking, type: 'CNAME', value: wanted }],
      }
    : {
        about: 'Links',
        level: 'advice',
        says: `${tracking} leads to ${target}.`,
        todo: `See that it leads on to ${wanted}.`,
      };
}

/**
 * Programs that open mails and follow links by themselves, and how they give themselves away. A list grows old: each entry
 * says where it comes from and when it was looked at.
 */

/** Who opened or clicked, as SES tells it. SES always does; of who is not told, nothing is held against them. */
export type Visitor = { readonly userAgent?: string | undefined; readonly ipAddress?: string | undefined };

type Agent = { readonly agent: RegExp; readonly who: string; readonly source: string; readonly seen: string };

const AGENTS: readonly Agent[] = [
  {
    // Nothing behind it. No browser and no mail program says so little.
    agent: /^mozilla\/5\.0$/i,
    who: "Apple's privacy proxy, which loads the images of every mail, read or not",
    source:
      'support.apple.com/guide/mail/use-mail-privacy-protection-mlhl03be2866; the agent as mail senders report it',
    seen: '2026-11',
  },
  {
    agent: /Chrome\/42\.0\.2311\.135 Safari\/537\.36 Edge\/12\.246 Mozilla\/5\.0$/,
    who: 'Gmail, loading images before the mail is shown; an open through GoogleImageProxy is a reader',
    source: 'sparkpost.com/blog/gmail-prefetching-images (2022-01-25)',
    seen: '2026-11',
  },
  {
    agent: /barracuda|proofpoint|urldefense|mimecast|ciscosecureemail|ironport|fortinet|fortimail|sophos|trend ?micro/i,
    who: 'security gateways that name themselves',
    source: 'names of the products',
    seen: '2026-11',
  },
  {
    // Cubot makes telephones.
    agent: /(?<!cu)bot\b|crawler|spider|scanner|headless|phantomjs|bingpreview/i,
    who: 'robots that name themselves, and browsers without a window',
    source: 'rfc-editor.org/rfc/rfc9309 asks robots to name themselves; developer.chrome.com/docs/chromium/headless',
    seen: '2026-11',
  },
  {
    agent: /^(curl|wget|python|aiohttp|httpx|go-http-client|java|libwww|node|axios|ruby|okhttp|apache-httpclient)\b/i,
    who: 'libraries that programs fetch pages with',
    source: 'their default agents',
    seen: '2026-11',
  },
];

type Range = { readonly range: string; readonly who: string; readonly source: string; readonly seen: string };

const RANGES: readonly Range[] = [
  {
    range: '17.0.0.0/8',
    who: "Apple's own network",
    source: 'support.apple.com/101555 (Use Apple products on enterprise networks)',
    seen: '2026-11',
  },
  {
    range: '209.222.80.0/21',
    who: 'Barracuda Email Gateway Defense',
    source: 'campus.barracuda.com/product/emailgatewaydefense/doc/96023004',
    seen: '2026-11',
  },
];

/** Whether one opening or click gives itself away as a program's. Many programs do not: see `clicks.ts`. */
export function isMachine({ userAgent, ipAddress }: Visitor): boolean {
  const agent = userAgent?.trim();
  if (agent === '') return true;
  if (agent !== undefined && AGENTS.some((one) => one.agent.test(agent))) return true;
  const address = ipAddress === undefined ? undefined : numberOf(ipAddress);
  return address !== undefined && RANGES.some(({ range }) => isIn(range, address));
}

function isIn(range: string, address: number): boolean {
  const [base = '', bits = '32'] = range.split('/');
  const size = 2 ** (32 - Number(bits));
  return Math.floor((numberOf(base) ?? -1) / size) === Math.floor(address / size);
}

/** Of an IPv4 address; undefined for any other. */
function numberOf(address: string): number | undefined {
  if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(address)) return undefined;
  return address.split('.').reduce((number, byte) => number * 256 + Number(byte), 0);
}

/** Mailbox providers that many customers are with, by a name that people know, and the domains of each. */
const DOMAINS: Readonly<Record<string, readonly string[]>> = {
  'gmail.com': ['googlemail.com'],
  'outlook.com': [
    'hotmail.com',
    'live.com',
    'msn.com',
    'hotmail.co.uk',
    'hotmail.fr',
    'hotmail.it',
    'hotmail.de',
    'outlook.de',
    'outlook.fr',
    'live.co.uk',
    'live.fr',
    'live.nl',
  ],
  'yahoo.com': [
    'ymail.com',
    'rocketmail.com',
    'yahoo.co.uk',
    'yahoo.fr',
    'yahoo.de',
    'yahoo.it',
    'yahoo.es',
    'yahoo.co.in',
    'yahoo.com.br',
    'aol.com',
  ],
  'icloud.com': ['me.com', 'mac.com'],
  'proton.me': ['protonmail.com', 'pm.me'],
  'gmx.net': ['gmx.de', 'gmx.at', 'gmx.ch', 'gmx.com', 'web.de', 'mail.com'],
  't-online.de': [],
  'comcast.net': [],
  'orange.fr': ['wanadoo.fr'],
  'free.fr': [],
  'laposte.net': [],
  'libero.it': ['virgilio.it'],
  'wp.pl': ['o2.pl', 'tlen.pl'],
  'onet.pl': ['op.pl', 'vp.pl', 'onet.eu', 'poczta.onet.pl'],
  'interia.pl': ['interia.eu', 'poczta.fm'],
  'gazeta.pl': [],
  'seznam.cz': ['email.cz', 'post.cz'],
  'ukr.net': [],
  'mail.ru': ['bk.ru', 'inbox.ru', 'list.ru', 'internet.ru'],
  'yandex.ru': ['ya.ru', 'yandex.com', 'yandex.by', 'yandex.kz'],
  'rambler.ru': [],
  'qq.com': [],
  '163.com': ['126.com'],
};

const BY_DOMAIN = new Map(
  Object.entries(DOMAINS).flatMap(([name, others]) => [name, ...others].map((domain) => [domain, name] as const)),
);

/**
 * The provider that has the mailbox. Undefined for all the others: a domain that few customers are with says nothing by
 * itself, and may say who somebody is.
 */
export const providerOf = (email: string): string | undefined =>
  BY_DOMAIN.get(email.slice(email.lastIndexOf('@') + 1).toLowerCase());

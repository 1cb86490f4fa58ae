import type { Settings } from '#shared/settings/settings.ts';
import type { Path, Source } from './parse.ts';
import { MISFIT, type Remark, remark } from './remarks.ts';

/** `hello@shop.example`, or with a name before it. */
const ADDRESS = /^(?:[^<>\r\n]+<[^\s<>@]+@[^\s<>@]+\.[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+\.[^\s<>@]+)$/;

/** A default sender, and addresses that are some. */
export function senders(settings: Settings, source: Source): Remark[] {
  const badly = (path: Path, address: string | undefined): Remark[] =>
    address === undefined || ADDRESS.test(address)
      ? []
      : [remark(MISFIT, source.at(path), `"${address}" is no address. Write "Name <name@shop.example>".`)];
  const missing = 'Mail needs a sender: "senders": { "default": { "email": "Name <name@shop.example>" } }.';
  return [
    ...(settings.senders['default']?.email === undefined ? [remark(MISFIT, source.at(['senders']), missing)] : []),
    ...Object.entries(settings.senders).flatMap(([id, { email, replyTo }]) => [
      ...badly(['senders', id, 'email'], email),
      ...badly(['senders', id, 'replyTo'], replyTo),
    ]),
  ];
}

const domainOf = (address: string): string => (/@([^\s<>@]+)>?\s*$/.exec(address)?.[1] ?? '').toLowerCase();
const bare = (address: string): string => /<([^<>]+)>/.exec(address)?.[1] ?? address;

const isOf = (email: string, domains: readonly string[]): boolean =>
  domains.some((own) => `.${domainOf(email)}`.endsWith(`.${own}`));

/** SES refuses mail from any other domain; one below a verified one is verified, too. */
export function foreign({ senders: all }: Settings, source: Source, domains: readonly string[]): Remark[] {
  return Object.entries(all).flatMap(([id, { email }]) => {
    if (email === undefined || isOf(email, domains)) return [];
    const text = `"${bare(email)}" is not a domain of yours that SES has verified. Verify it there, or write from one that is.`;
    return [remark('E44', source.at(['senders', id, 'email']), text)];
  });
}

/** Mail of a call tells of a customer: whoever runs the stage says which addresses are the shop's own people's. */
export function strangers({ endpoints }: Settings, source: Source, own: readonly string[]): Remark[] {
  return Object.entries(endpoints).flatMap(([id, endpoint]) => {
    if (!('email' in endpoint)) return [];
    const { email } = endpoint;
    if (own.includes(email.toLowerCase()) || isOf(email, own)) return [];
    const text = `"${email}" is not an address of yours. Take one of ${own[0] ?? 'your domain'}, or have it listed under "colleagues" in tropa.stage.json.`;
    return [remark('E44', source.at(['endpoints', id, 'email']), text)];
  });
}

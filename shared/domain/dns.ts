/** What the DNS says of a name: records, that there are none, or nothing that can be relied on. */
export type Found<T> =
  | { readonly is: 'found'; readonly values: readonly T[] }
  | { readonly is: 'none' }
  | { readonly is: 'unknown'; readonly why: string };

export type MailServer = { readonly exchange: string; readonly priority: number };

/** Names are asked as they are; the strings of one TXT record come as one text. Nothing throws. */
export type Dns = {
  readonly txt: (name: string) => Promise<Found<string>>;
  readonly mx: (name: string) => Promise<Found<MailServer>>;
  readonly cname: (name: string) => Promise<Found<string>>;
};

export const valuesOf = <T>(found: Found<T>): readonly T[] => (found.is === 'found' ? found.values : []);

/** Names are compared without their case and their last dot. */
export const sameName = (a: string, b: string): boolean => plain(a) === plain(b);
const plain = (name: string): string => name.toLowerCase().replace(/\.$/, '');

/** Whether a name is a domain or lies below it. */
export const isWithin = (name: string, domain: string): boolean =>
  sameName(name, domain) || plain(name).endsWith(`.${plain(domain)}`);

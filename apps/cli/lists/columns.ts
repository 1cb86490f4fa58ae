import { BadInput } from '#apps/cli/bad-input.ts';
import { didYouMean } from '#shared/publish/did-you-mean.ts';

/** What the columns of a list mean: known ones by the names that other tools give them, the rest by `--map`. */

export type ListKind = 'contacts' | 'consents' | 'suppressions';

/** A column's field, or the path of the trait that it holds; undefined: it is left out. */
export type Columns = readonly (string | undefined)[];

const WHO = {
  email: ['email', 'emailaddress', 'mail'],
  phone: ['phone', 'phonenumber', 'mobile', 'mobilephone'],
  externalId: ['externalid', 'customerid', 'userid'],
};
const FIELDS: Readonly<Record<ListKind, Readonly<Record<string, readonly string[]>>>> = {
  contacts: {
    ...WHO,
    createdAt: ['createdat', 'created', 'signupdate', 'registeredat'],
    tags: ['tags', 'tag'],
    'name.first': ['firstname', 'fname'],
    'name.last': ['lastname', 'lname', 'surname'],
    locale: ['locale', 'language'],
    timeZone: ['timezone'],
  },
  consents: {
    ...WHO,
    channel: ['channel'],
    topic: ['topic', 'topics', 'list'],
    state: ['state', 'status', 'consent'],
    at: ['at', 'date', 'time', 'timestamp', 'consentedat', 'optintime'],
    source: ['source', 'optinsource'],
    wording: ['wording'],
  },
  suppressions: { ...WHO, reason: ['reason'], at: ['at', 'date', 'time', 'timestamp'] },
};
/** A trait that a list may bring: what conditions can ask for, and no name with a blank in it, which people read and programs do not. */
const PATH = /^\p{L}[\p{L}\p{N}_-]*(\.\p{L}[\p{L}\p{N}_-]*)*$/u;
/** What `--map` says of a column that is not wanted. */
const LEFT_OUT = '-';

/** What the file of rows that could not be used has beside the list's own columns. */
export const OURS = ['row', 'error'];

const plain = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');

/** `--map "First name=name.first"`, each as a pair. Throws BadInput for one that is none. */
export function mapOf(written: readonly string[]): ReadonlyMap<string, string> {
  const pairs = written.map((one): [string, string] => {
    const at = one.lastIndexOf('=');
    if (at < 1 || at === one.length - 1)
      throw new BadInput(`--map "${one}": write a column, "=" and what it is, as --map "First name=name.first".`);
    return [one.slice(0, at).trim(), one.slice(at + 1).trim()];
  });
  return new Map(pairs);
}

/**
 * What each column of a header means. Throws BadInput for one that nobody understands: a column that is passed over
 * because its name has a slip would take what it says along.
 */
export function columnsOf(kind: ListKind, header: readonly string[], map: ReadonlyMap<string, string>): Columns {
  const stranger = [...map.keys()].find((name) => !header.includes(name));
  if (stranger !== undefined)
    throw new BadInput(`--map "${stranger}=...": there is no such column.${didYouMean(stranger, header)}`);
  const columns = header.map((name) => meaningOf(kind, name, map.get(name)));
  const twice = columns.find((meaning, i) => meaning !== undefined && columns.indexOf(meaning) < i);
  if (twice !== undefined)
    throw new BadInput(`Two columns are "${twice}". Leave one out: --map "${header[columns.lastIndexOf(twice)]}=-".`);
  return columns;
}

function meaningOf(kind: ListKind, name: string, mapped: string | undefined): string | undefined {
  if (mapped === LEFT_OUT || (mapped === undefined && OURS.includes(name))) return undefined;
  const fields = FIELDS[kind];
  const word = mapped ?? Object.keys(fields).find((field) => fields[field]?.includes(plain(name))) ?? name;
  if (Object.hasOwn(fields, word) || (kind === 'contacts' && PATH.test(word))) return word;
  const meant = didYouMean(word, Object.keys(fields));
  const example = kind === 'contacts' ? 'city' : (Object.keys(fields).at(-1) ?? '');
  throw new BadInput(
    `The column "${name}" is not known here.${meant} Say what it is, --map "${name}=${example}", or leave it out: --map "${name}=-".`,
  );
}

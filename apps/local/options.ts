import { parseArgs } from 'node:util';
import { BadInput } from '#apps/cli/bad-input.ts';
import { STOREFRONT_NAMES } from '#shared/catchup/settings.ts';
import { didYouMean } from '#shared/publish/did-you-mean.ts';
import { SOURCE_NAMES, sourceNamed } from '#shared/source/sources.ts';
import type { ToAsk } from './sweeps.ts';

export const HELP = `npm start -- [options]     Plays the sample shop's month, says what happened, and shows every mail.

  --once            play, print and exit
  --json            print the summary as one line of JSON, last on standard output
  --data DIR        keep the state there; a run that was cut off goes on where it was
  --no-sample       no sample shop: only what is posted, and what --data holds (a replay, for example)
  --journeys DIR    a folder with journeys/, templates/ and settings.json (default: the examples)
  --contacts N      customers of the sample shop (default 2000)
  --days N          of its month (default 30); with --data a later start may play on
  --seed TEXT       another shop (default birch)
  --port N          of the inbox page (default 4400)
  --calls ORIGIN    where the step "call" calls (http://localhost:9000); without it nobody is called
  --secret S=TEXT   what a storefront signs with (segment=..., stripe=...); may stand there for each
  --catch-up SHOP   asks a storefront each quarter of an hour for what webhooks have missed (shopify=https://mystore.myshopify.com
                    or woocommerce=https://shop.example); its token stands in SHOPIFY_API_TOKEN or WOOCOMMERCE_API_TOKEN
  --help`;

const OPTIONS = {
  once: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  data: { type: 'string' },
  'no-sample': { type: 'boolean', default: false },
  journeys: { type: 'string' },
  contacts: { type: 'string', default: '2000' },
  days: { type: 'string', default: '30' },
  seed: { type: 'string', default: 'birch' },
  port: { type: 'string', default: '4400' },
  calls: { type: 'string' },
  secret: { type: 'string', multiple: true },
  'catch-up': { type: 'string', multiple: true },
  help: { type: 'boolean', default: false },
} as const;

/** What `npm start` is asked to do. */
export type StartOptions = {
  readonly once: boolean;
  readonly json: boolean;
  readonly data: string | undefined;
  readonly sample: boolean;
  /** As it was given; without it the folder that `data` was made with, or else the examples. */
  readonly journeys: string | undefined;
  readonly contacts: number;
  /** How much of the month is played. */
  readonly days: number;
  readonly seed: string;
  /** 0 for any that is free. */
  readonly port: number;
  /** The server that stands in for all endpoints. */
  readonly calls: string | undefined;
  /** What storefronts sign with, by source. */
  readonly secrets: ReadonlyMap<string, string>;
  /** Whom to ask for what webhooks have missed. */
  readonly catchUp: readonly ToAsk[];
};

const MOST_CONTACTS = 1_000_000;
const MONTH = 30;

/** Reads the words behind `npm start --`; undefined when they ask for help. Throws BadInput for what makes no sense. */
export function startOptions(words: readonly string[]): StartOptions | undefined {
  const { help, 'no-sample': noSample, contacts, days, port, ...given } = valuesOf(words);
  if (help) return undefined;
  return {
    once: given.once,
    json: given.json,
    data: named('data', given.data),
    sample: !noSample,
    journeys: named('journeys', given.journeys),
    seed: given.seed,
    contacts: whole('contacts', contacts, 1, MOST_CONTACTS),
    days: whole('days', days, 1, MONTH),
    port: whole('port', port, 0, 65_535),
    calls: origin('calls', given.calls),
    secrets: new Map((given.secret ?? []).map(secretOf)),
    catchUp: (given['catch-up'] ?? []).map(toAsk),
  };
}

function valuesOf(words: readonly string[]) {
  try {
    return parseArgs({ options: OPTIONS, args: [...words] }).values;
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || !String(error.code).startsWith('ERR_PARSE_ARGS'))
      throw error;
    throw new BadInput(`${sentenceOf(error)} "npm start -- --help" lists the options.`, { cause: error });
  }
}

/** Node's own words, as far as they help. */
function sentenceOf({ message }: Error): string {
  const unknown = /^Unknown option '(--?[^']*)'/.exec(message)?.[1];
  const meant = unknown === undefined ? '' : didYouMean(unknown.replace(/^-+/, ''), Object.keys(OPTIONS));
  if (unknown !== undefined) return `There is no option ${unknown}.${meant.replace('"', '"--')}`;
  const lacking = /^Option '(?:-\w, )?(--[a-z-]+)/.exec(message)?.[1];
  const takesNone = message.includes('does not take an argument');
  if (lacking !== undefined)
    return takesNone ? `${lacking} stands alone, without a value.` : `${lacking} needs a value.`;
  const word = /^Unexpected argument '([^']*)'/.exec(message)?.[1];
  return word === undefined
    ? message
    : `"${word}" belongs to no option. Options stand after "--", since npm takes others for its own: npm start -- --journeys DIR.`;
}

function named(option: string, value: string | undefined): string | undefined {
  if (value?.trim() === '') throw new BadInput(`--${option} needs the name of a folder.`);
  return value;
}

function origin(option: string, value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url && /^https?:$/.test(url.protocol) && url.pathname === '/') return url.origin;
  throw new BadInput(`--${option} is the address of a server, as http://localhost:9000; "${value}" is none.`);
}

/** The shop's own events have a secret of their own. */
const SIGNING = SOURCE_NAMES.filter((name) => name !== 'generic');

function secretOf(written: string): [source: string, secret: string] {
  const [, source = '', secret = ''] = /^([^=]*)=(.*)$/s.exec(written) ?? [];
  if (SIGNING.includes(source) && secret.trim() !== '') return [source, proving(source, secret.trim())];
  const sources = SIGNING.map((name) => `"${name}="`).join(', ');
  throw new BadInput(
    `--secret begins with one of ${sources}, and then has the secret; "${source || written}" is none.`,
  );
}

/** When does not matter: whether a secret could prove anything is asked first. */
const ANY_TIME = '2000-01-01T00:00:00.000Z';

/** The secret. Throws BadInput for one by which its source would take nothing. */
function proving(source: string, secret: string): string {
  const verdict = sourceNamed(source)?.scheme.verify({}, new Uint8Array(), [secret], ANY_TIME);
  if (verdict !== 'no-secret') return secret;
  throw new BadInput(
    `--secret ${source}=...: what is so short could be guessed, and ${source} would be refused with 503. Give 16 characters or more, here and there.`,
  );
}

function toAsk(written: string): ToAsk {
  const [named, url = ''] = written.split(/=(.*)/s);
  const name = STOREFRONT_NAMES.find((one) => one === named);
  if (name && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol))
    return { name, url: url.replace(/\/+$/, '') };
  throw new BadInput(`--catch-up names a storefront and where it lies, as shopify=https://mystore.myshopify.com.`);
}

function whole(option: string, written: string, least: number, most: number): number {
  const number = /^\d{1,9}$/.test(written) ? Number(written) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new BadInput(
    `--${option} is a whole number from ${least} to ${most.toLocaleString('en')}; "${written}" is none.`,
  );
}

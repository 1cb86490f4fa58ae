import { createHash } from 'node:crypto';
import { isZone } from '#apps/cli/replay/moment.ts';
import { coerce } from '#shared/contact/coerce.ts';
import { isDerived } from '#shared/contact/derived.ts';
import { identitiesOf } from '#shared/contact/identity.ts';
import {
  type Channel,
  type Consent,
  channelSchema,
  type Event,
  postedIdentitiesSchema,
  tagSchema,
} from '#shared/event/event.ts';
import { isLocale } from '#shared/locale.ts';
import { ownOf } from '#shared/own-of.ts';
import { didYouMean } from '#shared/publish/did-you-mean.ts';
import { kindOfTopic, type Settings } from '#shared/settings/settings.ts';
import type { SuppressionReason } from '#shared/store/suppressions.ts';
import { earlierOf, type Instant } from '#shared/time/instant.ts';
import type { ListKind } from './columns.ts';

/** What a row of a list says, decided without asking anything. */

export type Suppressed = {
  readonly kind: 'email' | 'phone';
  readonly hash: string;
  readonly reason: SuppressionReason;
  readonly at: Instant;
};
/** `reason` counts alike what is alike; `text` says what is wrong with this one and how to mend it. */
export type Problem = { readonly reason: string; readonly text: string };
export type Usable = { readonly events: readonly Event[] } | { readonly suppressed: readonly Suppressed[] };
export type Said = Usable | Problem;

/** The values of a row by what its columns mean; empty ones are not there. */
export type Cells = Readonly<Record<string, string>>;

export type Reading = {
  readonly settings: Settings;
  readonly now: Instant;
  /** What a row does not say for itself. */
  readonly usual: Cells;
  /** When what the list says of contacts was so. */
  readonly asOf: Instant;
  readonly timeOf: (text: string) => Instant | undefined;
  /** When a day begins and when it is over, of a time without a clock; else that time. */
  readonly boundsOf: (text: string) => { readonly from: Instant; readonly to: Instant } | undefined;
};

export const isProblem = (said: Said): said is Problem => 'reason' in said;

const problem = (reason: string, text: string): Problem => ({ reason, text });

export const READERS: Readonly<Record<ListKind, (cells: Cells, reading: Reading) => Said>> = {
  contacts: contact,
  consents: consent,
  suppressions: suppression,
};

const WHO = ['email', 'phone', 'externalId'] as const;

function whoIn(cells: Cells): Event['identities'] | Problem {
  const named = WHO.flatMap((kind) => (cells[kind] === undefined ? [] : [[kind, cells[kind]] as const]));
  if (named.length === 0) return problem('nobody', 'There is no e-mail address, phone number or external id.');
  const { data, error } = postedIdentitiesSchema.safeParse(Object.fromEntries(named));
  if (data) return data;
  const [kind = ''] = error.issues[0]?.path.map(String) ?? [];
  return problem(`bad-${kind}`, `"${cells[kind]}" is no right ${kind}: ${error.issues[0]?.message}.`);
}

const isRefusal = (who: Event['identities'] | Problem): who is Problem => 'reason' in who;

/** The same row of the same list, or of one that was mended, is the same event. */
function idOf(...what: readonly unknown[]): string {
  return `import-${createHash('sha256').update(JSON.stringify(what)).digest('hex').slice(0, 32)}`;
}

const NO_TRAITS: ReadonlySet<string> = new Set([...WHO, 'createdAt', 'tags']);
const PAST = { source: 'import', historic: true, data: {} } as const;

function contact(cells: Cells, { settings, asOf, timeOf, now }: Reading): Said {
  const identities = whoIn(cells);
  if (isRefusal(identities)) return identities;
  const { createdAt, tags: tagged } = cells;
  const traits = Object.entries(cells).filter(([field]) => !NO_TRAITS.has(field));
  const tags = (tagged ?? '')
    .split(/[;|,]/)
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '');
  if (tags.length > 20 || tags.some((tag) => !tagSchema.safeParse(tag).success))
    return problem('bad-tag', 'Tags are parted by ";": 20 at most, each of 60 letters at most.');
  const since = createdAt === undefined ? undefined : timeOf(createdAt);
  if (createdAt !== undefined && (since === undefined || since > now)) return badTime('createdAt', createdAt);
  const values: Record<string, string> = {};
  for (const [path, written] of traits) {
    const value = traitOf(path, written, settings, timeOf);
    if (typeof value !== 'string') return value;
    values[path] = value;
  }
  const known: Event = {
    ...{ ...PAST, id: idOf('contact', identities, values, tags), type: 'contact.imported', at: asOf },
    ...{ identities, traits: values },
    ...(tags.length > 0 && { tags }),
  };
  if (since === undefined) return { events: [known] };
  return {
    events: [{ ...PAST, id: idOf('registration', identities), type: 'registration', at: since, identities }, known],
  };
}

function traitOf(path: string, written: string, settings: Settings, timeOf: Reading['timeOf']): string | Problem {
  if (isDerived(settings, path))
    return problem('reckoned', `"${path}" is reckoned from events. Leave the column out: --map "...=-".`);
  if (path === 'timeZone' && !isZone(written))
    return problem('bad-time-zone', `"${written}" is no time zone, as "Europe/Warsaw".`);
  if (path === 'locale' && !isLocale(written.replaceAll('_', '-')))
    return problem('bad-locale', `"${written}" is no language, as "pl" or "pt-BR".`);
  if (path === 'locale') return written.replaceAll('_', '-');
  const declared = ownOf(settings.traits, path);
  const fits = (value: string) => coerce(settings, path, value) !== undefined;
  if (fits(written)) return written;
  const day = declared === 'date' ? timeOf(written)?.slice(0, 10) : undefined;
  if (day !== undefined) return day;
  const how = declared === 'date' ? ' Write 1990-12-31, or say how dates are written: --dates day/month/year.' : '';
  return problem(
    'bad-value',
    `"${written}" in "${path}" is no ${String(declared ?? 'text of 300 letters at most')}.${how}`,
  );
}

const STATES: Readonly<Record<string, Consent['state']>> = {
  ...{ granted: 'granted', subscribed: 'granted', yes: 'granted', true: 'granted', '1': 'granted' },
  ...{ denied: 'denied', unsubscribed: 'denied', no: 'denied', false: 'denied', '0': 'denied' },
};

function consent(row: Cells, { settings, now, usual, boundsOf }: Reading): Said {
  const identities = whoIn(row);
  if (isRefusal(identities)) return identities;
  const {
    channel: named = 'email',
    wording = '',
    state: word = '',
    at: written,
    source,
    topic = '',
  } = { ...usual, ...row };
  const state = ownOf(STATES, word.toLowerCase());
  if (state === undefined)
    return problem('bad-state', `"${word}" is neither "granted" nor "denied". Say it in a column, or by --state.`);
  const channel = channelSchema.safeParse(named.toLowerCase()).data;
  if (channel === undefined) return problem('bad-channel', `There is no channel "${named}": email, sms, push, ...`);
  const bounds = written === undefined ? undefined : boundsOf(written);
  if (bounds === undefined || bounds.from > now) return badTime('at', written ?? '');
  // Of a day nobody knows what came first: a yes counts from its beginning, and a no until its end.
  const said = state === 'granted' ? bounds.from : bounds.to;
  if (source === undefined)
    return problem('no-source', 'Where was this consent given? Say it in a column "source", or by --source.');
  const topics = topic
    .split(/[;|]/)
    .map((one) => one.trim())
    .filter((one) => one !== '');
  if (topics.length === 0) return problem('no-topic', 'For what? Say it in a column "topic", or by --topic.');
  const stranger = topics.find((one) => !isOffered(one, settings));
  if (stranger !== undefined) return problem('no-such-topic', noTopic(stranger, settings));
  const consents = topics.map((one) => stated(channel, one, { state, at: said, source, wording }));
  const id = idOf('consents', identities, consents);
  const at = earlierOf(said, now);
  // What the shop has on file is not asked for again.
  const onFile = consents.map((one) => ({ ...one, at, ...(state === 'granted' && { confirmed: at }) }));
  return {
    events: [{ ...PAST, id, type: 'consent.imported', at, identities, consents: onFile }],
  };
}

const stated = (channel: Channel, topic: string, rest: Omit<Consent, 'channel' | 'topic'>): Consent => ({
  ...{ channel, topic },
  ...rest,
  source: rest.source.slice(0, 100),
  wording: rest.wording.slice(0, 1000),
});

const isOffered = (topic: string, settings: Settings): boolean =>
  topic === 'marketing' ||
  (ownOf(settings.topics, topic) !== undefined && kindOfTopic(settings, topic) === 'marketing');

function noTopic(topic: string, settings: Settings): string {
  const known = ['marketing', ...Object.keys(settings.topics).filter((one) => isOffered(one, settings))];
  if (ownOf(settings.topics, topic)) return `"${topic}" is about orders and the like, which goes without consent.`;
  return `There is no topic "${topic}".${didYouMean(topic, known)} There are: ${known.join(', ')}.`;
}

function suppression(row: Cells, { now, usual, timeOf }: Reading): Said {
  const identities = whoIn(row);
  if (isRefusal(identities)) return identities;
  const { reason: why = '', at: written } = { ...usual, ...row };
  const said = why.toLowerCase();
  if (/unsub|opt.?out/.test(said))
    return problem(
      'unsubscribed',
      'Who has unsubscribed gets no advertising, but mails on their orders: "tropa import consents", with state "denied".',
    );
  const at = written === undefined ? now : timeOf(written);
  if (at === undefined || at > now) return badTime('at', written ?? '');
  const reason: SuppressionReason = /bounce|cleaned|invalid/.test(said)
    ? 'bounced'
    : /compl|spam|abuse/.test(said)
      ? 'complained'
      : 'imported';
  const suppressed = identitiesOf(identities).flatMap(({ kind, hash }): Suppressed[] =>
    kind === 'email' || kind === 'phone' ? [{ kind, hash, reason, at }] : [],
  );
  return suppressed.length > 0 ? { suppressed } : problem('no-address', 'There is no e-mail address or phone number.');
}

const badTime = (column: string, written: string): Problem =>
  problem(
    'bad-time',
    `"${written}" in "${column}" is no time in the past. Write 2026-03-31 or 2026-03-31T10:00Z, or say how dates are written: --dates day/month/year.`,
  );

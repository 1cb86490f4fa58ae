import { type Channel, type Consent, channelSchema } from '#shared/event/event.ts';
import { ownOf } from '#shared/own-of.ts';
import { didYouMean } from '#shared/publish/did-you-mean.ts';
import { kindOfTopic, type Settings } from '#shared/settings/settings.ts';
import { earlierOf } from '#shared/time/instant.ts';
import { badTime, type Cells, idOf, isRefusal, PAST, problem, type Reading, type Said, whoIn } from './row.ts';

const STATES: Readonly<Record<string, Consent['state']>> = {
  ...{ granted: 'granted', subscribed: 'granted', yes: 'granted', true: 'granted', '1': 'granted' },
  ...{ denied: 'denied', unsubscribed: 'denied', no: 'denied', false: 'denied', '0': 'denied' },
};

/** What somebody has consented to or refused elsewhere. */
export function consent(row: Cells, { settings, now, usual, boundsOf }: Reading): Said {
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

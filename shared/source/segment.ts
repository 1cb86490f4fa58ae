import { derivedId } from '#shared/enrolment/ids.ts';
import type { Instant } from '#shared/time/instant.ts';
import { postedJson } from '#shared/webhook/posted-json.ts';
import { segmentKey } from '#shared/webhook/segment-key.ts';
import { factId } from './fact-id.ts';
import { known } from './known.ts';
import { moment, unreadable } from './lenient.ts';
import { atOf, consentsOf, identitiesOf, joinedIdentities, traitsOf } from './segment/person.ts';
import { type Message, messageSchema } from './segment/schema.ts';
import { tracked } from './segment/track.ts';
import type { Delivery, Source, Told } from './source.ts';

/** Messages of Segment, of RudderStack, and of the libraries that speak Segment's HTTP API (docs/segment.md). */

const MOST_MESSAGES = 1000;

type Fact = { readonly [name: string]: unknown };
/** A fact, or a word for why there is none. */
type Read = { readonly fact: Fact } | { readonly ignored: string };

/** What a message is known by: its own id, else what it says and when. */
function messageKey({ type, messageId, userId, anonymousId, event, name, properties, traits }: Message, at: string) {
  const said = [type, userId, anonymousId, at, event ?? name, properties, traits];
  return messageId ?? derivedId('message', JSON.stringify(said.map((part) => part ?? null)));
}

const NOBODY: Read = { ignored: 'it names nobody' };

function identified(message: Message): Fact {
  return { type: 'customer.updated', traits: traitsOf(message), ...consentsOf(message.traits), data: {} };
}

function viewed({ name, category, properties }: Message): Fact {
  return { type: 'page.viewed', data: { ...properties, ...known({ name, category }) } };
}

function readTrack(message: Message, at: Instant): Read | { readonly error: string } {
  if (message.event === undefined) return { error: 'Segment: a track call without the name of its event' };
  const { known: fact, order, isAboutThem, ...told } = tracked(message.event, message);
  const identities = identitiesOf(message, isAboutThem ? { email: order?.email, phone: order?.phone } : {});
  if (!identities) return NOBODY;
  const id = factId('segment', ...(fact ?? ['message', messageKey(message, at)]));
  return { fact: { id, at, identities, ...told, ...consentsOf(message.properties) } };
}

function readOther(message: Message, at: Instant): Read {
  const { type } = message;
  const joins = type === 'alias' || type === 'merge';
  if (!joins && !['identify', 'page', 'screen'].includes(type))
    return { ignored: `no journey can use "${type}" calls` };
  const identities = joins ? joinedIdentities(message) : identitiesOf(message);
  if (!identities) return NOBODY;
  const told = joins
    ? { type: 'customer.updated', data: {} }
    : type === 'identify'
      ? identified(message)
      : viewed(message);
  return { fact: { id: factId('segment', 'message', messageKey(message, at)), at, identities, ...told } };
}

function readMessage(posted: unknown, sentAt: Instant | undefined): Read | { readonly error: string } {
  const read = messageSchema.safeParse(posted);
  if (!read.success) return unreadable('Segment', read.error);
  const at = atOf(read.data, sentAt);
  if (at === undefined) return { error: 'Segment: a message without a timestamp' };
  return read.data.type === 'track' ? readTrack(read.data, at) : readOther(read.data, at);
}

const isBatch = (posted: unknown): posted is { readonly batch: readonly unknown[]; readonly sentAt?: unknown } =>
  typeof posted === 'object' && posted !== null && 'batch' in posted && Array.isArray(posted.batch);

function tell({ text }: Delivery): Told {
  const json = postedJson(text);
  if ('error' in json) return json;
  const { posted } = json;
  const messages = isBatch(posted) ? posted.batch : [posted];
  if (messages.length > MOST_MESSAGES) return { error: `Segment: a batch has at most ${MOST_MESSAGES} messages` };
  const sentAt = isBatch(posted) ? moment.parse(posted.sentAt) : undefined;
  return toldBy(messages.map((message) => ({ message, read: readMessage(message, sentAt) })));
}

/** What cannot be read stands among the others as it came, so that only it is put aside. */
function toldBy(all: readonly { message: unknown; read: ReturnType<typeof readMessage> }[]): Told {
  const facts = all.flatMap(({ message, read }) => ('fact' in read ? [read.fact] : 'error' in read ? [message] : []));
  if (facts.length === 0)
    return { ignored: all.map(({ read }) => ('ignored' in read ? read.ignored : ''))[0] ?? 'an empty batch' };
  const [only] = all;
  return all.length === 1 && only && 'error' in only.read ? only.read : { facts };
}

export const segment: Source = { scheme: segmentKey, reads: [], tell, mends: 'operator' };

import { readFileSync } from 'node:fs';
import { BadInput } from '#apps/cli/bad-input.ts';
import { readFacts, type Source, type Told } from '#shared/source/source.ts';
import { sourceNamed } from '#shared/source/sources.ts';
import type { Instant } from '#shared/time/instant.ts';
import { type Place, placeOf, type Wanted } from './place.ts';
import { type Answer, post } from './post.ts';
import type { Fresh } from './samples/sample.ts';
import { samplesOf, topicOf } from './samples.ts';

export type SendRequest = Wanted & {
  readonly source: string;
  readonly topic: string;
  readonly secret?: string | undefined;
  /** A body of the caller's own instead of the sample. */
  readonly file?: string | undefined;
  readonly email?: string | undefined;
};

/** What a delivery says, as the source itself reads it. `rejected`: why some of it is no event. */
export type Becomes = {
  readonly events: readonly { readonly id: string; readonly type: string; readonly identities: object }[];
  readonly rejected: readonly string[];
  readonly ignored?: string;
};

export type SendResult = {
  readonly url: string;
  readonly source: string;
  readonly topic: string;
  readonly email: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly answer: Answer;
  readonly becomes: Becomes;
};

export type RunSend = (request: SendRequest) => Promise<SendResult>;

/** Posts one delivery of a source, signed as the source signs. Throws BadInput. */
export const runSend =
  (now: () => Instant): RunSend =>
  async (request) => {
    const topic = topicOf(request.source, request.topic);
    const source = sourceOf(request.source);
    const place = await placeOf(request);
    if (isErasing(topic) && request.email !== undefined && !place.isLaptop) throw new BadInput(erases(request.email));
    const fresh = freshOf(now(), request.email, place);
    const samples = samplesOf(request.source);
    const given = request.file === undefined ? undefined : read(request.file);
    const body = given ?? JSON.stringify(samples.bodies[topic]?.(fresh) ?? {});
    const secret = request.secret ?? (await place.secretOf(request.source));
    const signing = { id: `sample-${fresh.number}`, now: fresh.now, body };
    const headers = { ...samples.headers(topic, fresh), ...source.scheme.sign(signing, secret) };
    const url = addressOf(place.url, request.source);
    const answer = await post(url, headers, body);
    const becomes = becomesOf(source.tell({ headers, text: body }), request.source);
    const email = given === undefined ? fresh.email : undefined;
    return { url, source: request.source, topic, email, headers, body, answer, becomes };
  };

/** A sample is as good as what the storefront itself sends. */
const isErasing = (topic: string): boolean => topic === 'customers/redact';

const erases = (email: string): string =>
  `This would erase ${email} for good. Without --email it is about nobody; who is to be erased there: tropa contact erase.`;

function sourceOf(name: string): Source {
  const source = sourceNamed(name);
  if (source) return source;
  throw new BadInput(`There is no source "${name}".`);
}

/** Mails to an address that is nobody's would bounce, and bounces cost the shop its name; SES has one that takes all. */
function freshOf(now: Instant, email: string | undefined, { isLaptop }: Place): Fresh {
  const number = Date.parse(now);
  const nobody = isLaptop ? `ada-${number}@shop.example` : `success+${number}@simulator.amazonses.com`;
  return { now, number, email: email ?? nobody };
}

/** The address of a source, unless it was given as a whole. */
export const addressOf = (url: string, source: string): string =>
  new URL(url).pathname.includes('/webhooks/') ? url : `${url}/webhooks/${source}`;

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new BadInput(`${file} cannot be read: it has to be a file with the body of a delivery, as JSON.`, { cause });
  }
}

function becomesOf(told: Told, source: string): Becomes {
  if ('ignored' in told) return { events: [], rejected: [], ignored: told.ignored };
  if ('error' in told) return { events: [], rejected: [told.error] };
  if ('privacy' in told) {
    const { id, kind, identities } = told.privacy;
    return { events: [{ id, type: `privacy.requested (${kind})`, identities }], rejected: [] };
  }
  const { events, rejected } = readFacts(told.facts, source);
  return {
    events: events.map(({ id, type, identities }) => ({ id, type, identities })),
    rejected: rejected.map(({ error }) => error),
  };
}

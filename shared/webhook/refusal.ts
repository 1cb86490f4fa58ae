import { NoSecret } from '#shared/errors.ts';
import { type HttpRequest, type HttpResponse, jsonAnswer } from '#shared/http.ts';
import type { Log, Metrics, Secrets } from '#shared/ports.ts';
import type { Instant } from '#shared/time/instant.ts';

export type SignedDeps = {
  readonly secrets: Secrets;
  readonly log: Log;
  readonly metrics: Metrics;
};

/** `no-secret`: there is none that could prove anything. */
export type Verdict = 'valid' | 'no-secret' | 'unsigned' | 'stale' | 'forged';

type Headers = HttpRequest['headers'];

/** What is signed: a request's own id, when it is sent, and its body. */
export type Signing = { readonly id: string; readonly now: Instant; readonly body: string };

/** How a sender proves who it is. Header names are lower case, as the HTTP API delivers them. */
export type Scheme = {
  /** Whether there is anything to be proved: nobody asks for a secret otherwise. */
  readonly isSigned: (headers: Headers) => boolean;
  /** Over the body as it was sent; true by any of the secrets, and in a time that does not tell how far a guess is right. */
  readonly verify: (headers: Headers, body: Uint8Array, secrets: readonly string[], now: Instant) => Verdict;
  /** The headers by which a sender who knows the secret proves a request. */
  readonly sign: (request: Signing, secret: string) => Readonly<Record<string, string>>;
};

export type Signed = Pick<HttpRequest, 'headers'> & {
  /** As the sender has sent it. */
  readonly body: Uint8Array;
  /** By whom it comes, for logs and metrics. */
  readonly source: string;
  readonly scheme: Scheme;
  /** Of the secret that this sender signs with. */
  readonly secretId: string;
  /** By the clock that senders sign by. */
  readonly now: Instant;
};

const MOST_BYTES = 1_000_000;

/** To come again with the same: nothing of it was kept. */
export const notTaken = (): HttpResponse => jsonAnswer(503, { error: 'not taken; send it again' });

/** Why a request that has to be signed goes no further; undefined when it is signed, and not too long. */
export async function refusalOf(request: Signed, deps: SignedDeps): Promise<HttpResponse | undefined> {
  if (request.body.length > MOST_BYTES)
    return jsonAnswer(413, { error: `a request has at most ${MOST_BYTES} bytes; send smaller batches` });
  const { headers, body, source, scheme, now } = request;
  const valid = scheme.isSigned(headers) ? await secretsOf(request, deps) : undefined;
  const verdict = valid ? scheme.verify(headers, body, valid, now) : 'unsigned';
  if (verdict === 'valid') return undefined;
  deps.metrics.count('WebhookRefused', 1, { source, verdict });
  if (verdict === 'no-secret') {
    deps.log.error('a webhook secret is too short to prove anything: nothing that it signs is taken', { source });
    // It is the shop's deployment that is at fault, and the sender may come again.
    return notTaken();
  }
  return jsonAnswer(401, { error: 'the signature is missing or wrong' });
}

/** Undefined where the shop has none for this source: then nobody can have signed. */
async function secretsOf(
  { secretId, source }: Signed,
  { secrets, log }: SignedDeps,
): Promise<readonly string[] | undefined> {
  try {
    return await secrets.get(secretId);
  } catch (error) {
    if (!(error instanceof NoSecret)) throw error;
    log.error('a storefront posts, and there is no secret for it: see the page of the storefront in docs/', { source });
    return undefined;
  }
}

import { type HttpRequest, type HttpResponse, jsonAnswer } from '#shared/http.ts';
import type { Log, Metrics, Secrets } from '#shared/ports.ts';
import type { Instant } from '#shared/time/instant.ts';
import { isLongEnough, verifyStandardWebhook } from './standard-webhooks.ts';

export type SignedDeps = {
  readonly secrets: Secrets;
  /** Of the secret that senders sign with. */
  readonly secretId: string;
  readonly log: Log;
  readonly metrics: Metrics;
};

export type Signed = Pick<HttpRequest, 'headers'> & {
  /** As the sender has sent it. */
  readonly body: Uint8Array;
  /** By whom it comes, for logs and metrics. */
  readonly source: string;
  /** By the clock that senders sign by. */
  readonly now: Instant;
};

const MOST_BYTES = 1_000_000;

/** To come again with the same: nothing of it was kept. */
export const notTaken = (): HttpResponse => jsonAnswer(503, { error: 'not taken; send it again' });

/** Why a request that has to be signed goes no further; undefined when it is signed, and not too long. */
export async function refusalOf(
  { headers, body, source, now }: Signed,
  { secrets, secretId, log, metrics }: SignedDeps,
): Promise<HttpResponse | undefined> {
  if (body.length > MOST_BYTES)
    return jsonAnswer(413, { error: `a request has at most ${MOST_BYTES} bytes; send smaller batches` });
  const valid = await secrets.get(secretId);
  if (!valid.every(isLongEnough))
    log.error('a webhook secret has fewer than 24 bytes: nothing that it signs is taken', { source });
  const verdict = verifyStandardWebhook(headers, body, valid, now);
  if (verdict === 'valid') return undefined;
  metrics.count('WebhookRefused', 1, { source, verdict });
  // Without a secret it is the shop's deployment that is at fault, and the sender may come again.
  return verdict === 'no-secret' ? notTaken() : jsonAnswer(401, { error: 'the signature is missing or wrong' });
}

import type { Instant } from '#shared/time/instant.ts';
import { isLongEnough, signStandardWebhook } from '#shared/webhook/standard-webhooks.ts';
import type { Call } from './call.ts';

export type SignedRequest = { readonly headers: Readonly<Record<string, string>>; readonly body: string };

const SIGNATURE = 'webhook-signature';

/**
 * A call as it goes over the wire, signed as Standard Webhooks says (https://www.standardwebhooks.com), by each secret that
 * is valid now, so that one can be changed while calls go on. Undefined where no secret can sign.
 */
export function signedRequest(call: Call, secrets: readonly string[], now: Instant): SignedRequest | undefined {
  const body = bodyOf(call);
  const signed = secrets.filter(isLongEnough).map((secret) => signStandardWebhook(call.id, now, body, secret));
  const [first] = signed;
  if (!first) return undefined;
  const signatures = signed.map((headers) => headers[SIGNATURE]).join(' ');
  const headers = { 'content-type': 'application/json', 'user-agent': 'Tropa', ...first, [SIGNATURE]: signatures };
  return { body, headers };
}

const bodyOf = ({ queuedAt, journey, step, contact, externalId, body }: Call): string =>
  JSON.stringify({
    type: 'journey.call',
    timestamp: queuedAt,
    journey,
    step,
    contact: { id: contact, ...(externalId !== undefined && { externalId }) },
    data: body,
  });

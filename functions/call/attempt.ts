import type { Call } from '#shared/call/call.ts';
import { judgeMail, mailOfCall } from '#shared/call/mail.ts';
import { signedRequest } from '#shared/call/request.ts';
import { type CallVerdict, judgeReply } from '#shared/call/verdict.ts';
import { ownOf } from '#shared/own-of.ts';
import type { Clock, Log, Mailer, Secrets, Web } from '#shared/ports.ts';
import type { Settings } from '#shared/settings/settings.ts';
import type { Published } from '#shared/store/published.ts';

export type AttemptDeps = {
  readonly clock: Pick<Clock, 'now'>;
  readonly published: Pick<Published, 'settings'>;
  readonly web: Web;
  readonly mailer: Mailer;
  /** Who mails to colleagues come from where the settings name nobody. */
  readonly sender: string;
  readonly secrets: Secrets;
  /** What the names of the settings' secrets begin with, where they lie. */
  readonly secretPrefix: string;
  readonly log: Log;
  /** Decides about mails and sends none. */
  readonly dry?: boolean;
};

/** Tells an endpoint of the settings, as they are now, what a call says: over the web, or a colleague by mail. */
export async function attempt(given: Call, deps: AttemptDeps): Promise<CallVerdict> {
  const settings = await deps.published.settings();
  const endpoint = ownOf(settings.endpoints, given.endpoint);
  if (!endpoint) return { refused: 'no-endpoint' };
  return 'email' in endpoint ? mailed(given, endpoint.email, settings, deps) : posted(given, endpoint, deps);
}

/** Nothing that a contact is asked for: it goes to the shop's own people. */
async function mailed(given: Call, to: string, settings: Settings, deps: AttemptDeps): Promise<CallVerdict> {
  try {
    if (!deps.dry) await deps.mailer.send(mailOfCall(given, to, settings, deps.sender));
    return { ok: true, reply: {} };
  } catch (error) {
    return judgeMail(error);
  }
}

type WebEndpoint = { readonly https: string; readonly secret: string };

async function posted(given: Call, { https, secret }: WebEndpoint, deps: AttemptDeps): Promise<CallVerdict> {
  const request = signedRequest(given, await secretsOf(secret, deps), deps.clock.now());
  // Whoever stores the secret within the hour finds that nothing is lost.
  if (!request) return { again: 'no-secret' };
  return judgeReply(await deps.web.post(https, { ...request, reads: given.answer }), given.answer);
}

async function secretsOf(name: string, { secrets, secretPrefix, log }: AttemptDeps): Promise<readonly string[]> {
  try {
    return await secrets.get(`${secretPrefix}${name}`);
  } catch (error) {
    log.error('the secret of an endpoint cannot be read', { secret: name }, error);
    return [];
  }
}

import * as z from 'zod';
import type { Storefront } from '#shared/catchup/feed.ts';
import { tokenOf } from '#shared/catchup/settings.ts';
import { NoSecret } from '#shared/errors.ts';
import type { Clock, Log, Metrics, Reply, Secrets, Web } from '#shared/ports.ts';
import { postedJson } from '#shared/webhook/posted-json.ts';

export type TokenDeps = {
  readonly web: Web;
  readonly secrets: Secrets;
  /** What the names of the sources' secrets begin with. */
  readonly secretPrefix: string;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly log: Log;
  readonly metrics: Metrics;
};

const REFUSED =
  'the storefront gives this app no token: store the client ID and the secret that the app has now, and see that it is installed in the shop, and of the same organization';
const ATTEMPTS = 3;
const PAUSE = 2000;

/**
 * What a storefront is asked with: as it is stored, or what the storefront gives for it, where an app's id and secret are
 * stored. Undefined when there is none; the log says why.
 */
export async function tokenFor(storefront: Storefront, deps: TokenDeps): Promise<string | undefined> {
  const { source, exchange } = storefront;
  const stored = await storedFor(storefront, deps);
  const [id, secret] = stored?.split(/:(.*)/s) ?? [];
  if (exchange === undefined || id === undefined || secret === undefined) return stored;
  const form = new URLSearchParams({ grant_type: 'client_credentials', client_id: id, client_secret: secret });
  const reply = await exchanged(`${storefront.url}${exchange}`, form.toString(), deps);
  const token = tokenIn(reply);
  const isRefused = 'status' in reply && reply.status >= 400 && reply.status < 500 && reply.status !== 429;
  if (isRefused) deps.metrics.count('SweepRefused', 1, { source });
  const answer = 'failed' in reply ? reply.failed : reply.status;
  if (token === undefined)
    deps.log.error(isRefused ? REFUSED : 'the storefront gives no token; the next sweep asks again', {
      source,
      answer,
      said: wordIn(reply) ?? 'nothing',
    });
  return token;
}

async function storedFor({ source }: Storefront, deps: TokenDeps): Promise<string | undefined> {
  try {
    return (await deps.secrets.get(tokenOf(deps.secretPrefix, source)))[0]?.trim();
  } catch (error) {
    const isAbsent = error instanceof NoSecret;
    if (isAbsent) deps.metrics.count('SweepRefused', 1, { source });
    deps.log.error(
      isAbsent ? 'there is no token to ask the storefront with: see its page in docs/' : 'the token could not be read',
      { source },
      error,
    );
    return undefined;
  }
}

async function exchanged(url: string, body: string, { web, clock }: TokenDeps): Promise<Reply> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };
  for (let attempt = 1; ; attempt += 1) {
    const reply = await web.post(url, { headers, body, reads: true });
    const isBusy = 'failed' in reply || reply.status === 429 || reply.status >= 500;
    if (!isBusy || attempt === ATTEMPTS) return reply;
    await clock.sleep(PAUSE * attempt);
  }
}

const givenSchema = z.object({ access_token: z.string().min(1) });

/** As OAuth names errors: `app_not_installed`. */
const refusedSchema = z.object({ error: z.string().regex(/^[a-z_]{1,60}$/) });

const tokenIn = (reply: Reply): string | undefined => givenSchema.safeParse(jsonIn(reply)).data?.access_token;
const wordIn = (reply: Reply): string | undefined => refusedSchema.safeParse(jsonIn(reply)).data?.error;

function jsonIn(reply: Reply): unknown {
  const json = postedJson('body' in reply ? reply.body : '');
  return 'error' in json ? undefined : json.posted;
}

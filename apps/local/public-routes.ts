import { collect } from '#functions/collect/collect.ts';
import { ingest } from '#functions/ingest/ingest.ts';
import { respond } from '#functions/respond/respond.ts';
import { start } from '#functions/start/start.ts';
import { type FunctionName, ROUTES } from '#functions/wiring.ts';
import type { HttpRequest, HttpResponse } from '#shared/http.ts';
import { answeredArrivals } from '#shared/source/arrival.ts';
import { fromMillis } from '#shared/time/instant.ts';
import type { Route } from './routing.ts';
import { type Runtime, SOURCE_SECRETS } from './runtime.ts';

type Answer = (request: HttpRequest) => Promise<HttpResponse>;

/**
 * The routes of a deployment, each calling the use case that its function calls there. The clock stands still while
 * one works, and each counts as the Lambda call that it would be.
 */
export function publicRoutes(runtime: Runtime): readonly Route[] {
  const { deps, webhookSecretId, writeKey, clock, meter, arrivals } = runtime;
  const free = new Map<string, number>();
  // Storefronts sign by the time of the machine, wherever virtual time has come to.
  const signers = { now: () => fromMillis(Date.now()), sleep: (millis: number) => clock.sleep(millis) };
  const useCases: Partial<Record<FunctionName, Answer>> = {
    ingest: async (request) => {
      const posted = { ...deps, clock: signers, secretId: webhookSecretId, sourceSecrets: SOURCE_SECRETS };
      const answer = await ingest(request, posted);
      for (const one of answeredArrivals(request, answer)) arrivals.note(one);
      return answer;
    },
    collect: async (request) => {
      const answer = await collect(request, { ...deps, keys: [writeKey], free });
      const refused = answer.statusCode >= 400 ? answeredArrivals(request, answer, 'browser') : [];
      for (const one of refused) arrivals.note(one);
      return answer;
    },
    respond: (request) => respond(request, deps),
    start: (request) => start(request, { ...deps, signers, secretId: webhookSecretId }),
  };
  return ROUTES.map(({ method, path, function: name }) => {
    const useCase = useCases[name];
    if (!useCase) throw new Error(`nothing answers ${method} ${path} here: ${name} is not wired`);
    return {
      method,
      path,
      answer: (request) => {
        meter.count('lambda', 1);
        return clock.run(() => useCase(request));
      },
    };
  });
}

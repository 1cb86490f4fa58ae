import type { HttpRequest, HttpResponse } from '#shared/http.ts';
import { refusal } from './refusal.ts';

const LOOPBACK = /^(localhost|[a-z0-9-]+\.localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i;

/**
 * Refuses what another site asks through the browser of whoever runs this: a request under a name that is not this
 * machine's (DNS rebinding), and a form sent from elsewhere. Clients that are no browsers name no origin and are trusted.
 */
export function guarded(answer: (request: HttpRequest) => Promise<HttpResponse>): typeof answer {
  return async (request) => {
    const { host = '', origin, 'sec-fetch-site': site } = request.headers;
    const isOurs = LOOPBACK.test(host);
    const isRead = request.requestContext.http.method !== 'POST';
    const isFromHere =
      (origin === undefined || origin.toLowerCase() === `http://${host.toLowerCase()}`) &&
      (site === undefined || site === 'same-origin' || site === 'none');
    return isOurs && (isRead || isFromHere) ? answer(request) : refusal(request, 403);
  };
}

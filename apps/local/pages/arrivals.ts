import type { Runtime } from '#apps/local/runtime.ts';
import type { HttpRequest } from '#shared/http.ts';
import { whatBecame } from '#shared/store/arrived.ts';
import type { InboxDeps } from './deps.ts';

/** What has arrived after the nth: who it was only where that was asked for, by `show`. */
export async function arrivalsOf(
  { rawQueryString = '' }: HttpRequest,
  { arrivals }: Pick<Runtime, 'arrivals'>,
  { table }: Pick<InboxDeps, 'table'>,
): Promise<object> {
  const query = new URLSearchParams(rawQueryString);
  const found = await whatBecame(arrivals.since(Number(query.get('after') ?? 0) || 0), table);
  const all = found.map(({ identities, ...one }) => ({
    ...one,
    ...(query.has('show') && identities && { identities }),
  }));
  return { last: arrivals.last, arrivals: all };
}

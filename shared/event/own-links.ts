import type { Settings } from '#shared/settings/settings.ts';
import { isObject } from '#shared/store/json.ts';
import type { Json } from '#shared/store/table.ts';
import type { Event } from './event.ts';

const LINKS = ['url', 'image'];

/**
 * Of what a browser says, links and pictures of the shop's own site (`shop.url`) and its subdomains alone: whoever knows
 * the public key, that is everybody, could otherwise have the shop's mails lead elsewhere.
 */
export function withOwnLinks(event: Event, { shop }: Settings): Event {
  if (event.source !== 'browser') return event;
  const { items } = event.data;
  const data = {
    ...ownLinks(event.data, shop.url),
    ...(Array.isArray(items) && {
      items: items.map((item: Json) => (isObject(item) ? ownLinks(item, shop.url) : item)),
    }),
  };
  return { ...event, data };
}

const ownLinks = (fields: Readonly<Record<string, Json>>, site: string | undefined) =>
  Object.fromEntries(Object.entries(fields).filter(([name, value]) => !LINKS.includes(name) || isOwn(value, site)));

function isOwn(link: Json | undefined, site: string | undefined): boolean {
  if (site === undefined || typeof link !== 'string' || !URL.canParse(link)) return false;
  const home = new URL(site).hostname.replace(/^www\./, '');
  const { hostname } = new URL(link);
  return hostname === home || hostname.endsWith(`.${home}`);
}

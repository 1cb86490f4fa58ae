import { BadInput } from '#apps/cli/bad-input.ts';

const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])$/;

/** The address that a storefront posts to. Throws BadInput for one that no storefront can reach. */
export function deliveryAddress(endpoint: string, source: string): string {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (!url || !/^https?:$/.test(url.protocol))
    throw new BadInput(`"${endpoint}" is no address. Tropa's looks like https://go.shop.example`);
  if (LOOPBACK.test(url.hostname))
    throw new BadInput(
      `No storefront reaches ${url.host}: it is this machine. A tunnel gives it a public name (cloudflared tunnel --url ${url.origin}, or ngrok http ${url.port || 80}); say that with --endpoint.`,
    );
  if (url.protocol !== 'https:') throw new BadInput(`Storefronts post by https only; "${endpoint}" has none.`);
  const bare = endpoint.replace(/\/+$/, '');
  return url.pathname.includes('/webhooks/') ? bare : `${bare}/webhooks/${source}`;
}

/** A server of this machine may be asked without TLS: a shop that somebody tries things with. */
const isSafe = (url: URL): boolean => url.protocol === 'https:' || LOOPBACK.test(url.hostname);

/** The shop's name at Shopify, and where it is asked. Throws BadInput. */
export function shopifyAddress(written: string): { readonly shop: string; readonly url: string } {
  const text = written.trim().replace(/\/+$/, '');
  if (/^http:\/\//.test(text) && isSafe(new URL(text))) return { shop: new URL(text).host, url: text };
  const admin = /admin\.shopify\.com\/store\/([a-z0-9-]+)/i.exec(text)?.[1];
  const name = admin ?? /^(?:https:\/\/)?([a-z0-9][a-z0-9-]*)(?:\.myshopify\.com(?:\/.*)?)?$/i.exec(text)?.[1];
  if (name === undefined)
    throw new BadInput(
      `"${written}" is no shop of Shopify. Say the address that ends with .myshopify.com, as mystore.myshopify.com (Settings, Domains).`,
    );
  const shop = `${name.toLowerCase()}.myshopify.com`;
  return { shop, url: `https://${shop}` };
}

/** Where WordPress lies. Throws BadInput. */
export function wordpressAddress(written: string): string {
  const text = written.trim().replace(/\/+$/, '');
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol) && isSafe(url)) return text;
  throw new BadInput(
    `"${written}" is no address of a shop that can be asked: it begins with https://, as https://shop.example. By http the key could be read by everybody on the way.`,
  );
}

/** Says what is wrong with the address, undefined if Tropa answers there. */
export type Reach = (address: string) => Promise<string | undefined>;

const PATIENCE = 15_000;

/** Tropa refuses what nobody has signed, and that is how it is known. */
export const reach: Reach = async (address) => {
  try {
    const answer = await fetch(address, {
      method: 'POST',
      body: '{}',
      redirect: 'manual',
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (answer.status === 401) return undefined;
    return `${address} answers ${answer.status} and is no Tropa: what the storefront posts gets lost. Is the address right?`;
  } catch {
    return `Nobody answers at ${address}: what the storefront posts gets lost. Is Tropa deployed, or the tunnel open?`;
  }
};

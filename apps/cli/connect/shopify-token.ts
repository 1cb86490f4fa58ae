import * as z from 'zod';
import { BadInput } from '#apps/cli/bad-input.ts';
import { ask, type Reply, type Sleep } from './ask.ts';
import { plainly } from './storefront.ts';

/** An app of the Dev Dashboard, which has no token of its own. */
export type ShopifyApp = { readonly id: string; readonly secret: string };

const givenSchema = z.object({ access_token: z.string().min(1) });
const errorSchema = z.object({ error: z.string(), error_description: z.string().optional() });

/**
 * A token of an app for one shop, good for a day, which outlasts any command. Throws BadInput with what to do.
 * https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens/client-credentials-grant
 */
export async function shopifyToken(
  { id, secret }: ShopifyApp,
  shop: string,
  url: string,
  pause: Sleep,
): Promise<string> {
  const body = { grant_type: 'client_credentials', client_id: id, client_secret: secret };
  const reply = await ask({ method: 'POST', url: `${url}/admin/oauth/access_token`, headers: {}, body }, pause);
  const given = givenSchema.safeParse(reply.body);
  if (reply.status === 200 && given.success) return given.data.access_token;
  throw new BadInput(sentenceOf(reply, shop));
}

const MENDING: Readonly<Record<string, string>> = {
  shop_not_permitted:
    'the app and the shop have to belong to the same organization at Shopify: make the app in the Dev Dashboard of the one that owns the shop',
  app_not_installed: 'install the app in the shop: in the Dev Dashboard, on the page of the app',
};
const OTHERWISE =
  'compare SHOPIFY_CLIENT_ID and SHOPIFY_CLIENT_SECRET with the settings of the app in the Dev Dashboard, and see that it is installed in this shop';

function sentenceOf({ status, location, text, body }: Reply, shop: string): string {
  if (status >= 300 && status < 400 && location !== undefined)
    return `${shop} sends its visitors to ${plainly(location)}. Say the address that ends with .myshopify.com.`;
  if (status === 404)
    return `${shop} is not known to Shopify. Its address ends with .myshopify.com, whatever domain its customers see: Settings, Domains.`;
  if (status === 429 || status >= 500)
    return `Shopify answers ${status}, and gives no token for the moment. Run the command again later.`;
  const said = errorSchema.safeParse(body).data;
  if (status < 400) return `${shop} answers ${status}, which is no token of Shopify: ${plainly(text)}`;
  const words = said ? plainly([said.error, said.error_description].filter(Boolean).join(': ')) : String(status);
  const known = said && Object.hasOwn(MENDING, said.error) ? MENDING[said.error] : undefined;
  return `Shopify gives this app no token for ${shop} (it says: ${words}). So ${known ?? OTHERWISE}.`;
}

import * as z from 'zod';
import { BadInput } from '#apps/cli/bad-input.ts';
import { SHOPIFY_VERSION } from '#shared/source/shopify/version.ts';
import { ask, type Sleep } from './ask.ts';
import { plainly } from './storefront.ts';

const answerSchema = z.object({
  data: z.unknown().optional(),
  errors: z
    .union([
      z.string().transform((message) => [{ message, extensions: undefined }]),
      z.array(z.object({ message: z.string(), extensions: z.object({ code: z.string().optional() }).optional() })),
    ])
    .optional(),
});

const THROTTLED = 5;
const A_WHILE = 3000;

/** Asks a query or a mutation, and returns its data. Throws BadInput with what to do. */
export type Graphql = (query: string, variables: object) => Promise<unknown>;

export function graphqlOf(shop: string, url: string, token: string, pause: Sleep): Graphql {
  const headers = { 'x-shopify-access-token': token };
  return async (query, variables) => {
    for (let attempt = 1; ; attempt += 1) {
      const address = `${url}/admin/api/${SHOPIFY_VERSION}/graphql.json`;
      const reply = await ask({ method: 'POST', url: address, headers, body: { query, variables } }, pause);
      const read = answerSchema.safeParse(reply.body);
      const errors = (read.success && read.data.errors) || [];
      const isThrottled = errors.some(
        ({ extensions, message }) => extensions?.code === 'THROTTLED' || message === 'Throttled',
      );
      if (isThrottled && attempt < THROTTLED) await pause(A_WHILE);
      else if (reply.status !== 200 || !read.success) throw new BadInput(sentenceOf(reply, shop));
      else if (errors.length > 0) throw new BadInput(errorOf(errors, isThrottled));
      else return read.data.data;
    }
  };
}

function errorOf(
  errors: readonly { message: string; extensions?: { code?: string | undefined } | undefined }[],
  isThrottled: boolean,
): string {
  if (isThrottled) return `Shopify has too much to do for this shop at the moment. Run the command again in a minute.`;
  const said = plainly(errors.map(({ message }) => message).join('; '));
  return errors.some(({ extensions }) => extensions?.code === 'ACCESS_DENIED')
    ? `The app may not do this (Shopify says: ${said}). Give it the Admin API scopes read_orders, read_customers and read_fulfillments, and install it again.`
    : `Shopify does not understand what it was asked: ${said}. A newer version of Tropa may.`;
}

const SENTENCES: Readonly<Record<number, string>> = {
  401: 'does not know this token. Take the Admin API access token of the app (shpat_...) of this very shop; an app that was installed again has a new one.',
  402: 'is frozen: its bill at Shopify is not paid.',
  403: 'refuses this token. Is the app installed in this shop, with the Admin API scopes read_orders, read_customers and read_fulfillments?',
  404: 'is not known to Shopify. Its address ends with .myshopify.com, whatever domain its customers see: Settings, Domains.',
  422: 'does not take what it was asked.',
  423: 'is locked. Whoever owns it has to speak with Shopify.',
  429: 'has had too many requests. Run the command again in a minute: it goes on where it was.',
};

function sentenceOf(
  { status, location, text }: { status: number; location: string | undefined; text: string },
  shop: string,
) {
  if (status >= 300 && status < 400 && location !== undefined)
    return `${shop} sends its visitors to ${plainly(location)}. Say the address that ends with .myshopify.com.`;
  if (status >= 500) return `Shopify answers ${status}: it is broken for the moment. Run the command again later.`;
  return `${shop} ${SENTENCES[status] ?? `answers ${status}, which is no answer of Shopify: ${plainly(text)}`}`;
}

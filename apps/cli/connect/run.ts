import { randomBytes } from 'node:crypto';
import { BadInput } from '#apps/cli/bad-input.ts';
import { findStage } from '#apps/cli/target/stage.ts';
import { deliveryAddress, type Reach, shopifyAddress, wordpressAddress } from './address.ts';
import type { Sleep } from './ask.ts';
import { type Connected, connect, planned } from './connect.ts';
import {
  type AtStage,
  commandOf,
  knownSecret,
  type Secret,
  type SecretState,
  stateOf,
  stored,
  storedForCatchUp,
} from './secret.ts';
import { shopifyShop } from './shopify.ts';
import { type ShopifyApp, shopifyToken } from './shopify-token.ts';
import type { Storefront } from './storefront.ts';
import { woocommerceShop } from './woocommerce.ts';

/** Which shop, and what proves that one may ask it. */
export type Shop =
  | { readonly source: 'shopify'; readonly shop: string; readonly proof: { readonly token: string } | ShopifyApp }
  | { readonly source: 'woocommerce'; readonly url: string; readonly key: string; readonly secret: string };

export type ConnectRequest = {
  readonly shop: Shop;
  readonly endpoint?: string | undefined;
  readonly stage?: string | undefined;
  /** Nothing is changed anywhere. */
  readonly check: boolean;
  readonly move: boolean;
  /** What webhooks sign with. */
  readonly signing?: string | undefined;
  /** Every webhook gets the secret, since nobody can see which one it has. */
  readonly renew: boolean;
  readonly storeSecret: boolean;
};

export type ConnectResult = Connected & {
  readonly secret: SecretState;
  /** What stores the secret, where that is still to be done. */
  readonly command?: string;
  readonly unreachable?: string;
};

export type RunConnect = (request: ConnectRequest) => Promise<ConnectResult>;

export type ConnectDeps = { readonly reach: Reach; readonly sleep: Sleep };

/** Registers the webhooks of a shop, or looks at them. Throws BadInput. */
export const runConnect =
  ({ reach, sleep }: ConnectDeps): RunConnect =>
  async (request) => {
    const { shop, stage, check } = request;
    const { source } = shop;
    const at = stage === undefined ? undefined : { name: stage, stage: await findStage(stage) };
    const address = deliveryAddress(endpointOf(request.endpoint, at), source);
    const storefront = await storefrontOf(shop, sleep);
    const known = await orMadeUp(await knownSecret(source, request.signing, at), storefront, { ...request, address });
    // Before anybody signs with it, or the first webhooks would be refused.
    const secret = request.storeSecret && !check ? await stored(source, known, at) : known;
    if (request.storeSecret && !check && at && shop.source === 'shopify' && 'id' in shop.proof)
      await storedForCatchUp(source, shop.proof, at);
    const connected = await connect(storefront, {
      address,
      check,
      move: request.move,
      renew: source === 'woocommerce' && !check && (request.renew || secret.isNew),
      secret: source === 'woocommerce' ? secret.value : undefined,
    });
    const state = stateOf(secret, at);
    const unreachable = await reach(address);
    return {
      ...connected,
      secret: state,
      ...(state !== 'stored' && { command: commandOf(source, secret, stage) }),
      ...(unreachable !== undefined && { unreachable }),
    };
  };

type Work = Pick<ConnectRequest, 'check' | 'move' | 'renew'> & { readonly address: string };

/** Where WooCommerce needs a secret and nobody knows one. */
async function orMadeUp(known: Secret, storefront: Storefront, work: Work): Promise<Secret> {
  if (known.value !== undefined || storefront.source !== 'woocommerce' || work.check) return known;
  const { findings } = planned(storefront, await storefront.list(), work);
  if (findings.length === 0 && !work.renew) return known;
  return { ...known, value: randomBytes(24).toString('hex'), isNew: true };
}

async function storefrontOf(shop: Shop, sleep: Sleep): Promise<Storefront> {
  if (shop.source === 'woocommerce') return woocommerceShop(wordpressAddress(shop.url), shop.key, shop.secret, sleep);
  const { shop: name, url } = shopifyAddress(shop.shop);
  const { proof } = shop;
  const token = 'token' in proof ? proof.token : await shopifyToken(proof, name, url, sleep);
  return shopifyShop(name, url, token, sleep);
}

function endpointOf(endpoint: string | undefined, at: AtStage | undefined): string {
  const found = endpoint ?? at?.stage.facts.publicUrl;
  if (found !== undefined) return found;
  throw new BadInput(
    'Where is Tropa? Say --stage NAME for a deployed stage, or --endpoint https://... for the public name of a tunnel to the laptop.',
  );
}

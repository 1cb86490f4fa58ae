import { BadInput } from '#apps/cli/bad-input.ts';
import { type CatchUpDeps, catchUp, PAGE } from '#functions/catchup/catchup.ts';
import { SCHEDULES } from '#functions/wiring.ts';
import { PublicWeb } from '#shared/adapters/web/public-web.ts';
import type { Storefront } from '#shared/catchup/feed.ts';
import { type StorefrontName, tokenOf } from '#shared/catchup/settings.ts';
import { shopifyStorefront } from '#shared/catchup/shopify.ts';
import { woocommerceStorefront } from '#shared/catchup/woocommerce.ts';
import { fromMillis, plusMillis } from '#shared/time/instant.ts';
import { type Runtime, SOURCE_SECRETS } from './runtime.ts';

/** A storefront that is to be asked, as `--catch-up shopify=https://mystore.myshopify.com` names it. */
export type ToAsk = { readonly name: StorefrontName; readonly url: string };

const MINUTE = 60_000;

const storefrontOf = ({ name, url }: ToAsk): Storefront =>
  name === 'shopify' ? shopifyStorefront(new URL(url).hostname, undefined, url) : woocommerceStorefront(url);

const variableOf = (name: StorefrontName): string => `${name.toUpperCase()}_API_TOKEN`;

/** Not on the command line, which everybody on the machine can read. */
function tokensOf(asked: readonly ToAsk[], environment: NodeJS.ProcessEnv): ReadonlyMap<string, string> {
  return new Map(
    asked.map(({ name }) => {
      const token = environment[variableOf(name)];
      if (!token) throw new BadInput(`--catch-up ${name} needs its token in the environment: ${variableOf(name)}=...`);
      return [tokenOf(SOURCE_SECRETS, name), token];
    }),
  );
}

/** Asks storefronts at once, and then as often as a deployment does, by the time of the machine. Throws BadInput. */
export function sweeps(
  asked: readonly ToAsk[],
  environment: NodeJS.ProcessEnv,
  say: (line: string) => void,
): (runtime: Runtime) => () => void {
  const tokens = tokensOf(asked, environment);
  const storefronts = asked.map(storefrontOf);
  return ({ deps, clock }) => {
    const ports: CatchUpDeps = {
      ...deps,
      web: new PublicWeb({ trusted: storefronts.map(({ url }) => new URL(url).origin), limits: PAGE }),
      clock: { now: () => fromMillis(Date.now()), sleep: (millis) => clock.sleep(millis) },
      secrets: { get: async (name) => [tokens.get(name) ?? ''] },
      secretPrefix: SOURCE_SECRETS,
      told: new Set(),
      log: { ...deps.log, error: (message, { list = '' }) => say(`Catch-up  ${list}: ${message}`) },
    };
    const sweep = async (): Promise<void> => {
      const deadline = plusMillis(ports.clock.now(), SCHEDULES.catchup * MINUTE);
      const swept = await clock.run(() => catchUp(storefronts, deadline, ports));
      say(
        `Catch-up  ${Object.entries(swept)
          .map((one) => one.join(': '))
          .join(', ')}`,
      );
    };
    const again = setInterval(() => void sweep(), SCHEDULES.catchup * MINUTE);
    void sweep();
    return () => clearInterval(again);
  };
}

import { BadInput } from '#apps/cli/bad-input.ts';
import type { Stage } from '#apps/cli/target/stage.ts';
import { secretIn, secretName, storeSecret } from '#apps/cli/target/stage-secrets.ts';
import type { ShopifyApp } from './shopify-token.ts';

type Source = 'shopify' | 'woocommerce';

/** What webhooks sign with, as far as anybody knows it. */
export type Secret = {
  readonly value: string | undefined;
  /** It was made up just now, and nobody has it yet. */
  readonly isNew: boolean;
  /** What Tropa has on the stage; undefined where it has none, or where no stage was named. */
  readonly stored: string | undefined;
};

/** `stored`: Tropa has it. `differs`: it has another. `missing`: it has none. `unknown`: no stage was named. */
export type SecretState = 'stored' | 'differs' | 'missing' | 'unknown';

export type AtStage = { readonly name: string; readonly stage: Stage };

/** The secret that was given, else the one of the stage. */
export async function knownSecret(source: Source, given: string | undefined, at: AtStage | undefined): Promise<Secret> {
  const kept = at && (await secretIn(at.stage, secretName(at.name, source, at.stage.facts)))?.trim();
  const stored = kept === '' ? undefined : kept;
  return { value: given?.trim() ?? stored, isNew: false, stored };
}

export function stateOf({ value, stored }: Secret, at: AtStage | undefined): SecretState {
  if (!at) return 'unknown';
  if (stored === undefined) return 'missing';
  return stored === value ? 'stored' : 'differs';
}

const UNKNOWN: Readonly<Record<Source, string>> = {
  shopify:
    '--store-secret needs what the app signs with: SHOPIFY_CLIENT_SECRET in the environment. It stands among the credentials of the app.',
  woocommerce:
    'Nobody can see what the webhooks sign with. --renew-secret gives all of them a new one; --webhook-secret says the one that they have.',
};

/** Gives it to Tropa, and says what is stored now. Throws BadInput where there is nothing to store, or no stage. */
export async function stored(source: Source, secret: Secret, at: AtStage | undefined): Promise<Secret> {
  if (!at) throw new BadInput('--store-secret stores it on a stage: say --stage NAME.');
  const { value } = secret;
  if (value === undefined) throw new BadInput(UNKNOWN[source]);
  if (value !== secret.stored) await storeSecret(at.stage, secretName(at.name, source, at.stage.facts), value);
  return { ...secret, stored: value };
}

/**
 * Gives the id and the secret of an app to the sweep that asks for what webhooks have missed: it fetches its tokens by them,
 * since each is good for a day only.
 */
export async function storedForCatchUp(source: Source, { id, secret }: ShopifyApp, at: AtStage): Promise<void> {
  const name = `${secretName(at.name, source, at.stage.facts)}-api`;
  const value = `${id}:${secret}`;
  if ((await secretIn(at.stage, name))?.trim() !== value) await storeSecret(at.stage, name, value);
}

/** Where the command line looks for what webhooks sign with. */
export const SECRET_VARIABLES = {
  shopify: 'SHOPIFY_CLIENT_SECRET',
  woocommerce: 'WOOCOMMERCE_WEBHOOK_SECRET',
} as const;

/** What a person types to store it. A secret that was not made up here is not shown. */
export function commandOf(source: Source, { value, isNew, stored: kept }: Secret, stage = 'prod'): string {
  const name = `tropa-${stage}-source-${source}`;
  const text = isNew ? `'${value}'` : `"$${SECRET_VARIABLES[source]}"`;
  return kept === undefined
    ? `aws secretsmanager create-secret --name ${name} --secret-string ${text}`
    : `aws secretsmanager put-secret-value --secret-id ${name} --secret-string ${text}`;
}

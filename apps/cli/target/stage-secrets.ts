import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { BadInput } from '#apps/cli/bad-input.ts';
import { AwsError } from '#shared/adapters/aws/api-errors.ts';
import { jsonApi } from '#shared/adapters/aws/json-api.ts';
import type { StageFacts } from '#shared/stage-facts.ts';
import type { Stage } from './stage.ts';

/** The name or ARN of what a source signs with on a stage. Throws BadInput where the stage does not say. */
export function secretName(
  stage: string,
  source: string,
  { webhookSecret }: Pick<StageFacts, 'webhookSecret'>,
): string {
  if (source !== 'generic') return `tropa-${stage}-source-${source}`;
  if (webhookSecret !== undefined) return webhookSecret;
  throw new BadInput(
    `The stage "${stage}" does not say where its secret lies. Deploy it again, or say --secret: it is the value of the output WebhookSecretArn.`,
  );
}

const answerSchema = z.object({ SecretString: z.string().optional() });

/** What is stored under a name. Throws BadInput where nothing is, or where it may not be read. */
export async function storedSecret(stage: Stage, name: string): Promise<string> {
  const secret = await secretIn(stage, name);
  if (secret !== undefined) return secret.trim();
  throw new BadInput(
    `There is no secret ${name}: nothing of this source is taken. Store what it signs with: aws secretsmanager create-secret --name ${name} --secret-string '...'`,
  );
}

/** The same; undefined where nothing is stored. */
export async function secretIn({ options }: Stage, name: string): Promise<string | undefined> {
  try {
    const answer = await jsonApi('secretsmanager', options)('GetSecretValue', { SecretId: name });
    return answerSchema.parse(answer).SecretString;
  } catch (error) {
    if (error instanceof AwsError && error.name === 'ResourceNotFoundException') return undefined;
    throw refusal(error, 'read', name, 'secretsmanager:GetSecretValue');
  }
}

/** Puts a value under a name, which need not be there yet. Throws BadInput where the caller may not. */
export async function storeSecret({ options }: Stage, name: string, value: string): Promise<void> {
  const call = jsonApi('secretsmanager', options);
  try {
    await call('CreateSecret', { Name: name, SecretString: value, ClientRequestToken: randomUUID() });
  } catch (error) {
    if (!(error instanceof AwsError) || error.name !== 'ResourceExistsException')
      throw refusal(error, 'make', name, 'secretsmanager:CreateSecret');
    await call('PutSecretValue', { SecretId: name, SecretString: value, ClientRequestToken: randomUUID() }).catch(
      (cause) => {
        throw refusal(cause, 'change', name, 'secretsmanager:PutSecretValue');
      },
    );
  }
}

/** In words, if it is the caller's role that is at fault. */
const refusal = (error: unknown, verb: string, name: string, right: string): unknown =>
  error instanceof AwsError && error.name === 'AccessDeniedException'
    ? new BadInput(`This role may not ${verb} the secret ${name}: it needs ${right}.`, { cause: error })
    : error;

import * as z from 'zod';
import { BadInput } from '#apps/cli/bad-input.ts';
import { type ApiOptions, AwsApi } from '#shared/adapters/aws/api.ts';
import { AwsError } from '#shared/adapters/aws/api-errors.ts';
import { S3Bucket } from '#shared/adapters/aws/bucket.ts';
import { EventBridgeBus } from '#shared/adapters/aws/bus.ts';
import { systemClock } from '#shared/adapters/aws/clock.ts';
import { dynamoApi } from '#shared/adapters/aws/dynamo-api.ts';
import { jsonApi } from '#shared/adapters/aws/json-api.ts';
import { DynamoTable } from '#shared/adapters/aws/table.ts';
import { putEvents } from '#shared/event/put.ts';
import { type StageFacts, stageFactsSchema, stageParameter } from '#shared/stage-facts.ts';
import { Published } from '#shared/store/published.ts';
import { findCredentials, findRegion } from './credentials.ts';
import type { OpenTarget } from './open.ts';

/** A stage of the account that the AWS CLI would speak to, and how to speak to it. */
export type Stage = { readonly facts: StageFacts; readonly options: ApiOptions };

const answerSchema = z.object({ Parameter: z.object({ Value: z.string() }) });

/** Throws BadInput when there are no credentials, or no such stage. */
export async function findStage(stage: string): Promise<Stage> {
  const credentials = findCredentials();
  const options: ApiOptions = { region: findRegion(), credentials: () => credentials, timeout: 15_000 };
  const answer = await jsonApi('ssm', options)('GetParameter', { Name: stageParameter(stage) }).catch((error) => {
    throw unreachable(stage, error, options);
  });
  return { facts: stageFactsSchema.parse(JSON.parse(answerSchema.parse(answer).Parameter.Value)), options };
}

/** The state of a stage. Every call may be refused: what a command may do is what the caller's role may. */
export async function openStage(stage: string): Promise<OpenTarget> {
  const { facts, options } = await findStage(stage);
  const table = new DynamoTable(facts.table, systemClock, dynamoApi(options));
  const bucket = new S3Bucket(facts.bucket, new AwsApi('s3', { ...options, subdomain: facts.bucket }));
  return {
    name: `bucket ${facts.bucket}`,
    table,
    published: new Published(table, systemClock),
    clock: systemClock,
    bucket,
    ...(facts.mail && { mailDomain: facts.mail.domain }),
    ...(facts.eventDays !== undefined && { eventDays: facts.eventDays }),
    settle: async () => {},
    put: async (events) => {
      if (facts.bus === undefined)
        throw new BadInput(`The stage "${stage}" does not say which bus it has. Deploy it again, by this version.`);
      await putEvents(new EventBridgeBus(facts.bus, jsonApi('events', options)), events);
    },
    upload: ({ key, body }, before) => bucket.replace(key, body, contentTypeOf(key), before),
    pass: () => systemClock.sleep(A_LOOK),
  };
}

/** Milliseconds between two looks at what publish says. */
const A_LOOK = 1000;

const contentTypeOf = (key: string): string =>
  /\.jsonc?$/.test(key) ? 'application/json' : 'text/plain; charset=utf-8';

const EXPIRED = new Set(['ExpiredTokenException', 'UnrecognizedClientException', 'InvalidClientTokenId']);

function unreachable(stage: string, cause: unknown, { region }: ApiOptions): unknown {
  if (!(cause instanceof AwsError)) return new BadInput(`AWS in ${region} cannot be reached: ${cause}`, { cause });
  if (cause.name === 'ParameterNotFound')
    return new BadInput(
      `There is no stage "${stage}" in ${region} of this account. Look at the "stage" of tropa.stage.json, AWS_PROFILE and AWS_REGION; a stage deployed before this version must be deployed again.`,
      { cause },
    );
  if (EXPIRED.has(cause.name))
    return new BadInput('AWS does not take these credentials (any more). Sign in again: aws sso login, for example.', {
      cause,
    });
  if (cause.name === 'AccessDeniedException')
    return new BadInput(`This role may not read ${stageParameter(stage)}: it needs ssm:GetParameter.`, { cause });
  return cause;
}

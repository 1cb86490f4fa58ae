import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { ENVIRONMENTS } from '#functions/environment.ts';
import { QUEUES } from '#functions/wiring.ts';
import { S3Bucket } from '#shared/adapters/aws/bucket.ts';
import { EventBridgeBus } from '#shared/adapters/aws/bus.ts';
import { systemClock } from '#shared/adapters/aws/clock.ts';
import { SfnExecutions } from '#shared/adapters/aws/executions.ts';
import { jsonLog } from '#shared/adapters/aws/log.ts';
import { SesMailer } from '#shared/adapters/aws/mailer.ts';
import { embeddedMetrics } from '#shared/adapters/aws/metrics.ts';
import { ManagedSecrets } from '#shared/adapters/aws/secrets.ts';
import { workOff } from '#shared/adapters/aws/sqs-batch.ts';
import { DynamoTable } from '#shared/adapters/aws/table.ts';
import { Published } from '#shared/store/published.ts';
import { TemplateLibrary } from '#shared/template/library.ts';
import { type SendDeps, send } from './send.ts';

const env = ENVIRONMENTS.send.parse(process.env);
const table = new DynamoTable(env.TABLE_NAME, systemClock);
const deps: Omit<SendDeps, 'claimant'> = {
  table,
  clock: systemClock,
  published: new Published(table, systemClock),
  templates: new TemplateLibrary(new S3Bucket(env.BUCKET_NAME)),
  executions: new SfnExecutions(env.STATE_MACHINE_ARN),
  bus: new EventBridgeBus(env.BUS_NAME),
  mailer: new SesMailer(env.CONFIGURATION_SET),
  secrets: new ManagedSecrets(),
  linkSecretId: env.LINK_SECRET_ID,
  publicUrl: env.PUBLIC_URL,
  sender: env.SENDER,
  rate: env.SES_RATE,
  warmUp: env.WARM_UP ?? undefined,
  log: jsonLog('send'),
  metrics: embeddedMetrics('send', env.METRIC_NAMESPACE),
};
const batch = { log: deps.log, metrics: deps.metrics, queues: [QUEUES.transactional, QUEUES.marketing] };
// send has logged why already.
const failed = new Error('the message could not be worked on; the log of send says why');

/** Both lanes, a batch of one of them at a time. */
export const handler = async (event: SQSEvent, { awsRequestId }: Context): Promise<SQSBatchResponse> => {
  const work = async (hints: readonly unknown[]) =>
    (await send(hints, { ...deps, claimant: awsRequestId })).map((position) => ({ position, error: failed }));
  return workOff(event, work, batch);
};

import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { ENVIRONMENTS } from '#functions/environment.ts';
import { QUEUES } from '#functions/wiring.ts';
import { S3Bucket } from '#shared/adapters/aws/bucket.ts';
import { EventBridgeBus } from '#shared/adapters/aws/bus.ts';
import { systemClock } from '#shared/adapters/aws/clock.ts';
import { jsonLog } from '#shared/adapters/aws/log.ts';
import { embeddedMetrics } from '#shared/adapters/aws/metrics.ts';
import { SqsQueue } from '#shared/adapters/aws/queue.ts';
import { oneByOne, workOff } from '#shared/adapters/aws/sqs-batch.ts';
import { DynamoTable } from '#shared/adapters/aws/table.ts';
import { mjmlCompiler } from '#shared/adapters/mjml/compiler.ts';
import { Published } from '#shared/store/published.ts';
import { type PublishDeps, publish } from './publish.ts';

const env = ENVIRONMENTS.publish.parse(process.env);
const table = new DynamoTable(env.TABLE_NAME, systemClock);
const deps: PublishDeps = {
  table,
  clock: systemClock,
  bucket: new S3Bucket(env.BUCKET_NAME),
  compiler: mjmlCompiler,
  published: new Published(table, systemClock),
  log: jsonLog('publish'),
  metrics: embeddedMetrics('publish', env.METRIC_NAMESPACE),
  again: new SqsQueue(env.PUBLISH_QUEUE_URL),
  bus: new EventBridgeBus(env.BUS_NAME),
  tell: new SqsQueue(env.TELL_QUEUE_URL),
  domains: [env.MAIL_DOMAIN],
  colleagues: env.COLLEAGUES.split(',').filter(Boolean),
};
const batch = { log: deps.log, metrics: deps.metrics, queues: [QUEUES.publish] };
const publishOne = oneByOne((body) => publish(body, deps));

/** Uploads to the bucket, as S3 tells of them on the default bus. */
export const handler = async (event: SQSEvent): Promise<SQSBatchResponse> => workOff(event, publishOne, batch);

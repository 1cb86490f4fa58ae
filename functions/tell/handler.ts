import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { ENVIRONMENTS } from '#functions/environment.ts';
import { QUEUES } from '#functions/wiring.ts';
import { S3Bucket } from '#shared/adapters/aws/bucket.ts';
import { systemClock } from '#shared/adapters/aws/clock.ts';
import { jsonLog } from '#shared/adapters/aws/log.ts';
import { SesMailer } from '#shared/adapters/aws/mailer.ts';
import { embeddedMetrics } from '#shared/adapters/aws/metrics.ts';
import { SqsQueue } from '#shared/adapters/aws/queue.ts';
import { oneByOne, workOff } from '#shared/adapters/aws/sqs-batch.ts';
import { DynamoTable } from '#shared/adapters/aws/table.ts';
import { Published } from '#shared/store/published.ts';
import { type TellDeps, tell } from './tell.ts';

const env = ENVIRONMENTS.tell.parse(process.env);
const table = new DynamoTable(env.TABLE_NAME, systemClock);
const deps: TellDeps = {
  table,
  clock: systemClock,
  published: new Published(table, systemClock),
  bucket: new S3Bucket(env.BUCKET_NAME),
  mailer: new SesMailer(env.CONFIGURATION_SET),
  sender: env.SENDER,
  tell: new SqsQueue(env.TELL_QUEUE_URL),
  log: jsonLog('tell'),
  metrics: embeddedMetrics('tell', env.METRIC_NAMESPACE),
};
const batch = { log: deps.log, metrics: deps.metrics, queues: [QUEUES.tell] };
const tellOne = oneByOne((body) => tell(body, deps));

/** Uploads whose author is to hear what publish says of them. */
export const handler = async (event: SQSEvent): Promise<SQSBatchResponse> => workOff(event, tellOne, batch);

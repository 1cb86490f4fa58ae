import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { ENVIRONMENTS } from '#functions/environment.ts';
import { QUEUES } from '#functions/wiring.ts';
import { S3Bucket } from '#shared/adapters/aws/bucket.ts';
import { systemClock } from '#shared/adapters/aws/clock.ts';
import { SfnExecutions } from '#shared/adapters/aws/executions.ts';
import { jsonLog } from '#shared/adapters/aws/log.ts';
import { embeddedMetrics } from '#shared/adapters/aws/metrics.ts';
import { detailOf, oneByOne, workOff } from '#shared/adapters/aws/sqs-batch.ts';
import { DynamoTable } from '#shared/adapters/aws/table.ts';
import { askedArrival, logged } from '#shared/source/arrival.ts';
import { type PrivacyDeps, privacy } from './privacy.ts';

const env = ENVIRONMENTS.privacy.parse(process.env);
const deps: PrivacyDeps = {
  table: new DynamoTable(env.TABLE_NAME, systemClock),
  clock: systemClock,
  executions: new SfnExecutions(env.STATE_MACHINE_ARN),
  bucket: new S3Bucket(env.BUCKET_NAME),
  log: jsonLog('privacy'),
  metrics: embeddedMetrics('privacy', env.METRIC_NAMESPACE),
};
const batch = { log: deps.log, metrics: deps.metrics, queues: [QUEUES.privacy] };
const note = logged(deps.log);
const carryOut = oneByOne(async (body) => {
  const answered = await privacy(detailOf(body), deps);
  note(askedArrival(detailOf(body), answered === 'parked' ? 'parked' : 'answered'));
});

/** Requests that storefronts pass on, from the bus. */
export const handler = async (event: SQSEvent): Promise<SQSBatchResponse> => workOff(event, carryOut, batch);

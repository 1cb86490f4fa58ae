import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { ENVIRONMENTS } from '#functions/environment.ts';
import { QUEUES } from '#functions/wiring.ts';
import { systemClock } from '#shared/adapters/aws/clock.ts';
import { SfnExecutions } from '#shared/adapters/aws/executions.ts';
import { jsonLog } from '#shared/adapters/aws/log.ts';
import { embeddedMetrics } from '#shared/adapters/aws/metrics.ts';
import { SqsQueue } from '#shared/adapters/aws/queue.ts';
import { oneByOne, workOff } from '#shared/adapters/aws/sqs-batch.ts';
import { DynamoTable } from '#shared/adapters/aws/table.ts';
import { Published } from '#shared/store/published.ts';
import { type WalkDeps, walk } from './walk.ts';

const env = ENVIRONMENTS.walk.parse(process.env);
const table = new DynamoTable(env.TABLE_NAME, systemClock);
const deps: WalkDeps = {
  table,
  clock: systemClock,
  published: new Published(table, systemClock),
  executions: new SfnExecutions(env.STATE_MACHINE_ARN),
  walk: new SqsQueue(env.WALK_QUEUE_URL),
  log: jsonLog('walk'),
  metrics: embeddedMetrics('walk', env.METRIC_NAMESPACE),
};
const batch = { log: deps.log, metrics: deps.metrics, queues: [QUEUES.walk] };
const stretch = oneByOne((body) => walk(body, deps));

/** One stretch of the directory at a time. */
export const handler = async (event: SQSEvent): Promise<SQSBatchResponse> => workOff(event, stretch, batch);

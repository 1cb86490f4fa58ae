import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { ENVIRONMENTS } from '#functions/environment.ts';
import { QUEUES } from '#functions/wiring.ts';
import { EventBridgeBus } from '#shared/adapters/aws/bus.ts';
import { systemClock } from '#shared/adapters/aws/clock.ts';
import { SfnExecutions } from '#shared/adapters/aws/executions.ts';
import { jsonLog } from '#shared/adapters/aws/log.ts';
import { SesAccount } from '#shared/adapters/aws/mail-account.ts';
import { embeddedMetrics } from '#shared/adapters/aws/metrics.ts';
import { SqsQueue } from '#shared/adapters/aws/queue.ts';
import { oneByOne, workOff } from '#shared/adapters/aws/sqs-batch.ts';
import { DynamoTable } from '#shared/adapters/aws/table.ts';
import { RECEIPT_DAYS } from '#shared/store/events.ts';
import { Published } from '#shared/store/published.ts';
import { recover } from './passage.ts';
import { type Part, partSchema, type ReviewDeps, review } from './review.ts';

const env = ENVIRONMENTS.review.parse(process.env);
const table = new DynamoTable(env.TABLE_NAME, systemClock);
const deps: ReviewDeps = {
  table,
  clock: systemClock,
  published: new Published(table, systemClock),
  executions: new SfnExecutions(env.STATE_MACHINE_ARN),
  bus: new EventBridgeBus(env.BUS_NAME),
  retention: { eventDays: env.EVENT_RETENTION_DAYS, receiptDays: RECEIPT_DAYS },
  walk: new SqsQueue(env.WALK_QUEUE_URL),
  account: new SesAccount(),
  warmUp: env.WARM_UP ?? undefined,
  calls: new SqsQueue(env.CALLS_QUEUE_URL),
  tell: new SqsQueue(env.TELL_QUEUE_URL),
  outbox: {
    transactional: new SqsQueue(env.TRANSACTIONAL_QUEUE_URL),
    marketing: new SqsQueue(env.MARKETING_QUEUE_URL),
  },
  log: jsonLog('review'),
  metrics: embeddedMetrics('review', env.METRIC_NAMESPACE),
};
const batch = { log: deps.log, metrics: deps.metrics, queues: [QUEUES.stranded] };
const recoverOne = oneByOne((body) => recover(body, deps));

/** Two sources: the clock, which says what part, and the queue of executions that broke off. From the clock: how many rows were looked at. */
export const handler = async (event: Partial<Part> | SQSEvent): Promise<number | SQSBatchResponse> =>
  'Records' in event ? workOff(event, recoverOne, batch) : review(deps, partSchema.parse(event));

import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { ENVIRONMENTS } from '#functions/environment.ts';
import { QUEUES } from '#functions/wiring.ts';
import { EventBridgeBus } from '#shared/adapters/aws/bus.ts';
import { systemClock } from '#shared/adapters/aws/clock.ts';
import { SfnExecutions } from '#shared/adapters/aws/executions.ts';
import { jsonLog } from '#shared/adapters/aws/log.ts';
import { embeddedMetrics } from '#shared/adapters/aws/metrics.ts';
import { detailOf, oneByOne, workOff } from '#shared/adapters/aws/sqs-batch.ts';
import { DynamoTable } from '#shared/adapters/aws/table.ts';
import { enrolledArrival, logged, orTell } from '#shared/source/arrival.ts';
import { RECEIPT_DAYS } from '#shared/store/events.ts';
import { Published } from '#shared/store/published.ts';
import { type EnrolDeps, enrol } from './enrol.ts';

const env = ENVIRONMENTS.enrol.parse(process.env);
const table = new DynamoTable(env.TABLE_NAME, systemClock);
const deps: EnrolDeps = {
  table,
  clock: systemClock,
  published: new Published(table, systemClock),
  bus: new EventBridgeBus(env.BUS_NAME),
  executions: new SfnExecutions(env.STATE_MACHINE_ARN),
  retention: { eventDays: env.EVENT_RETENTION_DAYS, receiptDays: RECEIPT_DAYS },
  log: jsonLog('enrol'),
  metrics: embeddedMetrics('enrol', env.METRIC_NAMESPACE),
};
const batch = { log: deps.log, metrics: deps.metrics, queues: [QUEUES.enrol] };
const note = logged(deps.log);
const record = oneByOne(async (body) => {
  const detail = detailOf(body);
  const unusable = (reason: string) => note(enrolledArrival(detail, 'unusable', reason));
  note(enrolledArrival(detail, await orTell(() => enrol(detail, deps), unusable)));
});

/** The rule puts whole events of the bus on the queue; ours are what they carry. */
export const handler = async (event: SQSEvent): Promise<SQSBatchResponse> => workOff(event, record, batch);

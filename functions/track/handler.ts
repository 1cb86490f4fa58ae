import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { ENVIRONMENTS } from '#functions/environment.ts';
import { QUEUES } from '#functions/wiring.ts';
import { EventBridgeBus } from '#shared/adapters/aws/bus.ts';
import { systemClock } from '#shared/adapters/aws/clock.ts';
import { SfnExecutions } from '#shared/adapters/aws/executions.ts';
import { jsonLog } from '#shared/adapters/aws/log.ts';
import { embeddedMetrics } from '#shared/adapters/aws/metrics.ts';
import { oneByOne, workOff } from '#shared/adapters/aws/sqs-batch.ts';
import { DynamoTable } from '#shared/adapters/aws/table.ts';
import { Published } from '#shared/store/published.ts';
import { type TrackDeps, track } from './track.ts';

const env = ENVIRONMENTS.track.parse(process.env);
const table = new DynamoTable(env.TABLE_NAME, systemClock);
const deps: TrackDeps = {
  table,
  clock: systemClock,
  published: new Published(table, systemClock),
  executions: new SfnExecutions(env.STATE_MACHINE_ARN),
  bus: new EventBridgeBus(env.BUS_NAME),
  log: jsonLog('track'),
  metrics: embeddedMetrics('track', env.METRIC_NAMESPACE),
};
const batch = { log: deps.log, metrics: deps.metrics, queues: [QUEUES.track] };
const fold = oneByOne((body) => track(body, deps));

/** What SES says of mails, as whole events of the default bus. */
export const handler = async (event: SQSEvent): Promise<SQSBatchResponse> => workOff(event, fold, batch);

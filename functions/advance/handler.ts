import { ENVIRONMENTS } from '#functions/environment.ts';
import { EventBridgeBus } from '#shared/adapters/aws/bus.ts';
import { systemClock } from '#shared/adapters/aws/clock.ts';
import { embeddedMetrics } from '#shared/adapters/aws/metrics.ts';
import { SqsQueue } from '#shared/adapters/aws/queue.ts';
import { DynamoTable } from '#shared/adapters/aws/table.ts';
import type { TurnOutput } from '#shared/enrolment/enrolment.ts';
import { Published } from '#shared/store/published.ts';
import { type AdvanceDeps, advance } from './advance.ts';

const env = ENVIRONMENTS.advance.parse(process.env);
const table = new DynamoTable(env.TABLE_NAME, systemClock);
const deps: AdvanceDeps = {
  table,
  clock: systemClock,
  published: new Published(table, systemClock),
  bus: new EventBridgeBus(env.BUS_NAME),
  metrics: embeddedMetrics('advance', env.METRIC_NAMESPACE),
  calls: new SqsQueue(env.CALLS_QUEUE_URL),
  outbox: {
    transactional: new SqsQueue(env.TRANSACTIONAL_QUEUE_URL),
    marketing: new SqsQueue(env.MARKETING_QUEUE_URL),
  },
};

/** The state machine's Advance: what this returns is the input of Pause. */
export const handler = async (input: unknown): Promise<TurnOutput> => advance(input, deps);

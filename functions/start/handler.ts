import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { ENVIRONMENTS } from '#functions/environment.ts';
import { EventBridgeBus } from '#shared/adapters/aws/bus.ts';
import { systemClock } from '#shared/adapters/aws/clock.ts';
import { jsonLog } from '#shared/adapters/aws/log.ts';
import { embeddedMetrics } from '#shared/adapters/aws/metrics.ts';
import { SqsQueue } from '#shared/adapters/aws/queue.ts';
import { ManagedSecrets } from '#shared/adapters/aws/secrets.ts';
import { DynamoTable } from '#shared/adapters/aws/table.ts';
import type { HttpResponse } from '#shared/http.ts';
import { Published } from '#shared/store/published.ts';
import { type StartDeps, start } from './start.ts';

const env = ENVIRONMENTS.start.parse(process.env);
const table = new DynamoTable(env.TABLE_NAME, systemClock);
const deps: StartDeps = {
  table,
  published: new Published(table, systemClock),
  clock: systemClock,
  signers: systemClock,
  bus: new EventBridgeBus(env.BUS_NAME),
  overflow: new SqsQueue(env.OVERFLOW_QUEUE_URL),
  secrets: new ManagedSecrets(),
  secretId: env.WEBHOOK_SECRET_ID,
  log: jsonLog('start'),
  metrics: embeddedMetrics('start', env.METRIC_NAMESPACE),
};

/** The shop's own systems, through the public API. */
export const handler = async (event: APIGatewayProxyEventV2): Promise<HttpResponse> => start(event, deps);

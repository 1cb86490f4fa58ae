import type { APIGatewayProxyEventV2, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { ENVIRONMENTS } from '#functions/environment.ts';
import { QUEUES } from '#functions/wiring.ts';
import { EventBridgeBus } from '#shared/adapters/aws/bus.ts';
import { systemClock } from '#shared/adapters/aws/clock.ts';
import { jsonLog } from '#shared/adapters/aws/log.ts';
import { embeddedMetrics } from '#shared/adapters/aws/metrics.ts';
import { SqsQueue } from '#shared/adapters/aws/queue.ts';
import { ManagedSecrets } from '#shared/adapters/aws/secrets.ts';
import { type Work, workOff } from '#shared/adapters/aws/sqs-batch.ts';
import type { HttpResponse } from '#shared/http.ts';
import { answeredArrivals, logged, unreadArrivals } from '#shared/source/arrival.ts';
import { type IngestDeps, ingest } from './ingest.ts';
import { drain } from './unread.ts';

const env = ENVIRONMENTS.ingest.parse(process.env);
const deps: IngestDeps = {
  clock: systemClock,
  bus: new EventBridgeBus(env.BUS_NAME),
  overflow: new SqsQueue(env.OVERFLOW_QUEUE_URL),
  secrets: new ManagedSecrets(),
  secretId: env.WEBHOOK_SECRET_ID,
  sourceSecrets: env.SOURCE_SECRETS,
  shops: { shopify: env.SHOPIFY_SHOPS.split(',').filter((shop) => shop !== '') },
  log: jsonLog('ingest'),
  metrics: embeddedMetrics('ingest', env.METRIC_NAMESPACE),
};
const batch = { log: deps.log, metrics: deps.metrics, queues: [QUEUES.overflow] };
const note = logged(deps.log);
const bringBack: Work = async (bodies) => {
  const failures = await drain(bodies, deps);
  for (const one of unreadArrivals(bodies, failures)) note(one);
  return failures;
};

async function take(request: APIGatewayProxyEventV2): Promise<HttpResponse> {
  const answer = await ingest(request, deps);
  for (const one of answeredArrivals(request, answer)) note(one);
  return answer;
}

/** Two sources: the public API, and the queue of what the bus has refused and nobody could read. */
export const handler = async (event: APIGatewayProxyEventV2 | SQSEvent): Promise<HttpResponse | SQSBatchResponse> =>
  'Records' in event ? workOff(event, bringBack, batch) : take(event);

import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { ENVIRONMENTS } from '#functions/environment.ts';
import { EventBridgeBus } from '#shared/adapters/aws/bus.ts';
import { systemClock } from '#shared/adapters/aws/clock.ts';
import { jsonLog } from '#shared/adapters/aws/log.ts';
import { embeddedMetrics } from '#shared/adapters/aws/metrics.ts';
import { SqsQueue } from '#shared/adapters/aws/queue.ts';
import type { HttpResponse } from '#shared/http.ts';
import { answeredArrivals, logged } from '#shared/source/arrival.ts';
import { type CollectDeps, collect } from './collect.ts';

const env = ENVIRONMENTS.collect.parse(process.env);
const deps: CollectDeps = {
  clock: systemClock,
  bus: new EventBridgeBus(env.BUS_NAME),
  overflow: new SqsQueue(env.OVERFLOW_QUEUE_URL),
  keys: env.WRITE_KEYS.split(',').filter((key) => key !== ''),
  free: new Map(),
  log: jsonLog('collect'),
  metrics: embeddedMetrics('collect', env.METRIC_NAMESPACE),
};
const note = logged(deps.log);

/** Visitors' browsers, through the public API. */
export const handler = async (event: APIGatewayProxyEventV2): Promise<HttpResponse> => {
  const answer = await collect(event, deps);
  const refused = answer.statusCode >= 400 ? answeredArrivals(event, answer, 'browser') : [];
  for (const one of refused) note(one);
  return answer;
};

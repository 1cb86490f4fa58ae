import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { ENVIRONMENTS } from '#functions/environment.ts';
import { S3Bucket } from '#shared/adapters/aws/bucket.ts';
import { EventBridgeBus } from '#shared/adapters/aws/bus.ts';
import { systemClock } from '#shared/adapters/aws/clock.ts';
import { SfnExecutions } from '#shared/adapters/aws/executions.ts';
import { jsonLog } from '#shared/adapters/aws/log.ts';
import { embeddedMetrics } from '#shared/adapters/aws/metrics.ts';
import { SqsQueue } from '#shared/adapters/aws/queue.ts';
import { ManagedSecrets } from '#shared/adapters/aws/secrets.ts';
import { DynamoTable } from '#shared/adapters/aws/table.ts';
import type { HttpResponse } from '#shared/http.ts';
import { Published } from '#shared/store/published.ts';
import { TemplateLibrary } from '#shared/template/library.ts';
import { type RespondDeps, respond } from './respond.ts';

const env = ENVIRONMENTS.respond.parse(process.env);
const table = new DynamoTable(env.TABLE_NAME, systemClock);
const deps: RespondDeps = {
  table,
  clock: systemClock,
  published: new Published(table, systemClock),
  executions: new SfnExecutions(env.STATE_MACHINE_ARN),
  bus: new EventBridgeBus(env.BUS_NAME),
  overflow: new SqsQueue(env.OVERFLOW_QUEUE_URL),
  templates: new TemplateLibrary(new S3Bucket(env.BUCKET_NAME)),
  secrets: new ManagedSecrets(),
  linkSecretId: env.LINK_SECRET_ID,
  log: jsonLog('respond'),
  metrics: embeddedMetrics('respond', env.METRIC_NAMESPACE),
};

/** The links of mails, through the public API. */
export const handler = async (event: APIGatewayProxyEventV2): Promise<HttpResponse> => respond(event, deps);

import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { ENVIRONMENTS } from '#functions/environment.ts';
import { QUEUES } from '#functions/wiring.ts';
import { systemClock } from '#shared/adapters/aws/clock.ts';
import { SfnExecutions } from '#shared/adapters/aws/executions.ts';
import { jsonLog } from '#shared/adapters/aws/log.ts';
import { SesMailer } from '#shared/adapters/aws/mailer.ts';
import { embeddedMetrics } from '#shared/adapters/aws/metrics.ts';
import { ManagedSecrets } from '#shared/adapters/aws/secrets.ts';
import { allAtOnce, workOff } from '#shared/adapters/aws/sqs-batch.ts';
import { DynamoTable } from '#shared/adapters/aws/table.ts';
import { PublicWeb } from '#shared/adapters/web/public-web.ts';
import { Published } from '#shared/store/published.ts';
import { type CallDeps, call } from './call.ts';

const env = ENVIRONMENTS.call.parse(process.env);
const table = new DynamoTable(env.TABLE_NAME, systemClock);
const deps: CallDeps = {
  table,
  clock: systemClock,
  published: new Published(table, systemClock),
  executions: new SfnExecutions(env.STATE_MACHINE_ARN),
  web: new PublicWeb(),
  mailer: new SesMailer(env.CONFIGURATION_SET),
  sender: env.SENDER,
  secrets: new ManagedSecrets(),
  secretPrefix: env.ENDPOINT_SECRETS,
  log: jsonLog('call'),
  metrics: embeddedMetrics('call', env.METRIC_NAMESPACE),
};
const batch = { log: deps.log, metrics: deps.metrics, queues: [QUEUES.calls] };
const tell = allAtOnce((body) => call(body, deps));

/** Hints at calls that are to be made. */
export const handler = async (event: SQSEvent): Promise<SQSBatchResponse> => workOff(event, tell, batch);

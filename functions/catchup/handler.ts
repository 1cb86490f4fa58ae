import type { Context, ScheduledEvent } from 'aws-lambda';
import { ENVIRONMENTS } from '#functions/environment.ts';
import { EventBridgeBus } from '#shared/adapters/aws/bus.ts';
import { systemClock } from '#shared/adapters/aws/clock.ts';
import { jsonLog } from '#shared/adapters/aws/log.ts';
import { embeddedMetrics } from '#shared/adapters/aws/metrics.ts';
import { SqsQueue } from '#shared/adapters/aws/queue.ts';
import { ManagedSecrets } from '#shared/adapters/aws/secrets.ts';
import { DynamoTable } from '#shared/adapters/aws/table.ts';
import { PublicWeb } from '#shared/adapters/web/public-web.ts';
import { storefrontsOf } from '#shared/catchup/storefronts.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { type CatchUpDeps, catchUp, PAGE, type Swept } from './catchup.ts';

const env = ENVIRONMENTS.catchup.parse(process.env);
const storefronts = storefrontsOf(env.STOREFRONTS);
const deps: CatchUpDeps = {
  table: new DynamoTable(env.TABLE_NAME, systemClock),
  clock: systemClock,
  web: new PublicWeb({ limits: PAGE }),
  bus: new EventBridgeBus(env.BUS_NAME),
  overflow: new SqsQueue(env.OVERFLOW_QUEUE_URL),
  secrets: new ManagedSecrets(),
  secretPrefix: env.SOURCE_SECRETS,
  told: new Set(),
  log: jsonLog('catchup'),
  metrics: embeddedMetrics('catchup', env.METRIC_NAMESPACE),
};

/** What the last question may take, and what it brings: one that is asked at the deadline still ends in time. */
const LAST_PAGE = PAGE.milliseconds + 30_000;

/** The clock. What became of each list. */
export const handler = async (_: ScheduledEvent, context: Context): Promise<Record<string, Swept>> => {
  const left = context.getRemainingTimeInMillis() - LAST_PAGE;
  return catchUp(storefronts, plusMillis(systemClock.now(), left), deps);
};

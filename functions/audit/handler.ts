import type { Context, ScheduledEvent } from 'aws-lambda';
import { ENVIRONMENTS } from '#functions/environment.ts';
import { systemClock } from '#shared/adapters/aws/clock.ts';
import { jsonLog } from '#shared/adapters/aws/log.ts';
import { embeddedMetrics } from '#shared/adapters/aws/metrics.ts';
import { DynamoTable } from '#shared/adapters/aws/table.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { type AuditDeps, audit } from './audit.ts';

const env = ENVIRONMENTS.audit.parse(process.env);
const deps: AuditDeps = {
  table: new DynamoTable(env.TABLE_NAME, systemClock),
  clock: systemClock,
  log: jsonLog('audit'),
  metrics: embeddedMetrics('audit', env.METRIC_NAMESPACE),
};

/** What the last page may take, and writing what was seen. */
const LAST_PAGE = 30_000;

/** The clock. How many rows and contacts were looked at in this hour. */
export const handler = async (_: ScheduledEvent, context: Context): Promise<number> => {
  const left = context.getRemainingTimeInMillis() - LAST_PAGE;
  return (await audit(plusMillis(systemClock.now(), left), deps)).looked;
};

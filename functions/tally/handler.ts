import type { SQSBatchResponse } from 'aws-lambda';
import { ENVIRONMENTS } from '#functions/environment.ts';
import { systemClock } from '#shared/adapters/aws/clock.ts';
import { changesIn } from '#shared/adapters/aws/stream.ts';
import { DynamoTable } from '#shared/adapters/aws/table.ts';
import { type TallyDeps, tally } from './tally.ts';

const env = ENVIRONMENTS.tally.parse(process.env);
const deps: TallyDeps = { table: new DynamoTable(env.TABLE_NAME, systemClock) };

/** What a stream that is read in windows wants to hear; the state of a window is of no use here. */
type WindowAnswer = SQSBatchResponse & { readonly state: object };

/** A batch of the table's stream, all of one shard. What this throws halves the batch, until the culprit stands alone. */
export const handler = async (event: unknown): Promise<WindowAnswer> => {
  const { shard, changes } = changesIn(event);
  await tally(shard, changes, deps);
  return { state: {}, batchItemFailures: [] };
};

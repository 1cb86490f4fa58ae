import { Duration } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { EventSourceMapping, FilterCriteria, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Construct } from 'constructs';
import { STREAM } from '#functions/wiring.ts';
import { LossAlarm, type Watch } from '#infra/constructs/alarm.ts';
import type { TropaFunction } from '#infra/constructs/function.ts';
import { DeadLetters } from '#infra/constructs/queue.ts';

export type TableTallyProps = Watch & { readonly table: Table; readonly tally: TropaFunction<typeof STREAM.consumer> };

/**
 * With windows, and only then, Lambda says which shard a batch is from, and each counter has one row a shard. The window's
 * own state is not used, so it is as long as it can be: each ends with a call that has nothing to count.
 */
const WINDOW = Duration.minutes(15);

/** Lets tally read the table's stream, one writer a shard, kinds of rows as the wiring names them. */
export class TableTally extends Construct {
  constructor(scope: Construct, id: string, { table, tally, ...watch }: TableTallyProps) {
    super(scope, id);
    const dead = new DeadLetters(this, 'Dead', {
      ...watch,
      of: 'tally',
      loss: STREAM.loss,
      runbook: 'tally',
      remedy: `take them away: npx tropa redrive ${STREAM.consumer} --discard --yes --stage ${watch.settings.stage}. Each names a place in the stream that was passed over, and the counts stay too low by it.`,
    });
    const stream = table.tableStreamArn;
    if (stream === undefined) throw new Error('the table has no stream');
    // Lambda makes the mapping only for a role that may do all four "on your stream". That the service reference knows no
    // resource for ListStreams, for which the L2 event source grants it on every stream of the account, does not matter
    // to this check: policies with the stream alone are in use.
    const actions = ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'];
    tally.allow(
      actions.map((action) => `dynamodb:${action}`),
      [stream],
    );
    const mapping = new EventSourceMapping(this, 'Mapping', {
      target: tally.function,
      eventSourceArn: stream,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: STREAM.batch,
      maxBatchingWindow: Duration.seconds(STREAM.windowSeconds),
      tumblingWindow: WINDOW,
      // Two writers of one shard would each overwrite the other's checkpoint.
      parallelizationFactor: 1,
      bisectBatchOnError: true,
      retryAttempts: 10,
      reportBatchItemFailures: true,
      onFailure: new SqsDlq(dead.queue),
      // One a partition, however many kinds of rows: Lambda takes five.
      filters: [...Map.groupBy(STREAM.keys, ({ pk }) => pk)].map(([pk, kinds]) =>
        FilterCriteria.filter({
          dynamodb: { Keys: { pk: { S: [{ prefix: pk }] }, sk: { S: kinds.map(({ sk }) => ({ prefix: sk })) } } },
        }),
      ),
    });
    // Lambda checks the rights when it makes the mapping.
    mapping.node.addDependency(tally.role);
    new LossAlarm(this, 'BehindAlarm', {
      ...watch,
      name: 'tally-behind',
      loss: STREAM.loss,
      runbook: 'tally',
      remedy: 'The stream is read more than an hour late, and keeps its records for 24: see the log of tally.',
      metric: tally.function.metric('IteratorAge', { statistic: 'max', period: Duration.minutes(5) }),
      threshold: Duration.hours(1).toMilliseconds(),
      evaluationPeriods: 3,
    });
  }
}

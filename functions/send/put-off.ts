import { ConditionFailed } from '#shared/errors.ts';
import type { Message } from '#shared/message/message.ts';
import type { Clock, Metrics } from '#shared/ports.ts';
import { postponeMessage } from '#shared/store/messages.ts';
import type { Table } from '#shared/store/table.ts';

/**
 * Leaves a mail for which there was no slot in the outbox, due at once: review hints at it within the minute. Its own hint
 * is used up: one that came back to the queue time after time would end among the dead letters.
 */
export async function putOff(
  message: Message,
  { table, clock, metrics }: { readonly table: Table; readonly clock: Clock; readonly metrics: Metrics },
): Promise<void> {
  metrics.count(message.lane === 'transactional' ? 'TransactionalPutOff' : 'MarketingPutOff', 1);
  try {
    await table.write(postponeMessage(message, clock.now()));
  } catch (error) {
    // Another attempt has it.
    if (!(error instanceof ConditionFailed)) throw error;
  }
}

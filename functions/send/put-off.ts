import { ConditionFailed } from '#shared/errors.ts';
import type { Message } from '#shared/message/message.ts';
import type { Clock, Metrics } from '#shared/ports.ts';
import type { Scope } from '#shared/sending/breaker.ts';
import type { Halt } from '#shared/sending/flow.ts';
import { engagedHour, type WarmUp, warmUpDay } from '#shared/sending/warm-up.ts';
import { parkMessage } from '#shared/store/flow.ts';
import { postponeMessage } from '#shared/store/messages.ts';
import { loadProfile } from '#shared/store/profiles.ts';
import type { Table } from '#shared/store/table.ts';
import type { Instant } from '#shared/time/instant.ts';

type PutOffDeps = {
  readonly table: Table;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly warmUp?: WarmUp | undefined;
};

/**
 * Leaves a mail for which there was no slot in the outbox, due at once: review hints at it within the minute. Its own hint
 * is used up: one that came back to the queue time after time would end among the dead letters.
 */
export async function withoutSlot(message: Message, deps: PutOffDeps): Promise<void> {
  deps.metrics.count(message.lane === 'transactional' ? 'TransactionalPutOff' : 'MarketingPutOff', 1);
  await putOff(message, deps.clock.now(), deps);
}

/** Leaves a mail in the outbox until a moment, from which on review hints at it. `hold`: what it waits for. */
export async function putOff(
  message: Message,
  until: Instant,
  { table }: Pick<PutOffDeps, 'table'>,
  hold?: string,
): Promise<void> {
  try {
    await table.write(postponeMessage(message, until, hold));
  } catch (error) {
    // Another attempt has it.
    if (!(error instanceof ConditionFailed)) throw error;
  }
}

/** Leaves a mail in the outbox until mail may leave again, or mail of the part that stands still. */
export async function park(message: Message, halt: Halt, deps: PutOffDeps, part?: Scope): Promise<void> {
  const { table, clock, metrics, warmUp } = deps;
  metrics.count('MailParked', 1, { halt });
  // A new domain shows itself first to those who know the shop.
  const profile = warmUpDay(warmUp, clock.now()) && (await loadProfile(table, message.contact));
  try {
    await table.write(parkMessage(message, halt, { part, engaged: profile && engagedHour(profile) }));
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
  }
}

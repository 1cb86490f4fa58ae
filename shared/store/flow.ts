import type { Message } from '#shared/message/message.ts';
import { type Flow, flowSchema, type Halt } from '#shared/sending/flow.ts';
import type { Instant } from '#shared/time/instant.ts';
import { DUE_SHARDS, dueShard, flowKey, flowLogKey, messageKey, parkShard } from './keys.ts';
import { postponeMessage } from './messages.ts';
import { shardOf } from './shards.ts';
import type { Change, Row, Table, Write } from './table.ts';

const readFlow = (row: Row | undefined): Flow => flowSchema.parse(row ?? {});
export const loadFlow = async (table: Table): Promise<Flow> => readFlow(await table.get(flowKey));

/** Every part is an attribute of its own, so that nobody overwrites what somebody else has just said. */
export const changeFlow = (change: Change): Write => ({ kind: 'update', key: flowKey, change });

/** Has review look, at that moment, for what was parked. */
export const lookAtFlow = (at: Instant): Change => ({
  set: [
    [['duePk'], dueShard(0)],
    [['due'], at],
  ],
});

/** Who has stopped mail or let it go, when and why, for good. */
export const noteOnFlow = (at: Instant, what: string, by: string, reason: string): Write => ({
  kind: 'put',
  row: { ...flowLogKey(at, what), v: 1, at, what, by, reason },
});

/**
 * Takes a message that may not go out of the sight of those who look for what is due: a million of them cost nobody
 * anything until they may. They lie in the order in which they were queued.
 */
export const parkMessage = (message: Message, held: Halt | undefined): Write => ({
  kind: 'update',
  key: messageKey(message.contact, message.id),
  change: {
    set: [
      [['duePk'], parkShard(message.lane, shardOf(message.contact, DUE_SHARDS))],
      [['due'], message.queuedAt],
      ...(held === undefined ? [] : [[['held'], held] as const]),
    ],
  },
  if: { equals: { state: 'queued' } },
});

/** Puts it back among what is due, at a moment. Fails when somebody has it by now. */
export const unparkMessage = (message: Message, due: Instant): Write => postponeMessage(message, due);

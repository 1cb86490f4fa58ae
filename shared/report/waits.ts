import type { Message } from '#shared/message/message.ts';
import type { Halt } from '#shared/sending/flow.ts';
import type { Hold } from '#shared/sending/hold.ts';
import { comesByTime } from '#shared/store/keys.ts';
import type { Row } from '#shared/store/table.ts';
import type { Instant } from '#shared/time/instant.ts';

/** What a message that is decided waits for. Without `until`: nobody knows how long. */
export type Waits = { readonly for: string; readonly until?: Instant };

/** Read off its row; undefined of one that is done, in somebody's hands, or about to go. */
export function waitsOf(row: Row, { state, held, waits }: Message): Waits | undefined {
  if (state !== 'queued') return undefined;
  if (row['duePk'] !== undefined && !comesByTime(row['duePk'])) return { for: held ?? 'mail-paused' };
  // What it was put off for is over as soon as it is due for something else.
  return waits && waits.until === row['due'] ? waits : undefined;
}

/** What all or a part of the mail stands still for, and what keeps one back. */
export const WAIT_WORDS: Readonly<Record<string, string>> = {
  quiet: 'quiet time',
  window: 'its own hours',
  cap: 'a cap',
  paused: 'its journey, which is paused',
  'mail-paused': 'mail, which is paused',
  'account-stopped': 'SES, which takes no mail of the account',
  quota: 'the quota of SES',
  breaker: 'mail of its kind, which bounces or complaints have stopped',
  'warm-up': 'its turn, while the domain is being made known',
} satisfies Readonly<Record<Hold | 'paused' | Halt, string>>;

import { OPT_IN_DAYS } from '#shared/contact/opt-in.ts';
import { type Instant, plusMillis } from '#shared/time/instant.ts';
import { identityKey } from './keys.ts';
import type { Row, Write } from './table.ts';

/**
 * When whoever reads an address was last asked by mail to confirm a yes, by channel and topic: on the row of the address, since
 * many contacts may have one. It names nobody.
 */
const attribute = (channel: string, topic: string): string => `asked/${channel}/${topic}`;

/** The last moment of asking that lies far enough back. */
const longAgo = (at: Instant): Instant => plusMillis(at, -OPT_IN_DAYS * 86_400_000);

/** Whether no mail may ask for it yet, as the row of the address says. */
export const wasAskedLately = (row: Row | undefined, channel: string, topic: string, at: Instant): boolean => {
  const asked = row?.[attribute(channel, topic)];
  return typeof asked === 'string' && asked > longAgo(at);
};

/** Notes that a mail to the address asks for these, on condition that none has lately. */
export const noteAsked = (
  hash: string,
  asked: readonly (readonly [channel: string, topic: string])[],
  at: Instant,
): Extract<Write, { kind: 'update' }> => ({
  kind: 'update',
  key: identityKey('email', hash),
  change: { setIfAbsent: [[['v'], 1]], set: asked.map((one) => [[attribute(...one)], at]) },
  // `below` leaves out the moment itself.
  if: { below: Object.fromEntries(asked.map((one) => [attribute(...one), plusMillis(longAgo(at), 1)])) },
});

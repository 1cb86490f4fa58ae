import { type Call, triedUntil } from '#shared/call/call.ts';
import type { Enrolment } from '#shared/enrolment/enrolment.ts';
import { missingIn } from '#shared/enrolment/kept-data.ts';
import type { Instant } from '#shared/time/instant.ts';

/** What has become of one call: what was told whom, and what came back. The body itself may name people. */
export type CallWhy = Pick<Call, 'step' | 'endpoint' | 'queuedAt' | 'state' | 'attempts' | 'waits'> &
  Partial<Pick<Call, 'ok' | 'status' | 'reason' | 'endedAt'>> & {
    /** Of one that is not over: when it is tried next, and until when. */
    readonly next?: Instant;
    readonly until?: Instant;
    /** Fields that were told; of the step's those that had no room; of the answer's those that are not kept. */
    readonly fields: readonly string[];
    readonly cut: readonly string[];
    readonly unread: readonly string[];
  };

/** The calls of one passage, in their order. */
export const callsOf = ({ contact, journey, key, n, left }: Enrolment, all: readonly Call[]): CallWhy[] =>
  all
    .filter((call) => call.contact === contact && call.journey === journey && call.key === key && call.n === n)
    .sort((a, b) => (a.queuedAt < b.queuedAt ? -1 : 1))
    .map((call) => callWhy(call, left[call.step]));

function callWhy(call: Call, left: Enrolment['left'][string] | undefined): CallWhy {
  const { step, endpoint, queuedAt, state, attempts, waits, ok, status, reason, endedAt } = call;
  const isOpen = state === 'queued';
  // The passage may have had less room than the call.
  const lost = left?.['ok'] === true && left['at'] === queuedAt ? missingIn(left, call.reply ?? {}) : [];
  return {
    ...{ step, endpoint, queuedAt, state, attempts, waits },
    ...(ok !== undefined && { ok }),
    ...(status !== undefined && { status }),
    ...(reason !== undefined && { reason }),
    ...(endedAt !== undefined && { endedAt }),
    ...(isOpen && { next: call.next, until: triedUntil(call) }),
    fields: Object.keys(call.body),
    cut: call.cut ?? [],
    unread: [...(call.unread ?? []), ...lost],
  };
}

import type { CallWhy } from '#shared/report/call-why.ts';

const REASONS: Readonly<Record<string, string>> = {
  'timed-out': 'no answer within 10 seconds',
  unreachable: 'nobody answers there',
  forbidden: 'its address is not public',
  'too-large': 'the answer is larger than 64 KB',
  'no-json': 'the answer is no JSON object',
  'no-secret': 'its secret is not stored',
  'no-endpoint': 'settings.json has no such endpoint',
  'too-late': 'its hour was over before it could be made',
  unknown: 'nobody knows whether the mail went',
};

/** A status of HTTP, or a code of SES. */
const sayReason = (reason: string): string =>
  REASONS[reason] ?? (/^\d+$/.test(reason) ? `answered ${reason}` : `SES says ${reason}`);

/** What was called, what came back, and until when it is tried. */
export function callLine(call: CallWhy, at: (instant: string) => string): string {
  const { step, endpoint, fields, cut, unread } = call;
  return [
    `call of ${step} to ${endpoint}${fields.length === 0 ? '' : ` with ${fields.join(', ')}`}: ${outcomeOf(call, at)}`,
    ...(cut.length > 0 ? [`no room in the body for ${cut.join(', ')}`] : []),
    ...(unread.length > 0 ? [`not kept of the answer: ${unread.join(', ')}`] : []),
  ].join('; ');
}

function outcomeOf(call: CallWhy, at: (instant: string) => string): string {
  const { state, ok, status, reason, endedAt, attempts, next, until, queuedAt, waits } = call;
  const why = reason === undefined ? '' : sayReason(reason);
  const tries = `${attempts} attempt${attempts === 1 ? '' : 's'}`;
  if (state === 'done' && ok)
    return `taken${status === undefined ? '' : ` with ${status}`} ${at(endedAt ?? queuedAt)}${attempts > 1 ? `, after ${tries}` : ''}`;
  if (state === 'done')
    return `failed ${at(endedAt ?? queuedAt)} after ${tries}, ${why}${waits ? '; the passage went on by "otherwise"' : ''}`;
  if (attempts === 0) return `is made at once, and tried until ${at(until ?? queuedAt)}`;
  return `${tries}${why && `, the last: ${why}`}; again ${at(next ?? queuedAt)}, until ${at(until ?? queuedAt)}`;
}

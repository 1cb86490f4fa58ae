import { describe, expect, it } from 'vitest';
import { answerListener, type Call, callId, givenUpAt, isTooLate, nextAttempt, triedUntil } from '#shared/call/call.ts';
import { plusMillis } from '#shared/time/instant.ts';

const BEGAN = '2026-03-02T09:00:00.000Z';
const minute = (minutes: number): string => plusMillis(BEGAN, minutes * 60_000);
const call = (more: Partial<Call> = {}): Call => ({
  v: 1,
  id: 'c1',
  contact: 'k1',
  journey: 'cart',
  key: '',
  n: 1,
  version: 1,
  step: 'tell',
  endpoint: 'crm',
  body: {},
  waits: true,
  answer: false,
  queuedAt: BEGAN,
  state: 'queued',
  attempts: 1,
  next: BEGAN,
  ...more,
});

it('a call has one name, other than that of another passage, step or visit', () => {
  const names = [callId('p1', 'tell', 1), callId('p2', 'tell', 1), callId('p1', 'ask', 1), callId('p1', 'tell', 2)];
  expect(new Set(names).size).toBe(4);
  expect(callId('p1', 'tell', 1)).toBe(names[0]);
  expect(answerListener('tell')).toBe('tell/answer');
});

describe('a call that has failed', () => {
  it('is tried again after growing pauses, and an hour after the step for the last time', () => {
    const tries: string[] = [BEGAN];
    for (let attempts = 1; attempts < 20; attempts += 1) {
      const next = nextAttempt(call({ attempts }), tries.at(-1) ?? '');
      if (next === undefined) break;
      tries.push(next);
    }
    expect(tries).toEqual([0, 1, 3, 7, 15, 30, 45, 60].map(minute));
  });

  it('waits as long as the endpoint says, if that is longer, but not beyond the hour', () => {
    expect(nextAttempt(call(), BEGAN, 300)).toBe(minute(5));
    expect(nextAttempt(call(), BEGAN, 30)).toBe(minute(1));
    expect(nextAttempt(call(), BEGAN, 7200)).toBe(minute(60));
  });

  it('is not tried again once the hour is over', () => {
    expect(nextAttempt(call(), plusMillis(minute(60), -1))).toBe(minute(60));
    expect(nextAttempt(call(), minute(60))).toBeUndefined();
  });
});

describe('a call whose hour is over', () => {
  it('is too late three minutes after it for who waits, who goes on two minutes later', () => {
    expect(triedUntil(call())).toBe(minute(60));
    expect(isTooLate(call(), minute(63))).toBe(false);
    expect(isTooLate(call(), plusMillis(minute(63), 1))).toBe(true);
    expect(givenUpAt(call())).toBe(minute(65));
  });

  it('is tried once all the same where nobody waits', () => {
    expect(isTooLate(call({ waits: false, attempts: 0 }), minute(600))).toBe(false);
    expect(isTooLate(call({ waits: false, attempts: 1 }), minute(600))).toBe(true);
    expect(isTooLate(call({ waits: true, attempts: 0 }), minute(600))).toBe(true);
  });
});

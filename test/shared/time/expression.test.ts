import { describe, expect, it } from 'vitest';
import { resolveInstant, resolvePoint } from '#shared/time/expression.ts';
import { localInstant } from '#shared/time/local.ts';

const ZONE = 'Europe/Warsaw';
const from = {
  now: localInstant('2026-10-26T12:30', ZONE),
  entry: localInstant('2026-10-20T09:00', ZONE),
  zone: ZONE,
  lookup: (ref: object) => ('trigger' in ref ? '2026-10-21T07:00:00.000Z' : 'trait' in ref ? 7 : undefined),
};

describe('an expression for a moment', () => {
  it.each([
    ['now', '2026-10-26T12:30'],
    ['now-PT3H', '2026-10-26T09:30'],
    ['now-P1D', '2026-10-25T12:30'],
    // The clock went back that night: the same clock time lies 49 hours before.
    ['now-P2D', '2026-10-24T12:30'],
    ['today', '2026-10-26T00:00'],
    ['today+P1W', '2026-11-02T00:00'],
    ['today-P1D', '2026-10-25T00:00'],
    ['entry', '2026-10-20T09:00'],
    ['entry+P1D', '2026-10-21T09:00'],
    ['2026-12-24', '2026-12-24T00:00'],
    ['2026-12-24T10:00', '2026-12-24T10:00'],
    ['2026-12-24T10:00Z', '2026-12-24T11:00'],
  ])('%s is %s', (expression, local) => {
    expect(resolveInstant(expression, from)).toBe(localInstant(local, ZONE));
  });

  it('follows a reference to a time, and stands for nothing where there is none', () => {
    expect(resolveInstant({ trigger: 'at' }, from)).toBe('2026-10-21T07:00:00.000Z');
    expect(resolveInstant({ trait: 'visits' }, from)).toBeUndefined();
    expect(resolveInstant({ step: 'code.expiresAt' }, from)).toBeUndefined();
  });

  it('has no "entry" outside a passage', () => {
    expect(resolveInstant('entry', { ...from, entry: undefined })).toBeUndefined();
    expect(resolveInstant('entry+P1D', { ...from, entry: undefined })).toBeUndefined();
  });

  it.each(['now-P5', 'now+P1D12H', 'later', '2026-02-30'])('%s stands for nothing', (expression) => {
    expect(resolveInstant(expression, from)).toBeUndefined();
  });

  it('means a whole day by a date and by today', () => {
    expect(resolvePoint('today', from)?.day).toBe(true);
    expect(resolvePoint('2026-12-24', from)?.day).toBe(true);
    expect(resolvePoint('now', from)?.day).toBe(false);
    expect(resolvePoint('2026-12-24T00:00', from)?.day).toBe(false);
  });

  it.each([
    ['America/New_York', '2026-11-01T12:00', 'now-P1D', '2026-10-31T12:00'],
    ['America/New_York', '2026-03-08T12:00', 'today', '2026-03-08T00:00'],
    ['Africa/Cairo', '2026-04-24T12:00', 'today', '2026-04-24T01:00'],
    ['Africa/Cairo', '2026-10-30T12:00', 'today-P1D', '2026-10-29T00:00'],
  ])('in %s at %s %s is %s', (zone, now, expression, local) => {
    expect(resolveInstant(expression, { ...from, zone, now: localInstant(now, zone) })).toBe(localInstant(local, zone));
  });
});

import { describe, expect, it } from 'vitest';
import { spanOf } from '#shared/condition/span.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { NOW, scope } from './build.ts';

const ENTRY = '2026-11-20T11:00:00.000Z';
const CAUSE = { type: 'cart.updated', at: ENTRY, arrived: ENTRY };
const given = scope({ entry: ENTRY, cause: CAUSE, trigger: { at: ENTRY, born: '2026-11-01' } });
const week = plusMillis(NOW, -7 * 86_400_000 + 1);

describe('from when something counts', () => {
  it('is from the beginning that the question has, when it names none', () => {
    expect(spanOf({}, given, undefined)).toEqual({ start: undefined, fromPassage: false });
    expect(spanOf({}, given, ENTRY)).toEqual({ start: ENTRY, fromPassage: true, doubtful: CAUSE });
  });

  it('is from its own moment, half open where it is so long ago', () => {
    expect(spanOf({ since: '2026-11-21' }, given, ENTRY)).toEqual({
      start: '2026-11-20T23:00:00.000Z',
      fromPassage: false,
    });
    expect(spanOf({ within: 'P7D' }, given, ENTRY)).toEqual({ start: week, fromPassage: false });
  });

  it('is from the later of two', () => {
    expect(spanOf({ since: '2026-01-01', within: 'P7D' }, given, ENTRY)?.start).toBe(week);
    expect(spanOf({ since: 'entry', within: 'P7D' }, given, undefined)).toEqual({ start: ENTRY, fromPassage: true });
  });

  it('is from the passage, whose trigger may lie by another clock', () => {
    expect(spanOf({ since: 'entry' }, given, undefined)).toEqual({ start: ENTRY, fromPassage: true, doubtful: CAUSE });
    expect(spanOf({ since: { trigger: 'born' } }, given, undefined)).toEqual({
      start: '2026-10-31T23:00:00.000Z',
      fromPassage: true,
    });
  });

  it('is without doubt while the trigger arrives, where it is not known when it did, and of another moment', () => {
    const certain = { start: ENTRY, fromPassage: true };
    expect(spanOf({ since: 'entry' }, { ...given, now: ENTRY }, undefined)).toEqual(certain);
    expect(spanOf({ since: 'entry' }, { ...given, cause: { type: 'x', at: ENTRY } }, undefined)).toEqual(certain);
    expect(spanOf({ since: 'entry' }, { ...given, cause: { ...CAUSE, at: NOW } }, undefined)).toEqual(certain);
  });

  it('is never where its moment is none', () => {
    expect(spanOf({ since: { trait: 'nothing' } }, given, ENTRY)).toBeUndefined();
  });
});

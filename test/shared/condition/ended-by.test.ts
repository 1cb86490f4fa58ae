import { describe, expect, it } from 'vitest';
import { endedBy } from '#shared/condition/ended-by.ts';
import type { Scope } from '#shared/condition/scope.ts';
import { localInstant } from '#shared/time/local.ts';
import { conditionOf, happened, havingDone, message, scope } from './build.ts';

const at = (time: string): string => localInstant(time, 'Europe/Warsaw');
const history = [
  happened('purchase', '2026-11-10T10:00', { total: 10 }),
  happened('purchase', '2026-11-12T10:00', { total: 20 }),
  happened('review.written', '2026-11-11T10:00', { stars: 5 }),
];
const ended = (written: unknown, given: Scope = havingDone(history)) => endedBy(conditionOf(written), given);
const [first, second, review] = history.map(({ at: then, data }) => ({ at: then, data }));

describe('what made a condition true is', () => {
  it('the newest event that it counts', () => {
    expect(ended({ event: 'purchase' })).toEqual(second);
    expect(ended({ event: 'purchase', where: { data: 'total', lt: 15 } })).toEqual(first);
  });

  it('nothing while the condition is false', () => {
    expect(ended({ event: 'registration' })).toBeUndefined();
    expect(ended({ all: [{ event: 'purchase' }, { event: 'registration' }] })).toBeUndefined();
  });

  it('nothing where what made it true has no data', () => {
    expect(ended({ not: { event: 'registration' } })).toBeUndefined();
    expect(ended({ event: 'registration', is: 0 })).toBeUndefined();
  });

  it('of several that had to be true the last, in whichever order they stand', () => {
    expect(ended({ all: [{ event: 'purchase' }, { event: 'review.written' }] })).toEqual(second);
    expect(ended({ all: [{ event: 'review.written' }, { event: 'purchase' }] })).toEqual(second);
  });

  it('of several that would do the first, in whichever order they stand', () => {
    expect(ended({ any: [{ event: 'purchase' }, { event: 'review.written' }] })).toEqual(review);
    expect(ended({ any: [{ event: 'review.written' }, { event: 'purchase' }] })).toEqual(review);
    expect(ended({ any: [{ event: 'registration' }, { event: 'purchase' }] })).toEqual(second);
  });

  it('of two at the same time the one that is written first', () => {
    const both = [happened('a', '2026-11-10T10:00', { n: 1 }), happened('b', '2026-11-10T10:00', { n: 2 })];
    expect(ended({ all: [{ event: 'a' }, { event: 'b' }] }, havingDone(both))?.data).toEqual({ n: 1 });
    expect(ended({ any: [{ event: 'a' }, { event: 'b' }] }, havingDone(both))?.data).toEqual({ n: 1 });
  });

  it('what a listener has heard first, though the like happened again', () => {
    const [{ id, type, at: then }] = history as [(typeof history)[0]];
    const heard = { goal: { event: id, type, at: then, rev: 1, n: 2 } };
    const leaf = (more: object) => ({ ...conditionOf({ event: 'purchase', ...more }), listener: 'goal' }) as never;
    const given = { ...havingDone(history), heard: heard as never };
    expect(endedBy(leaf({}), given)).toEqual(first);
    expect(endedBy(leaf({ gte: 2 }), given)).toEqual(second);
  });
});

describe('a message made it true', () => {
  const clicked = message({
    links: ['https://shop.example/tea', 'https://shop.example/cups'] as never,
    queuedAt: at('2026-11-20T09:00'),
    facts: { sent: at('2026-11-20T09:01'), clicked: at('2026-11-20T12:00') },
  });
  const given = scope({ own: { reminder: clicked } });

  it('when it came to stand as asked, and says its channel and the link', () => {
    expect(ended({ message: 'reminder', is: 'clicked' }, given)).toEqual({
      at: at('2026-11-20T12:00'),
      data: { channel: 'email', link: 'https://shop.example/tea' },
    });
    expect(ended({ message: 'reminder' }, given)?.at).toBe(at('2026-11-20T09:01'));
  });

  it('by the link that was asked for', () => {
    const cups = ended({ message: 'reminder', is: 'clicked', link: 'https://shop.example/cups' }, given);
    expect(cups?.data).toEqual({ channel: 'email', link: 'https://shop.example/cups' });
  });

  it('without a link where none was clicked', () => {
    const sent = scope({ own: { reminder: message({ facts: { sent: at('2026-11-20T09:01') } }) } });
    expect(ended({ message: 'reminder' }, sent)?.data).toEqual({ channel: 'email' });
  });

  it('of other journeys says nothing', () => {
    expect(ended({ message: 'any' }, given)).toBeUndefined();
  });
});

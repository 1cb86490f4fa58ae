import { describe, expect, it } from 'vitest';
import { countCall, countMessage, countPassage, countStanding } from '#shared/report/counts.ts';

const AT = '2026-03-02T09:00:00.000Z';

describe('a passage', () => {
  const inside = { state: 'inside' } as const;
  const converted = { state: 'converted', outcome: 'converted' } as const;
  const finished = { state: 'finished', outcome: 'finished' } as const;
  const left = { state: 'exited', outcome: 'emptied' } as const;
  const held = { state: 'held' } as const;
  const goal = { converted: { at: AT } };

  it.each([
    ['enters', undefined, inside, { entries: 1, inside: 1 }],
    ['enters as one that is held', undefined, { state: 'held' } as const, { entries: 1, held: 1 }],
    ['goes on', inside, inside, {}],
    ['converts', inside, converted, { inside: -1, converted: 1 }],
    ['finishes', inside, finished, { inside: -1, finished: 1 }],
    ['leaves', inside, left, { inside: -1, 'exited/emptied': 1 }],
    ['leaves and says no word', inside, { state: 'exited' } as const, { inside: -1, 'exited/left': 1 }],
    ['converts after its end', finished, converted, { finished: -1, converted: 1 }],
    ['reaches its goal', inside, { ...converted, ...goal }, { inside: -1, converted: 1, reached: 1 }],
    ['reaches its goal and stays inside', inside, { ...inside, ...goal }, { reached: 1 }],
    ['reaches its goal after it left', left, { ...left, ...goal }, { reached: 1 }],
    ['reaches its goal while it is held', held, { ...held, ...goal }, { 'reached/held': 1 }],
    ['has reached its goal before', { ...inside, ...goal }, { ...converted, ...goal }, { inside: -1, converted: 1 }],
    ['is forgotten', finished, undefined, {}],
  ])('that %s', (_, before, after, counts) => {
    expect(countPassage(before, after)).toEqual(counts);
  });

  it('is counted in exactly one of the five from its entry on', () => {
    const all = [inside, converted, finished, left, { state: 'held' } as const];
    for (const before of all)
      for (const after of all) expect(Object.values(countPassage(before, after)).reduce((a, b) => a + b, 0)).toBe(0);
  });
});

describe('where a passage stands', () => {
  const at = (step: string, version = 1) =>
    ({ version, state: 'inside', cursor: { step, visit: 1, began: AT, wakeAt: AT } }) as const;
  const fresh = { version: 1, state: 'inside', cursor: null } as const;
  const over = { version: 1, state: 'finished', cursor: null } as const;

  it.each([
    ['enters', undefined, fresh, [[1, { 'at/': 1 }]]],
    [
      'takes its first turn',
      fresh,
      at('think'),
      [
        [1, { 'at/': -1 }],
        [1, { 'at/think': 1 }],
      ],
    ],
    ['hears something and stays', at('think'), at('think'), []],
    ['ends', at('think'), over, [[1, { 'at/think': -1 }]]],
    ['is over', over, over, []],
    ['is held out', undefined, { version: 1, state: 'held', cursor: null } as const, []],
    ['vanishes', at('think'), undefined, [[1, { 'at/think': -1 }]]],
    [
      'is moved to another version',
      at('think'),
      at('think', 2),
      [
        [1, { 'at/think': -1 }],
        [2, { 'at/think': 1 }],
      ],
    ],
  ])('that %s', (_, before, after, counts) => {
    expect(countStanding(before, after).map((one) => [one.version, one.counts])).toEqual(counts);
  });
});

describe('a message', () => {
  const said = (facts: object, reason?: string) => ({ step: 'hello', facts, ...(reason && { reason }) });

  it.each([
    ['is queued', undefined, said({}), {}],
    ['is sent', said({}), said({ sent: AT }), { 'messages/hello/sent': 1 }],
    ['is delivered', said({ sent: AT }), said({ sent: AT, delivered: AT }), { 'messages/hello/delivered': 1 }],
    ['is told of twice', said({ sent: AT }), said({ sent: AT }), {}],
    ['is withheld', said({}), said({ withheld: AT }, 'no-consent'), { 'messages/hello/withheld/no-consent': 1 }],
    ['is unknown', said({}), said({ unknown: AT }), { 'messages/hello/unknown': 1 }],
    [
      'was unknown and has been sent after all',
      said({ unknown: AT }),
      said({ unknown: AT, sent: AT }),
      { 'messages/hello/sent': 1, 'messages/hello/unknown': -1 },
    ],
    ['was sent and is thought unknown', said({ sent: AT }), said({ sent: AT, unknown: AT }), {}],
    [
      'is opened and clicked by programs',
      said({ sent: AT }),
      { ...said({ sent: AT }), machineOpened: AT, machineClicked: AT },
      { 'messages/hello/opened/machine': 1, 'messages/hello/clicked/machine': 1 },
    ],
    [
      'is opened by somebody after a program',
      { ...said({ sent: AT }), machineOpened: AT },
      { ...said({ sent: AT, opened: AT }), machineOpened: AT },
      { 'messages/hello/opened': 1 },
    ],
    ['is forgotten', said({ sent: AT }), undefined, {}],
  ])('that %s', (_, before, after, counts) => {
    expect(countMessage(before, after)).toEqual(counts);
  });
});

describe('a call', () => {
  const queued = { step: 'tell', waits: true, state: 'queued' } as const;
  const taken = { ...queued, state: 'done', ok: true } as const;
  const failed = { ...queued, state: 'done', ok: false } as const;
  const name = (...what: string[]) => Object.fromEntries(what.map((one) => [`calls/tell/${one}`, 1]));

  it.each([
    ['is put out', undefined, queued, name('called')],
    ['is tried again', queued, queued, {}],
    ['is taken', queued, taken, {}],
    ['fails', queued, failed, name('failed', 'otherwise')],
    ['fails, and nobody waited for it', queued, { ...failed, waits: false }, name('failed')],
    ['has failed before', failed, failed, {}],
    ['had no room for a field', undefined, { ...queued, cut: ['a'] }, name('called', 'cut')],
    ['was answered more than is kept', queued, { ...taken, unread: ['a'] }, name('cut')],
    ['lost fields both ways', { ...queued, cut: ['a'] }, { ...taken, cut: ['a'], unread: ['b'] }, {}],
    ['is forgotten', taken, undefined, {}],
  ])('that %s', (_, before, after, counts) => {
    expect(countCall(before, after)).toEqual(counts);
  });
});

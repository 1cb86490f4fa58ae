import { expect, it } from 'vitest';
import { reasonOfLetter } from '#shared/redrive/letter.ts';
import { countOf, isMeant, Piles } from '#shared/redrive/pile.ts';

const STREAM = { requestContext: { condition: 'RecordAgeExceeded' }, DDBStreamBatchInfo: { batchSize: 3 } };
const NONE = 'no reason: SQS gave it up';

it.each<[string, Record<string, string>, string, string]>([
  ['what a function says', { reason: 'bad-event: at' }, '{}', 'bad-event: at'],
  ['what EventBridge says', { ERROR_CODE: 'NO_PERMISSIONS', ERROR_MESSAGE: 'no' }, '{}', 'NO_PERMISSIONS: no'],
  ['its code alone', { ERROR_CODE: 'NO_RESOURCE' }, '{}', 'NO_RESOURCE'],
  [
    'what Lambda says of the stream',
    {},
    JSON.stringify(STREAM),
    'RecordAgeExceeded: changes of the table were not counted',
  ],
  ['nothing, of a message', {}, '{"n":1}', NONE],
  ['nothing, of what is no JSON', {}, '"DDBStreamBatchInfo" {', NONE],
  ['nothing, of a customer who writes like Lambda', {}, '{"data":{"DDBStreamBatchInfo":1}}', NONE],
])('the reason of a letter is %s', (_, attributes, body, reason) => {
  expect(reasonOfLetter(attributes, body)).toBe(reason);
});

const at = '2026-03-02T09:00:00.000Z';
const hostile = `bad-event: \u001b]0;you\u0007\u001b[2J\r\n\u009b31m\u202e${'x'.repeat(100_000)}`;

it('a reason that others have written steers no terminal and fills no screen', () => {
  const piles = new Piles();
  piles.add({ reason: hostile, at });
  const [pile] = piles.list();
  expect(pile?.reason).toMatch(/^bad-event: \?\]0;you\?\?\[2J\?\?\?31m\?x+…$/);
  expect(pile?.reason).toHaveLength(200);
  // It can be asked for as it was shown.
  expect(isMeant(hostile, pile?.reason)).toBe(true);
  expect(isMeant(hostile, 'bad-event: ?]0;you')).toBe(true);
  expect(isMeant(hostile, 'other')).toBe(false);
  expect(isMeant(hostile, undefined)).toBe(true);
});

it('a reason is meant by what was shown of it, wherever that was cut, and by no mere sign of a cut', () => {
  const reason = `${'x'.repeat(198)}😀${'y'.repeat(50)}`;
  const piles = new Piles();
  piles.add({ reason, at: '2026-03-02T09:00:00.000Z' });
  const [pile] = piles.list();
  // As a terminal and a shell pass it on.
  expect(isMeant(reason, Buffer.from(pile?.reason ?? '').toString())).toBe(true);
  expect(isMeant(reason, '…')).toBe(false);
});

it('piles are counted by reason and place, the highest first, with the oldest of each', () => {
  const piles = new Piles();
  for (const n of [3, 1, 2]) piles.add({ reason: 'a', at: `2026-03-0${n}T00:00:00.000Z` });
  piles.add({ reason: '__proto__', at });
  for (const step of ['x', 'y', 'x', 'x', 'x']) piles.add({ reason: 'a', journey: 'cart', step, at });
  expect(piles.list()).toEqual([
    { reason: 'a', journey: 'cart', step: 'x', count: 4, oldest: at },
    { reason: 'a', count: 3, oldest: '2026-03-01T00:00:00.000Z' },
    { reason: '__proto__', count: 1, oldest: at },
    { reason: 'a', journey: 'cart', step: 'y', count: 1, oldest: at },
  ]);
  expect(countOf(piles.list())).toBe(9);
});

import { expect, it } from 'vitest';
import { killed } from '../../../bench/kills.ts';

it('records every order once, though the process is killed while they come', { timeout: 120_000 }, async () => {
  expect(await killed({ orders: 200, kills: 6 })).toMatchObject({
    recorded: 200,
    countedOnce: 200,
    givenUp: 0,
    kills: 6,
  });
});

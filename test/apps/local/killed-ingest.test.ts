import { expect, it } from 'vitest';
import { killed } from '../../../bench/kills.ts';

it('records every order once, though the process is killed while they come', { timeout: 120_000 }, async () => {
  expect(await killed({ orders: 90, kills: 3 })).toMatchObject({
    recorded: 90,
    countedOnce: 90,
    givenUp: 0,
    kills: 3,
  });
});

import { expect, it } from 'vitest';
import { receiptKey, suppressionKey } from '#shared/store/keys.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { AccessDenied } from '#test/build/permitted.ts';

const receipt = receiptKey('e1');
const address = suppressionKey('email', 'h');

it('a function that a test runs has of the table what its row in grants.ts says, and no more', async () => {
  const shop = new HandShop();
  const { table } = shop.given('send');
  expect(await table.get(address)).toBeUndefined();
  await table.transact([{ kind: 'check', key: address, if: { absent: true } }]);
  const denied = [
    () => table.get(receipt),
    () => table.batchGet([address, receipt]),
    () => table.query({ pk: receipt.pk }),
    () => table.queryIndex({ index: 'due', pk: 'due#1', limit: 1 }),
    () => table.write({ kind: 'delete', key: address }),
    () => table.transact([{ kind: 'check', key: receipt, if: { absent: true } }]),
    () => shop.given('collect').table.get(address),
  ];
  for (const one of denied) expect(one).toThrow(AccessDenied);
});

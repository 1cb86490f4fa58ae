import { StillClock } from '#test/build/table.ts';
import { tableContract } from '#test/shared/store/contract.ts';
import { MemoryTable } from './memory-table.ts';

tableContract('MemoryTable', async () => {
  const clock = new StillClock();
  return { table: new MemoryTable({ now: () => Date.parse(clock.time) }), clock };
});

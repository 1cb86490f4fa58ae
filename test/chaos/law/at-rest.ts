import type { World } from '../world/world.ts';
import { checkAudit } from './audit.ts';
import { checkCalls } from './calls.ts';
import { checkCounters } from './counters.ts';
import { checkErasures } from './erasures.ts';
import { checkEvents } from './events.ts';
import { checkFiles } from './files.ts';
import type { Ledger } from './ledger.ts';
import { checkMessages } from './messages.ts';
import { checkPassages } from './passages.ts';
import { People } from './people.ts';
import { checkProfiles } from './profiles.ts';

/** What must hold once nothing goes on any more that time alone does not bring. */
export function checkAtRest(world: World, ledger: Ledger): void {
  const people = new People(ledger.events.values());
  checkEvents(world, ledger, people);
  checkProfiles(world, ledger, people);
  checkErasures(world, ledger, people);
  checkPassages(world, ledger);
  checkFiles(world, ledger);
  checkMessages(world, ledger);
  checkCalls(world, ledger);
  checkCounters(world, ledger);
  checkAudit(world, ledger);
  ledger.ways.rest(world.scheduler.millis);
  if (world.queues.waiting > 0) ledger.broken('queues come to rest', `${world.queues.waiting} messages still wait`);
  for (const { queue, reason } of world.queues.dead)
    ledger.broken('no message dies of passing faults', `one of ${queue}: ${reason}`);
  if (!world.stream.isRead) ledger.broken('everything is counted', 'the stream is not read to its end');
}

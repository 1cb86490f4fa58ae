import { type Enrolment, wakesAt } from '#shared/enrolment/enrolment.ts';
import { readEnrolment } from '#shared/store/enrolments.ts';
import { kindOf } from '#shared/store/keys.ts';
import { plusMillis } from '#shared/time/instant.ts';
import type { World } from '../world/world.ts';
import type { Ledger } from './ledger.ts';

/** How long a chain of faults may keep somebody asleep: retries for an hour, then review, then a new leg. */
const PATIENCE = 2 * 3_600_000;

export function checkPassages(world: World, ledger: Ledger): void {
  const passages: Enrolment[] = [];
  for (const row of world.table.all()) {
    const passage = kindOf(row) === 'enrolment' ? readEnrolment(row) : undefined;
    if (passage) passages.push(passage);
  }
  for (const passage of passages) if (passage.state === 'inside') checkAsleep(passage, world, ledger);
  const doors = Map.groupBy(passages, ({ contact, journey, key }) => `${journey} ${key} of ${contact}`);
  for (const [door, through] of doors) checkDoor(door, through, world, ledger);
  checkExecutions(passages, world, ledger);
}

/** Nobody sleeps past their time, and nobody who is owed a wake sleeps on. */
function checkAsleep(passage: Enrolment, { scheduler }: World, ledger: Ledger): void {
  const wake = wakesAt(passage) ?? passage.entered;
  const late = plusMillis(scheduler.now(), -PATIENCE);
  const said = `${passage.journey} of ${passage.contact}, at ${passage.cursor?.step ?? 'its beginning'}`;
  if (wake < late) ledger.broken('nobody sleeps past their time', `${said}, should have woken at ${wake}`);
  if (passage.stranded) ledger.broken('nobody is stranded', said);
}

/** A contact enters once for one event, and no more often than the journey says. */
function checkDoor(door: string, through: readonly Enrolment[], { shop }: World, ledger: Ledger): void {
  const causes = new Set(through.map(({ trigger }) => trigger.event));
  if (causes.size < through.length)
    ledger.broken('one event lets a contact in once', `${door}: ${through.length} times`);
  const again = through[0] && shop.definitions[through[0].journey]?.entry?.again;
  if (!again && through.length > 1)
    ledger.broken('a contact enters as often as the journey says', `${door}: ${through.length} times`);
  const inside = through.filter(({ state }) => state === 'inside');
  if (inside.length > 1) ledger.broken('nobody is inside twice', door);
}

/** Every execution of a passage that is over has come to its end. */
function checkExecutions(passages: readonly Enrolment[], { machine }: World, ledger: Ledger): void {
  const over = new Set(passages.flatMap(({ id, state }) => (state === 'inside' ? [] : [id])));
  for (const { name, status } of machine.executions.values())
    if (status === 'running' && [...over].some((id) => name.includes(id)))
      ledger.broken('an execution ends with its passage', name);
}

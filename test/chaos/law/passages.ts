import { type Enrolment, wakesAt } from '#shared/enrolment/enrolment.ts';
import { executionName } from '#shared/enrolment/ids.ts';
import { readEnrolment } from '#shared/store/enrolments.ts';
import { kindOf } from '#shared/store/keys.ts';
import { plusMillis } from '#shared/time/instant.ts';
import type { World } from '../world/world.ts';
import { checkEdits, statusOf } from './edits.ts';
import type { Ledger } from './ledger.ts';
import { versionsOf } from './person.ts';

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
  checkEdits(
    passages.filter(({ state }) => state === 'inside'),
    world,
    ledger,
  );
}

/** Nobody sleeps past their time, and nobody who is owed a wake sleeps on. */
function checkAsleep(passage: Enrolment, world: World, ledger: Ledger): void {
  const { scheduler } = world;
  // It stands still for as long as its journey does.
  if (statusOf(world, passage.journey) === 'paused') return;
  const wake = wakesAt(passage) ?? passage.entered;
  const late = plusMillis(scheduler.now(), -PATIENCE);
  const said = `${passage.journey} of ${passage.contact}, at ${passage.cursor?.step ?? 'its beginning'}`;
  if (wake < late) ledger.broken('nobody sleeps past their time', `${said}, should have woken at ${wake}`);
  if (passage.stranded) ledger.broken('nobody is stranded', said);
}

/** A contact enters once for one event, and no more often than the journey says. */
function checkDoor(door: string, through: readonly Enrolment[], world: World, ledger: Ledger): void {
  const causes = new Set(through.map(({ trigger }) => trigger.event));
  if (causes.size < through.length)
    ledger.broken('one event lets a contact in once', `${door}: ${through.length} times`);
  const again = versionsOf(world, through[0]?.journey ?? '').some(({ entry }) => entry?.again !== undefined);
  if (!again && through.length > 1)
    ledger.broken('a contact enters as often as the journey says', `${door}: ${through.length} times`);
  const inside = through.filter(({ state }) => state === 'inside');
  if (inside.length > 1) ledger.broken('nobody is inside twice', door);
}

/** Nothing runs but for a passage that somebody is inside, and on the leg that it is on. */
function checkExecutions(passages: readonly Enrolment[], { machine }: World, ledger: Ledger): void {
  const going = new Set(
    passages.flatMap(({ id, journey, leg, state }) => (state === 'inside' ? [executionName(journey, id, leg)] : [])),
  );
  for (const { name, status } of machine.executions.values())
    if (status === 'running' && !going.has(name)) ledger.broken('an execution ends with its passage', name);
}

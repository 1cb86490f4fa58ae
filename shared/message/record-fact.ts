import { hearFact } from '#shared/enrolment/hear.ts';
import { type HintDeps, hint, refOf } from '#shared/enrolment/hints.ts';
import { ConditionFailed } from '#shared/errors.ts';
import type { Event } from '#shared/event/event.ts';
import { isWanted } from '#shared/event/happenings.ts';
import { factHappenings, messageHappening } from '#shared/event/notice.ts';
import { putEvents } from '#shared/event/put.ts';
import { ownOf } from '#shared/own-of.ts';
import type { Bus } from '#shared/ports.ts';
import { looksForMail } from '#shared/segment/watching.ts';
import { loadEnrolment } from '#shared/store/enrolments.ts';
import { noteHeard } from '#shared/store/heard.ts';
import type { Published } from '#shared/store/journeys.ts';
import type { EnrolmentRef } from '#shared/store/keys.ts';
import { type Fact, noteFact } from '#shared/store/messages.ts';
import type { Table, Write } from '#shared/store/table.ts';
import { type Instant, plusMillis } from '#shared/time/instant.ts';
import { type Message, MOST_LINKS } from './message.ts';

export type FactDeps = HintDeps & { readonly published: Published; readonly bus: Bus };

/**
 * Writes a new fact of a message, together with its passage's hearing of it where the journey listens for that, and
 * wakes the passage; then tells all others who want to know. A fact that stands already changes nothing, and is told
 * again.
 */
export async function recordFact(message: Message, fact: Fact, deps: FactDeps): Promise<void> {
  const { contact, journey, step, id } = message;
  const passage = refOf(message);
  const version = await versionOf(message, passage, deps);
  const listeners = hearFact(await deps.published.version(journey, version), step, fact.fact);
  const known = knownSince(message, fact);
  const heard =
    listeners.length === 0
      ? []
      : [noteHeard(passage, listeners, { event: id, type: `message.${fact.fact}`, at: fact.at })];
  if (known === undefined) {
    const looks = await looksForMail(contact, deps.published, deps.clock.now());
    await writeAll([noteFact(contact, id, fact), ...looks], heard, deps.table);
  }
  if (heard.length > 0) await hint(passage, deps);
  await tell([messageHappening(message, { ...fact, at: known ?? fact.at })], deps);
}

/** Since when a fact stands; of a click: on this very link, as long as there is room for one more. */
function knownSince({ facts, links = [] }: Message, { fact, link }: Fact): Instant | undefined {
  const isNew = link !== undefined && !links.includes(link) && links.length < MOST_LINKS;
  return isNew ? undefined : facts[fact];
}

/** For who finds a message done: what was noted of it may not have reached its passage, nor the others. */
export async function repeatFacts(message: Message, deps: FactDeps): Promise<void> {
  await hint(refOf(message), deps);
  await tell(factHappenings(message), deps);
}

/** As long as anybody may try again what broke off. Later, somebody opens an old mail once more. */
const TOLD_FOR = 14 * 86_400_000;

/** A complaint is told by who withdraws the consent with it. */
async function tell(happenings: readonly Event[], { published, bus, clock }: FactDeps): Promise<void> {
  const from = plusMillis(clock.now(), -TOLD_FOR);
  const wanted = await published.wanted();
  await putEvents(
    bus,
    happenings.filter((one) => one.type !== 'message.complained' && one.at >= from && isWanted(wanted, one)),
  );
}

/** The version that the message's passage is on now: an edit may have moved it, but only to a later one that was live. */
async function versionOf(
  { journey, version }: Message,
  passage: EnrolmentRef,
  { published, table }: FactDeps,
): Promise<number> {
  const live = ownOf((await published.catalogue()).journeys, journey);
  if (live === undefined || live.version === version) return version;
  return (await loadEnrolment(table, passage))?.version ?? version;
}

/** A passage's row leaves before its messages do: what nobody is left to hear is noted all the same. */
async function writeAll(own: readonly Write[], heard: readonly Write[], table: Table): Promise<void> {
  const [note] = own;
  if (note && own.length + heard.length === 1) return void (await table.write(note));
  try {
    await table.transact([...own, ...heard]);
  } catch (error) {
    const { failed = [] } = error instanceof ConditionFailed ? error : {};
    const isGone = heard.length > 0 && failed.length === 1 && failed[0] === own.length;
    if (!isGone) throw error;
    await writeAll(own, [], table);
  }
}

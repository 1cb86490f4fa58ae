import { hearFact } from '#shared/enrolment/hear.ts';
import { type HintDeps, hint, refOf } from '#shared/enrolment/hints.ts';
import { ConditionFailed, Conflict } from '#shared/errors.ts';
import type { Event } from '#shared/event/event.ts';
import { isWanted } from '#shared/event/happenings.ts';
import { factHappenings, messageHappening } from '#shared/event/notice.ts';
import { putEvents } from '#shared/event/put.ts';
import { ownOf } from '#shared/own-of.ts';
import type { Bus } from '#shared/ports.ts';
import { looksForMail } from '#shared/segment/watching.ts';
import { checkVersion, loadEnrolment } from '#shared/store/enrolments.ts';
import { noteHeard } from '#shared/store/heard.ts';
import type { EnrolmentRef } from '#shared/store/keys.ts';
import { type Fact, noteFact } from '#shared/store/messages.ts';
import type { Published } from '#shared/store/published.ts';
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
  const known = knownSince(message, fact);
  const isHeard = known === undefined ? await note(message, fact, deps) : (await hearing(message, fact, deps)).isHeard;
  if (isHeard) await hint(refOf(message), deps);
  await tell([messageHappening(message, { ...fact, at: known ?? fact.at })], deps);
}

const ATTEMPTS = 8;

/** Notes it, and whether its passage has heard it. An edit that moves the passage meanwhile has it heard anew. */
async function note(message: Message, fact: Fact, deps: FactDeps): Promise<boolean> {
  const { contact, id } = message;
  const looks = await looksForMail(contact, deps.published, deps.clock.now());
  const own = [noteFact(contact, id, fact), ...looks];
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const { writes, isHeard, mayMove } = await hearing(message, fact, deps);
    if (await isWritten(own, writes, deps.table)) return isHeard;
    // A passage's row leaves before its messages do: what nobody is left to hear is noted all the same.
    if (!mayMove && (await isWritten(own, [], deps.table))) return false;
  }
  throw new Conflict(`what was said of message ${id} met edits ${ATTEMPTS} times`);
}

type Hearing = { readonly writes: readonly Write[]; readonly isHeard: boolean; readonly mayMove: boolean };

/** What the passage hears of it, by the words of the version that it is on. */
async function hearing(message: Message, { fact, at }: Fact, deps: FactDeps): Promise<Hearing> {
  const passage = refOf(message);
  const { version, mayMove } = await standing(message, passage, deps);
  const listeners = hearFact(await deps.published.version(message.journey, version), message.step, fact);
  const isHeard = listeners.length > 0;
  const heard = noteHeard(passage, listeners, { event: message.id, type: `message.${fact}`, at }, deps.clock.now());
  const stays = { equals: { version } };
  if (mayMove)
    return { isHeard, mayMove, writes: [isHeard ? { ...heard, if: stays } : checkVersion(passage, version)] };
  return { isHeard, mayMove, writes: isHeard ? [heard] : [] };
}

/** Since when a fact stands; of a click: on this very link, as long as there is room for one more; of a bounce: as hard. */
function knownSince({ facts, hardBounced, links = [] }: Message, { fact, link, ...more }: Fact): Instant | undefined {
  const isNew =
    (link !== undefined && !links.includes(link) && links.length < MOST_LINKS) ||
    (more.hardBounced !== undefined && hardBounced === undefined);
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

/**
 * The version that the message's passage is on now, and whether an edit may just be moving it: it moves only to a later
 * one that was live, a minute after that went live.
 */
async function standing(
  { journey, version }: Message,
  passage: EnrolmentRef,
  { published, table }: FactDeps,
): Promise<{ readonly version: number; readonly mayMove: boolean }> {
  const live = ownOf((await published.catalogue()).journeys, journey);
  if (live === undefined || live.version === version) return { version, mayMove: false };
  const row = await loadEnrolment(table, passage);
  return { version: row?.version ?? version, mayMove: row?.state === 'inside' && row.version < live.version };
}

/** False when the passage is not where it was thought to be, or not there any more. */
async function isWritten(own: readonly Write[], heard: readonly Write[], table: Table): Promise<boolean> {
  const [note] = own;
  try {
    if (note && own.length + heard.length === 1) await table.write(note);
    else await table.transact([...own, ...heard]);
    return true;
  } catch (error) {
    // The hearing comes last: where it is the first that failed, it is the only one.
    const isUnheard = error instanceof ConditionFailed && error.failed[0] === own.length;
    if (!isUnheard) throw error;
    return false;
  }
}

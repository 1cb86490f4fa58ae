import { hearFact } from '#shared/enrolment/hear.ts';
import { type HintDeps, hint } from '#shared/enrolment/hints.ts';
import { ConditionFailed } from '#shared/errors.ts';
import { noteHeard } from '#shared/store/heard.ts';
import type { Published } from '#shared/store/journeys.ts';
import type { EnrolmentRef } from '#shared/store/keys.ts';
import { type Fact, noteFact } from '#shared/store/messages.ts';
import type { Table, Write } from '#shared/store/table.ts';
import type { Message } from './message.ts';

export type FactDeps = HintDeps & { readonly published: Published };

/**
 * Writes a new fact of a message, together with its passage's hearing of it where the journey listens for that, and
 * wakes the passage. A fact that stands already changes nothing, and the wake is hinted again.
 */
export async function recordFact(message: Message, fact: Fact, deps: FactDeps): Promise<void> {
  const { contact, journey, key, n, version, step, id } = message;
  const passage: EnrolmentRef = { contact, journey, key, n };
  const listeners = hearFact(await deps.published.version(journey, version), step, fact.fact);
  const known = message.facts[fact.fact] !== undefined;
  const note = noteFact(contact, id, fact);
  if (listeners.length === 0) {
    if (!known) await deps.table.write(note);
    return;
  }
  const heard = noteHeard(passage, listeners, { event: id, type: `message.${fact.fact}`, at: fact.at });
  if (!known) await writeBoth(note, heard, deps.table);
  await hint(passage, deps);
}

/** A passage's row leaves before its messages do: what nobody is left to hear is noted all the same. */
async function writeBoth(note: Write, heard: Write, table: Table): Promise<void> {
  try {
    await table.transact([note, heard]);
  } catch (error) {
    const isGone = error instanceof ConditionFailed && error.failed.length === 1 && error.failed[0] === 1;
    if (!isGone) throw error;
    await table.write(note);
  }
}

import { hearFact } from '#shared/enrolment/hear.ts';
import { type HintDeps, hint } from '#shared/enrolment/hints.ts';
import { ConditionFailed } from '#shared/errors.ts';
import { looksForMail } from '#shared/segment/watching.ts';
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
  const heard =
    listeners.length === 0
      ? []
      : [noteHeard(passage, listeners, { event: id, type: `message.${fact.fact}`, at: fact.at })];
  if (message.facts[fact.fact] === undefined) {
    const looks = await looksForMail(contact, deps.published, deps.clock.now());
    await writeAll([noteFact(contact, id, fact), ...looks], heard, deps.table);
  }
  if (heard.length > 0) await hint(passage, deps);
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

import { MESSAGE_FACTS, type Message } from '#shared/message/message.ts';
import { kindOf } from '#shared/store/keys.ts';
import { readMessage } from '#shared/store/messages.ts';
import type { Taken } from '../world/ses.ts';
import type { World } from '../world/world.ts';
import { statusOf } from './edits.ts';
import type { Ledger } from './ledger.ts';

/** Marketing mail goes at most once; order mail is not lost, and goes twice only where nobody knew. */
export function checkMessages(world: World, ledger: Ledger): void {
  const known = new Set<string>();
  for (const row of world.table.all()) {
    const message = kindOf(row) === 'message' ? readMessage(row) : undefined;
    if (!message) continue;
    known.add(message.id);
    const taken = ledger.taken.get(message.id) ?? [];
    const mails = taken.length;
    const said = `${message.lane} ${message.journey}/${message.step} of ${message.contact}`;
    checkMails(message, mails, said, world, ledger);
    checkDistance(taken, said, ledger);
    if (statusOf(world, message.journey) !== 'paused') checkEnd(message, said, world, ledger);
  }
  // Of who was erased nothing is left.
  for (const row of ledger.gone) if (kindOf(row) === 'message') known.add(String(row['id']));
  for (const [id, mails] of ledger.taken)
    if (!known.has(id)) ledger.broken('every mail has its message', `${mails.length} mails of ${id}`);
}

function checkMails({ lane, facts }: Message, mails: number, said: string, { faults }: World, ledger: Ledger): void {
  if (lane === 'marketing' && mails > 1)
    ledger.broken('a marketing mail goes at most once', `${said} went ${mails} times`);
  if (lane === 'marketing' && mails > 0 && facts.withheld !== undefined)
    ledger.broken('what is withheld does not go', `${said} went`);
  const wasInDoubt = faults.happened.some(({ by }) => by === 'send');
  if (lane === 'transactional' && mails > (wasInDoubt ? 2 : 1))
    ledger.broken('an order mail goes twice only where nobody knew', `${said} went ${mails} times`);
  if (mails > 0 && !MESSAGE_FACTS.some((fact) => fact !== 'unknown' && facts[fact] !== undefined))
    ledger.broken('a mail that went is known to have gone', `${said}: ${JSON.stringify(facts)}`);
}

/** Nobody knows of a mail only after a quarter of an hour: sooner no other may follow it. */
const SOONEST = 10 * 60_000;

function checkDistance(taken: readonly Taken[], said: string, ledger: Ledger): void {
  for (const [i, { at }] of taken.entries()) {
    const before = taken[i - 1]?.at;
    if (before !== undefined && at - before < SOONEST)
      ledger.broken('an order mail goes twice only where nobody knew', `${said} went again after ${at - before} ms`);
  }
}

function checkEnd({ state, facts, expiresAt }: Message, said: string, { scheduler }: World, ledger: Ledger): void {
  const mayWait = expiresAt !== undefined && expiresAt > scheduler.now();
  if (state !== 'done' && !mayWait) ledger.broken('every message comes to an end', `${said} is ${state}`);
  if (state === 'done' && Object.keys(facts).length === 0)
    ledger.broken('every message comes to an end', `${said} is done and nothing is known of it`);
}

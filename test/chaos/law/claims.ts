import type { Stored } from '#shared/adapters/sqlite/apply.ts';
import type { Message } from '#shared/message/message.ts';
import { readEnrolment } from '#shared/store/enrolments.ts';
import { enrolmentKey, profileKey, suppressionKey } from '#shared/store/keys.ts';
import { readMessage } from '#shared/store/messages.ts';
import { emailHash } from '#shared/store/profiles.ts';
import { fromMillis, plusMillis } from '#shared/time/instant.ts';
import type { World } from '../world/world.ts';
import type { Ledger } from './ledger.ts';
import { checkLimits } from './limits.ts';
import { definitionOf, lastWords, partsOf, recordedOf, saidOf } from './person.ts';

/** Less than the window of a goal that says nothing of it. */
const WINDOW = 13 * 86_400_000;

/** What must hold at the moment of the claim. */
export function checkClaim(row: Stored, world: World, ledger: Ledger): void {
  const message = readMessage(row);
  const parts = message ? partsOf(world, message.contact) : [];
  const profile = world.table.read(profileKey(parts[0] ?? ''));
  if (!message) return;
  const to = `${message.journey}/${message.step} to ${message.contact}`;
  if (!profile) {
    ledger.broken('who is erased gets nothing', to);
    return;
  }
  // A guest is answered where they asked (ADR 0074).
  const { trigger } = readEnrolment(world.table.read(enrolmentKey(message))) ?? {};
  const email = trigger?.email ?? (profile['identities'] as { email?: string }).email;
  if (email !== undefined && world.table.read(suppressionKey('email', emailHash(email))))
    ledger.broken('no mail goes to the suppressed', to);
  checkPassage(message, to, world, ledger);
  checkStatus(message, to, world, ledger);
  if (message.lane !== 'marketing') return;
  checkConsent(message, parts, world, ledger);
  checkLimits(message, parts, world, ledger);
}

function checkPassage(message: Message, to: string, world: World, ledger: Ledger): void {
  const passage = readEnrolment(world.table.read(enrolmentKey(message)));
  if (passage?.state === 'exited') ledger.broken('who has left gets nothing', to);
  if (!passage || message.lane !== 'marketing') return;
  const goal = definitionOf(world, message.journey, passage.version)?.goal;
  if (goal === undefined || goal.leave === false) return;
  if (passage.state === 'converted') ledger.broken('who has done it is not asked again', to);
  const isPlain = JSON.stringify(goal.if) === JSON.stringify({ event: 'purchase' });
  const hasHeard = Object.keys(passage.heard).some((listener) => listener.startsWith('!goal'));
  if (isPlain && hasHeard && message.queuedAt < plusMillis(passage.entered, WINDOW))
    ledger.broken('what is recorded before the claim stops the mail', to);
}

/** What is cached of the journey, and as long as a function may take. */
const HONOURED = 10_000 + 60_000;

function checkStatus({ journey }: Message, to: string, { scheduler }: World, ledger: Ledger): void {
  const { status = 'live', since = 0 } = ledger.statuses.get(journey) ?? {};
  if (['paused', 'archived'].includes(status) && scheduler.millis > since + HONOURED)
    ledger.broken('a journey that is paused or archived sends nothing', `${to}: ${status} since ${fromMillis(since)}`);
}

/** Marketing has consent by what is recorded and what was said on a page, and no refusal of before a merge against it. */
function checkConsent(message: Message, parts: readonly string[], world: World, ledger: Ledger): void {
  const { topic } = message;
  const to = `${message.journey}/${message.step} to ${message.contact}: ${topic}`;
  const said = [...recordedOf(parts, world), ...saidOf(parts, world)];
  const statesOf = (of: string): string[] => lastWords(said, of).map(({ state }) => state);
  const denied = [topic, 'marketing'].find((of) => {
    const states = statesOf(of);
    return states.length > 0 && states.every((state) => state === 'denied');
  });
  if (denied !== undefined || !statesOf(topic).includes('granted'))
    ledger.broken(
      'marketing goes only to who has consented',
      `${to} is ${statesOf(topic).join(' and ') || 'unsaid'}, marketing ${statesOf('marketing').join(' and ') || 'unsaid'}`,
    );
  for (const refusal of ledger.refusals.get(parts[0] ?? '') ?? []) {
    if (refusal.topic !== topic && refusal.topic !== 'marketing') continue;
    const since = said.some((one) => one.topic === refusal.topic && one.state !== 'denied' && one.at > refusal.until);
    if (!since) ledger.broken(refusal.law, `${to} although ${refusal.topic} was refused`);
  }
}

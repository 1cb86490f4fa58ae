import type { Stored } from '#shared/adapters/sqlite/apply.ts';
import { readEnrolment } from '#shared/store/enrolments.ts';
import { enrolmentKey, eventRange, profileKey, suppressionKey } from '#shared/store/keys.ts';
import { readMessage } from '#shared/store/messages.ts';
import { emailHash } from '#shared/store/profiles.ts';
import { plusMillis } from '#shared/time/instant.ts';
import type { World } from '../world/world.ts';
import type { Ledger } from './ledger.ts';

/** Less than the window of a goal that says nothing of it. */
const WINDOW = 13 * 86_400_000;

type Said = { readonly topic: string; readonly state: string; readonly at: string };

/** Everything that a contact has said of mail, from the events that were recorded: the proof of consent. */
function saidBy(world: World, contact: string): Said[] {
  return world.table.range(eventRange(contact)).flatMap((row) => {
    const consents = row['consents'];
    return Array.isArray(consents)
      ? consents.flatMap((one): Said[] => {
          const { channel, topic, state, at } = one as { channel: string } & Said;
          return channel === 'email' ? [{ topic, state, at }] : [];
        })
      : [];
  });
}

/** The last word of a topic; where two were said at one moment, any of them. */
function lastWords(said: readonly Said[], topic: string): string[] {
  const of = said.filter((one) => one.topic === topic);
  const last = of
    .map(({ at }) => at)
    .toSorted()
    .at(-1);
  return of.filter(({ at }) => at === last).map(({ state }) => state);
}

/** At the moment of the claim a marketing mail has consent by what is recorded, and its address is not suppressed. */
export function checkClaim(row: Stored, world: World, ledger: Ledger): void {
  const message = readMessage(row);
  const profile = message && world.table.read(profileKey(message.contact));
  if (!message || !profile) return;
  const email = (profile['identities'] as { email?: string }).email;
  if (email !== undefined && world.table.read(suppressionKey('email', emailHash(email))))
    ledger.broken('no mail goes to the suppressed', `${message.journey}/${message.step} to ${message.contact}`);
  const passage = readEnrolment(world.table.read(enrolmentKey(message)));
  if (passage?.state === 'exited')
    ledger.broken('who has left gets nothing', `${message.journey}/${message.step} to ${message.contact}`);
  if (message.lane !== 'marketing') return;
  const goal = world.shop.definitions[message.journey]?.goal;
  const persuades = goal !== undefined && goal.leave !== false;
  if (persuades && passage?.state === 'converted')
    ledger.broken('who has done it is not asked again', `${message.journey}/${message.step} to ${message.contact}`);
  const isPlain = JSON.stringify(goal?.if) === JSON.stringify({ event: 'purchase' });
  const hasHeard = Object.keys(passage?.heard ?? {}).some((listener) => listener.startsWith('!goal'));
  const isInTime = passage !== undefined && message.queuedAt < plusMillis(passage.entered, WINDOW);
  if (persuades && isPlain && hasHeard && isInTime)
    ledger.broken(
      'what is recorded before the claim stops the mail',
      `${message.journey}/${message.step} to ${message.contact}`,
    );
  const said = saidBy(world, message.contact);
  const denied = [message.topic, 'marketing'].find((topic) => {
    const words = lastWords(said, topic);
    return words.length > 0 && !words.includes('granted');
  });
  if (denied !== undefined || lastWords(said, message.topic).length === 0)
    ledger.broken(
      'marketing goes only to who has consented',
      `${message.journey}/${message.step} to ${message.contact}: ${message.topic} is ${lastWords(said, message.topic).join(' and ') || 'unsaid'}`,
    );
}

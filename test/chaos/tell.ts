import { readEnrolment } from '#shared/store/enrolments.ts';
import { kindOf } from '#shared/store/keys.ts';
import { readMessage } from '#shared/store/messages.ts';
import type { Changed } from './world/memory-table.ts';

/** What a commit has changed, in a line that a person can read. Rows that only count or remember are left out. */
export function tellCommit(changed: readonly Changed[]): string {
  return changed.flatMap((one) => tellRow(one) ?? []).join('; ');
}

const short = (id: string): string => id.slice(0, 6);

function tellRow({ key, before, after }: Changed): string | undefined {
  switch (kindOf(key)) {
    case 'enrolment':
      return tellPassage(readEnrolment(before), readEnrolment(after));
    case 'message': {
      const message = readMessage(after);
      if (!message) return undefined;
      const facts = Object.keys(message.facts).join(', ');
      return `message ${message.step} ${short(message.id)} is ${message.state}${facts && ` (${facts})`}${message.reason ? `: ${message.reason}` : ''}`;
    }
    case 'event':
      return before ? undefined : `event ${after?.['id']} is recorded for ${short(key.pk.slice(2))}`;
    case 'profile':
      return `profile ${short(key.pk.slice(2))} is rev ${after?.['rev']}, inside ${JSON.stringify(after?.['inside'])}`;
    case 'door':
      return `door ${key.sk.slice(2)} of ${short(key.pk.slice(2))}`;
    case 'parked':
      return `event ${after?.['event']} is parked: ${after?.['reason']}`;
    case 'counter':
    case 'receipt':
      return undefined;
    default:
      return kindOf(key);
  }
}

type Passage = ReturnType<typeof readEnrolment>;

function tellPassage(before: Passage, after: Passage): string | undefined {
  if (!after) return 'a passage goes';
  const name = `${after.journey} ${after.n} of ${short(after.contact)}`;
  if (!before) return `${name} begins because of ${after.trigger.event}`;
  const moved = [
    before.turn !== after.turn && `turn ${after.turn}`,
    before.leg !== after.leg && `leg ${after.leg}`,
    before.seq !== after.seq && `hears ${Object.keys(after.heard).join(', ')} (seq ${after.seq})`,
    before.token !== after.token && (after.token ? 'parks a token' : 'has no token'),
    before.state !== after.state && `${after.state} ${after.outcome ?? ''}`,
    after.cursor?.step !== before.cursor?.step &&
      `at ${after.cursor?.step ?? 'no step'} until ${after.cursor?.wakeAt ?? 'now'}`,
  ];
  return `${name}: ${moved.filter(Boolean).join(', ') || 'is looked at'}`;
}

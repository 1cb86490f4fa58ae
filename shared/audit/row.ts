import type { Profile } from '#shared/contact/profile.ts';
import type { Flow } from '#shared/sending/flow.ts';
import { readCall } from '#shared/store/calls.ts';
import { readDoor } from '#shared/store/enrolments.ts';
import { lotOf } from '#shared/store/flow.ts';
import { comesByTime, contactOf, DUE_SHARDS, kindOf, parkShard, type RowKind } from '#shared/store/keys.ts';
import { leaseEnd, readMessage } from '#shared/store/messages.ts';
import { checkProfile } from '#shared/store/profiles.ts';
import { shardOf } from '#shared/store/shards.ts';
import type { Row, Write } from '#shared/store/table.ts';
import { canonicalInstantSchema, type Instant, laterOf, plusMillis } from '#shared/time/instant.ts';
import { type AuditKind, type Finding, GRACE, LOOKS_AGAIN } from './finding.ts';
import { auditPassage } from './passage.ts';
import { readable } from './readable.ts';
import { isWatched, look } from './watch.ts';

/** What rows are held against. */
export type AuditContext = {
  readonly now: Instant;
  /** How mail stands, to which messages that are parked belong; without it nobody asks. */
  readonly flow?: Pick<Flow, 'trips' | 'fresh'> | undefined;
  /** The person's: their doors are written with it. */
  readonly profile?: Profile | undefined;
};

/** What is wrong with a row by itself. */
export function auditRow(row: Row, context: AuditContext): Finding[] {
  return readable(() => AUDITS[kindOf(row)]?.(row, context) ?? []) ?? [ofRow('unreadable', row)];
}

const DAY = 24 * 3_600_000;

/** Rows that are due when something happened of which somebody has just heard, which may be long ago. */
const DUE_AT_ONCE: readonly RowKind[] = ['reception', 'habits', 'glance'];

/** Long due, by the row's own word: whatever was to happen has not. */
export function auditDue(row: Row, { now }: Pick<AuditContext, 'now'>): Finding[] {
  const { due, duePk } = row;
  const isLate = typeof due === 'string' && comesByTime(duePk) && due < plusMillis(now, -GRACE);
  return isLate && !DUE_AT_ONCE.includes(kindOf(row)) ? [{ ...ofRow('overdue', row), since: due }] : [];
}

const AUDITS: Readonly<Partial<Record<RowKind, (row: Row, context: AuditContext) => Finding[]>>> = {
  enrolment: auditPassage,
  message: auditMessage,
  call: auditCall,
  door: auditDoor,
  appointment: auditAppointment,
};

/** About a row that belongs to no journey, or of which nobody knows. */
export const ofRow = (kind: AuditKind, row: Row): Finding => ({
  kind,
  contact: contactOf(row),
  // By which the row can be looked at.
  id: contactOf(row) === undefined ? `${row.pk} ${row.sk}` : row.sk,
  seen: `${row.sk} ${String(row['due'])}`,
});

/** It goes out, is hinted at again, or waits in a lot that somebody will bring back. */
function auditMessage(row: Row, { now, flow }: AuditContext): Finding[] {
  const message = readMessage(row);
  if (!message) return [];
  const { contact, journey, id, state, claim, expiresAt, queuedAt, facts } = message;
  const found = (kind: AuditKind, since: Instant, mend?: readonly Write[]): Finding[] => [
    { kind, contact, journey, id, since, mend, seen: JSON.stringify([state, claim, row['duePk'], row['due']]) },
  ];
  if (state === 'done') return Object.keys(facts).length === 0 ? found('unaccounted', queuedAt) : [];
  if (state === 'queued' && isParked(row, contact, message.lane, flow)) return [];
  // Who has claimed it is known by the end of the lease: review gives back no claim that is due at another moment.
  const lookAt = state === 'claimed' && claim ? leaseEnd(claim.at) : now;
  if (!isWatched(row, contact)) return found('unsent', claim?.at ?? queuedAt, [look(row, contact, lookAt, { state })]);
  const late = plusMillis(now, -GRACE);
  if (state === 'claimed') return (claim?.at ?? queuedAt) < late ? found('stuck', claim?.at ?? queuedAt) : [];
  const isTried = String(row['due']) <= plusMillis(now, LOOKS_AGAIN);
  return isTried && expiresAt !== undefined && expiresAt < late ? found('stuck', expiresAt) : [];
}

/** In the lot of its lane, or of a part of it that stands still or has been let go since. */
function isParked({ duePk }: Row, contact: string, lane: 'transactional' | 'marketing', flow: AuditContext['flow']) {
  if (typeof duePk !== 'string' || comesByTime(duePk)) return false;
  if (!flow) return true;
  const parts = Object.keys({ ...flow.trips, ...flow.fresh });
  const lots = [lotOf(lane), ...parts.map((part) => lotOf('marketing', part))];
  return lots.some((lot) => duePk === parkShard(lot, shardOf(contact, DUE_SHARDS)));
}

function auditCall(row: Row, { now }: AuditContext): Finding[] {
  const call = readCall(row);
  if (call?.state !== 'queued' || isWatched(row, call.contact)) return [];
  const { contact, journey, id, state, attempts, queuedAt } = call;
  const mend = [look(row, contact, now, { state, attempts })];
  return [{ kind: 'uncalled', contact, journey, id, since: queuedAt, mend, seen: `${attempts} ${String(row['due'])}` }];
}

/** Its moment is all that is known of it. One that is without, or over for a day, is told: nobody is greeted months later. */
function auditAppointment(row: Row, { now }: AuditContext): Finding[] {
  const { contact, journey, due, duePk } = row;
  if (typeof contact !== 'string' || typeof journey !== 'string' || isWatched(row, contact)) return [];
  const at = canonicalInstantSchema.safeParse(due).data;
  const isToCome = at !== undefined && at > plusMillis(now, -DAY);
  const mend = isToCome ? [look(row, contact, at, { journey })] : undefined;
  return [
    { kind: 'unkept', contact, journey, id: row.sk, since: at, mend, seen: JSON.stringify([row.sk, due, duePk]) },
  ];
}

function auditDoor(row: Row, { now, profile }: AuditContext): Finding[] {
  const { quiet } = readDoor(row);
  const { contact, journey } = row;
  if (!quiet || typeof contact !== 'string' || typeof journey !== 'string') return [];
  if (isWatched(row, contact, plusMillis(laterOf(quiet.until, now), LOOKS_AGAIN))) return [];
  const mend = profile && [checkProfile(profile), look(row, contact, laterOf(quiet.until, now), {})];
  const seen = `${row.sk} ${quiet.until} ${String(row['due'])}`;
  return [{ kind: 'unjudged', contact, journey, id: 'door', since: quiet.until, mend, seen }];
}

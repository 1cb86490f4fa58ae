import { type Enrolment, wakesAt } from '#shared/enrolment/enrolment.ts';
import { isOwed } from '#shared/enrolment/hear.ts';
import { nextLegOf } from '#shared/enrolment/leg.ts';
import { auditAt, putTurn, readEnrolment } from '#shared/store/enrolments.ts';
import type { Row, Write } from '#shared/store/table.ts';
import { type Instant, laterOf, plusMillis } from '#shared/time/instant.ts';
import { type AuditKind, type Finding, GRACE, LOOKS_AGAIN } from './finding.ts';
import { isWatched, look } from './watch.ts';

type Asked = { readonly row: Row; readonly passage: Enrolment; readonly now: Instant };

/** What is wrong with a passage as far as its row tells: who is to wake it, whether it has slept too long, and what it is owed. */
export function auditPassage(row: Row, { now }: { readonly now: Instant }): Finding[] {
  const passage = readEnrolment(row);
  if (!passage) return [];
  const asked = { row, passage, now };
  const unwatched = auditWatch(asked);
  if (passage.state !== 'inside') return unwatched;
  if (passage.stranded) return [...unwatched, ...found(asked, 'stranded', passage.begun?.at ?? passage.entered)];
  return unwatched.length > 0 ? unwatched : [...auditMoment(asked), ...auditPause(asked)];
}

/** Review has to look some minutes after something should have happened, or once more if it has. */
function auditWatch(asked: Asked): Finding[] {
  const { row, passage, now } = asked;
  const by = auditAt(passage, now);
  if (by === undefined || isWatched(row, passage.contact, plusMillis(laterOf(by, now), LOOKS_AGAIN))) return [];
  return found(asked, 'unwatched', momentOf(passage), [lookAt(asked, laterOf(by, now))]);
}

function auditMoment(asked: Asked): Finding[] {
  const moment = momentOf(asked.passage);
  return moment < plusMillis(asked.now, -GRACE) ? found(asked, 'asleep', moment) : [];
}

/** When it should next move: by its pause, or at once where an execution is still to begin. */
const momentOf = (passage: Enrolment): Instant =>
  (passage.next === 'start' ? undefined : wakesAt(passage)) ?? passage.begun?.at ?? passage.entered;

/** One that is to sleep for a while yet: what does it hold, and has it been told something? */
function auditPause(asked: Asked): Finding[] {
  const { row, passage, now } = asked;
  const late = plusMillis(now, -GRACE);
  const isSoon = String(row['due']) <= plusMillis(now, LOOKS_AGAIN);
  // Review is about to look, and finds out by itself.
  if (passage.next !== 'pause' || isSoon) return [];
  if (passage.token === undefined) {
    const { cursor, begun, entered } = passage;
    const since = laterOf(cursor?.turned ?? cursor?.began ?? entered, begun?.at ?? entered);
    return since < late ? found(asked, 'tokenless', since, [putTurn(nextLegOf(passage, now), passage, now)]) : [];
  }
  const told = Object.values(passage.heard).reduce((latest, { at }) => laterOf(latest, at), passage.told ?? '');
  return isOwed(passage) && told < late ? found(asked, 'unheard', told, [lookAt(asked, now)]) : [];
}

function found({ row, passage }: Asked, kind: AuditKind, since: Instant, mend?: readonly Write[]): Finding[] {
  const { contact, journey, id } = passage;
  return [{ kind, contact, journey, id, since, mend, seen: stateOf(row, passage) }];
}

/** Changes with every turn, hearing and leg, and with whoever has review look. */
export const stateOf = (row: Row, { seq, turn, leg, token }: Enrolment): string =>
  `${seq} ${turn} ${leg} ${token === undefined ? '-' : 'parked'} ${String(row['due'])}`;

function lookAt({ row, passage }: Asked, at: Instant): Write {
  const { contact, seq, turn, leg, state } = passage;
  return look(row, contact, at, { seq, turn, leg, state });
}

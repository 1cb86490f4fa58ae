import type { PassageFact } from '#shared/condition/scope.ts';
import { joinedDoor } from '#shared/enrolment/door.ts';
import {
  type Door,
  doorSchema,
  type Enrolment,
  enrolmentSchema,
  type LoadedDoor,
  type TriggerRef,
  wakesAt,
} from '#shared/enrolment/enrolment.ts';
import { legEnd, triedAgainAt } from '#shared/enrolment/leg.ts';
import { earlierOf, type Instant, laterOf, plusMillis, toEpochSeconds } from '#shared/time/instant.ts';
import { dueAt, setDue } from './due.ts';
import { heardAttributes, heardIn } from './heard.ts';
import { doorKey, type EnrolmentRef, enrolmentKey, enrolmentRange } from './keys.ts';
import { readOnce } from './read-once.ts';
import { rowOf } from './row.ts';
import type { AttributePath, Json, Row, Table, Write } from './table.ts';

const DAY = 86_400_000;
/** A passage's row leaves so many days after the last moment at which anything could be written to it. */
const KEPT_DAYS = 90;
/** How long after the moment at which something should have happened review looks whether it did. */
const GRACE = 5 * 60_000;

const maybeDue = (contact: string, due: Instant | undefined) => (due === undefined ? {} : dueAt(contact, due));

export const readEnrolment = (row: Row | undefined): Enrolment | undefined => row && enrolmentOf(row);

const enrolmentOf = readOnce((row): Enrolment => enrolmentSchema.parse({ ...row, heard: heardIn(row) }));

export const loadEnrolment = async (table: Table, ref: EnrolmentRef): Promise<Enrolment | undefined> =>
  readEnrolment(await table.get(enrolmentKey(ref)));

export const loadEnrolments = async (table: Table, refs: readonly EnrolmentRef[]): Promise<Enrolment[]> =>
  (await table.batchGet(refs.map(enrolmentKey))).map(readEnrolment).filter((row) => row !== undefined);

/** A person's passages through one journey, with any key, as far as their rows are still there. */
export async function loadPassages(table: Table, parts: readonly string[], journey: string): Promise<PassageFact[]> {
  const rows = await Promise.all(parts.map((contact) => table.query(enrolmentRange(contact, journey))));
  return rows
    .flat()
    .map(readEnrolment)
    .flatMap((row) => {
      if (!row) return [];
      const { state, outcome, entered, ended } = row;
      return [
        { journey, state, entered, ...(outcome !== undefined && { outcome }), ...(ended !== undefined && { ended }) },
      ];
    });
}

/**
 * When review should look at a passage: a while after its pause should have ended, by its moment or by the renewal of its
 * leg. Once it is over only where others than its own turn have ended it: its pause holds a token that is still to be answered.
 */
export function auditAt(enrolment: Enrolment, now: Instant): Instant | undefined {
  if (enrolment.state !== 'inside') return enrolment.token === undefined ? undefined : plusMillis(now, GRACE);
  if (enrolment.stranded) return triedAgainAt(enrolment, now);
  // A leg that has not begun is looked for soon, however long the pause that it goes on with.
  const moves = enrolment.next === 'start' ? now : earlierOf(wakesAt(enrolment) ?? now, legEnd(enrolment));
  return plusMillis(moves, GRACE);
}

/** The whole row of a passage. `watched`: until when its goal counts, once it is over. */
export function enrolmentRow(enrolment: Enrolment, now: Instant, watched: Instant = now): Row {
  const { heard, ...rest } = enrolment;
  return rowOf(enrolmentKey(enrolment), rest, {
    ...heardAttributes(heard),
    ...maybeDue(enrolment.contact, auditAt(enrolment, now)),
    expires: enrolment.ended && toEpochSeconds(plusMillis(laterOf(enrolment.ended, watched), KEPT_DAYS * DAY)),
  });
}

export const putNewEnrolment = (enrolment: Enrolment, now: Instant): Write => ({
  kind: 'put',
  row: enrolmentRow(enrolment, now),
  if: { absent: true },
});

/**
 * A turn's result, on condition that nothing was heard, no turn was run and no token parked since `before` was read: who
 * ends or moves a passage from outside would write over a token that has just been parked, and nobody could wake it.
 */
export const putTurn = (enrolment: Enrolment, before: Enrolment, now: Instant, watched?: Instant): Write => ({
  kind: 'put',
  row: enrolmentRow(enrolment, now, watched),
  if: {
    equals: { seq: before.seq, turn: before.turn, leg: before.leg, ...(before.token && { token: before.token }) },
    ...(before.token === undefined && { missing: ['token'] }),
  },
});

/** Holds a decision to what the passage had heard, and to its being where it was. */
export const checkPassage = (enrolment: Enrolment): Write => ({
  kind: 'check',
  key: enrolmentKey(enrolment),
  if: { equals: { seq: enrolment.seq, state: enrolment.state } },
});

/** Holds what was decided by the words of a version to the passage's being on it still. */
export const checkVersion = (ref: EnrolmentRef, version: number): Write => ({
  kind: 'check',
  key: enrolmentKey(ref),
  if: { equals: { version } },
});

/** Gives a passage another trigger. It counts as something heard, so that a turn in progress is decided again. */
export const noteTrigger = (ref: EnrolmentRef, trigger: TriggerRef): Write => ({
  kind: 'update',
  key: enrolmentKey(ref),
  change: { set: [[['trigger'], JSON.parse(JSON.stringify(trigger))]], add: [[['seq'], 1]] },
  if: { exists: true },
});

const attemptAt = (attempt: number | undefined): [AttributePath, Json][] =>
  attempt === undefined ? [] : [[['attempt'], attempt]];

/**
 * Parks the token of a pause on condition that nothing was heard since the row was read, over that of an earlier attempt
 * and never over that of a later one.
 */
export const parkToken = (enrolment: Enrolment, token: string, attempt: number | undefined): Write => ({
  kind: 'update',
  key: enrolmentKey(enrolment),
  change: { set: [[['token'], token], ...attemptAt(attempt)] },
  if: {
    equals: { seq: enrolment.seq, turn: enrolment.turn, leg: enrolment.leg },
    ...(attempt !== undefined && { below: { attempt } }),
  },
});

/** Lets review look at a passage soon, however long its pause is, if it has not moved by then. */
export const auditSoon = (enrolment: Enrolment, now: Instant): Write => auditFrom(enrolment, plusMillis(now, GRACE));

/** Lets review look at a passage from a moment on, one that it has given up, too. */
export const auditFrom = (enrolment: Enrolment, due: Instant): Write => ({
  kind: 'update',
  key: enrolmentKey(enrolment),
  change: {
    set: setDue(enrolment.contact, due),
  },
  if: { equals: { seq: enrolment.seq, turn: enrolment.turn, leg: enrolment.leg, state: 'inside' } },
});

/** Forgets the token of a passage that is over, once it has been answered: nobody has to look at it again. */
export const forgetToken = (enrolment: Enrolment): Write => ({
  kind: 'update',
  key: enrolmentKey(enrolment),
  change: { remove: [['token'], ['duePk'], ['due']] },
  if: { equals: { state: enrolment.state, turn: enrolment.turn } },
});

export const readDoor = readOnce((row): Door => doorSchema.parse(row));

/**
 * What journeys remember of a person: all that the doors of the contacts say who are one now. Until it is written, each
 * has a row of its own.
 */
export async function loadDoors(
  table: Table,
  parts: readonly string[],
  doors: readonly { journey: string; key: string }[],
): Promise<(LoadedDoor | undefined)[]> {
  const rows = await table.batchGet(
    doors.flatMap(({ journey, key }) => parts.map((contact) => doorKey(contact, journey, key))),
  );
  return doors.map((_, i) => oneDoor(parts, rows.slice(i * parts.length, (i + 1) * parts.length)));
}

function oneDoor([, ...others]: readonly string[], [own, ...more]: readonly (Row | undefined)[]) {
  const elsewhere = others.filter((_, i) => more[i] !== undefined);
  const known = [own, ...more].flatMap((row) => (row ? [readDoor(row)] : []));
  const [first, ...rest] = known;
  if (!first) return undefined;
  return { ...rest.reduce(joinedDoor, first), ...(elsewhere.length > 0 && { elsewhere }) };
}

/**
 * Writes a door, and takes those away whose word it has taken in. Its writers also write or check the profile, whose
 * `rev` puts them in a row. `due` is when review should look at its quiet time: it may be earlier than the quiet time
 * ends, then review arms it anew.
 */
export function putDoor(contact: string, journey: string, key: string, door: LoadedDoor, due?: Instant): Write[] {
  const { due: _, elsewhere = [], ...rest } = door;
  return [
    {
      kind: 'put',
      row: rowOf(doorKey(contact, journey, key), rest, { contact, journey, key }, maybeDue(contact, due)),
    },
    ...elsewhere.map((other): Write => ({ kind: 'delete', key: doorKey(other, journey, key) })),
  ];
}

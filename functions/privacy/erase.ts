import type { Profile } from '#shared/contact/profile.ts';
import { endedFromOutside, leaveProfile } from '#shared/enrolment/closing.ts';
import { refOf } from '#shared/enrolment/hints.ts';
import { refOfName } from '#shared/enrolment/names.ts';
import { ConditionFailed } from '#shared/errors.ts';
import { PARKED_REASONS } from '#shared/event/parked-reasons.ts';
import type { Clock } from '#shared/ports.ts';
import { forgetHolder } from '#shared/store/codes.ts';
import { loadEnrolments, putTurn, readEnrolment } from '#shared/store/enrolments.ts';
import { insist } from '#shared/store/insist.ts';
import { type EnrolmentRef, kindOf, profileKey } from '#shared/store/keys.ts';
import { parkedOf, receiptOf, rowsOf, type Whole, wholeOf } from '#shared/store/privacy.ts';
import { buryIdentity, identityKeyOf, loadProfile, ownerOf, putProfile } from '#shared/store/profiles.ts';
import type { Key, Row, Table, Write } from '#shared/store/table.ts';

export type EraseDeps = {
  readonly table: Table;
  readonly clock: Pick<Clock, 'now'>;
  /** Tells executions that their passages are over. Without it they find out when their pauses end. */
  readonly hint: (ref: EnrolmentRef) => Promise<void>;
};

/** What is insisted on, without a pause: whoever was faster has finished. */
const ERASED = 'a contact that is to be erased';
const AT_ONCE = 20;

/**
 * Erases a person: passages end as `erased`, identities leave only the word that somebody was erased, by a hash, and every
 * row of each of their contacts goes, with receipts and what was put aside. The list of suppressed addresses stays, which is
 * what keeps them from being written to. Returns how many rows there were. May be called again when it was interrupted.
 * Throws Conflict when others were faster too often.
 */
export async function erase(contact: string, deps: EraseDeps): Promise<number> {
  const { table } = deps;
  const ended = await insist(ERASED, () => endPassages(contact, deps));
  if (!ended) return 0;
  const whole = await wholeOf(ended.profile, table);
  const parked = await parkedOf(whole, PARKED_REASONS, table);
  await bury(whole, deps);
  for (const ref of ended.refs) await deps.hint(ref);
  const rows = (await rowsOf(whole, table)).filter(({ sk }) => sk !== 'PROFILE');
  await inTurns(rows, (row) => forget(row, whole, deps));
  await inTurns(parked, (key) => remove(key, table));
  // Until the profiles go whoever is interrupted finds everything again.
  for (const part of whole.parts.toReversed()) await remove(profileKey(part), table);
  return rows.length + parked.length + whole.parts.length + (await sweep(whole, deps));
}

/** What somebody else has written while the profiles were still there. Afterwards nobody can: all hold to a profile. */
export async function sweep(whole: Pick<Whole, 'parts'>, deps: EraseDeps): Promise<number> {
  const rows = await rowsOf(whole, deps.table);
  await inTurns(rows, (row) => forget(row, whole, deps));
  return rows.length;
}

type Ended = { readonly profile: Profile; readonly refs: readonly EnrolmentRef[] };

/** All passages end in one transaction with the profile, which every other writer of the person holds to. */
async function endPassages(contact: string, { table, clock }: EraseDeps): Promise<Ended | undefined> {
  const known = await loadProfile(table, contact);
  if (!known) return undefined;
  const now = clock.now();
  const refs = Object.keys(known.inside).map((name) => refOfName(known.contact, name));
  const writes: Write[] = [];
  let profile: Profile = { ...known, watching: {} };
  for (const passage of await loadEnrolments(table, refs)) {
    const ended = endedFromOutside(passage, 'erased', now);
    profile = leaveProfile(profile, ended, undefined);
    writes.push(putTurn(ended, passage, now));
  }
  if (writes.length > 0) await table.transact([...writes, putProfile({ ...profile, rev: known.rev + 1 }, known)]);
  return { profile, refs: refs.map(refOf) };
}

/** From now on nothing that happened before makes them known again. */
async function bury({ parts, ids }: Whole, { table, clock }: EraseDeps): Promise<void> {
  const owners = (await table.batchGet(ids.map(identityKeyOf))).map(ownerOf);
  const theirs = ids.flatMap((identity, i) => {
    const owner = owners[i];
    return owner !== undefined && parts.includes(owner) ? [{ identity, owner }] : [];
  });
  const now = clock.now();
  await inTurns(theirs, ({ identity, owner }) => unlessMoved(table, buryIdentity(identity, owner, now)));
}

async function forget(row: Row, { parts }: Pick<Whole, 'parts'>, deps: EraseDeps): Promise<void> {
  const { table } = deps;
  const passage = kindOf(row) === 'enrolment' ? readEnrolment(row) : undefined;
  if (passage?.state === 'inside') await insist(ERASED, () => endOne(refOf(passage), deps));
  if (kindOf(row) === 'coupon' && typeof row['code'] === 'string')
    for (const write of forgetHolder(row.sk.slice(2), row['code'], parts)) await unlessMoved(table, write);
  const receipt = receiptOf(row);
  if (receipt) await remove(receipt, table);
  await remove(row, table);
}

/** One that began after all others had ended: its execution would sleep on, for up to a year. */
async function endOne(ref: EnrolmentRef, { table, clock, hint }: EraseDeps): Promise<void> {
  const [passage] = await loadEnrolments(table, [ref]);
  if (passage?.state !== 'inside') return;
  const now = clock.now();
  await table.write(putTurn(endedFromOutside(passage, 'erased', now), passage, now));
  await hint(ref);
}

const remove = async ({ pk, sk }: Key, table: Table): Promise<void> =>
  void (await table.write({ kind: 'delete', key: { pk, sk } }));

/** What is somebody else's by now is not ours to change. */
async function unlessMoved(table: Table, write: Write): Promise<void> {
  try {
    await table.write(write);
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
  }
}

async function inTurns<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  for (let i = 0; i < all.length; i += AT_ONCE) await Promise.all(all.slice(i, i + AT_ONCE).map(work));
}

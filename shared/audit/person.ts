import type { Profile } from '#shared/contact/profile.ts';
import type { Enrolment } from '#shared/enrolment/enrolment.ts';
import { nameOn, refOfName } from '#shared/enrolment/names.ts';
import { checkPassage, readEnrolment } from '#shared/store/enrolments.ts';
import { type EnrolmentRef, enrolmentKey, kindOf, lookKey } from '#shared/store/keys.ts';
import { putLook } from '#shared/store/looks.ts';
import { checkProfile, putProfile } from '#shared/store/profiles.ts';
import type { Key, Row, Write } from '#shared/store/table.ts';
import type { Finding } from './finding.ts';
import { stateOf } from './passage.ts';
import { readable } from './readable.ts';
import { type AuditContext, auditRow } from './row.ts';
import { isWatched } from './watch.ts';

/** A person's profile, and the rows of each of their contacts that the audit looks at. */
export type Person = { readonly profile: Profile; readonly rows: readonly Row[] };

/** What is wrong with a person's rows, each by itself and held against each other. */
export function auditPerson({ profile, rows }: Person, context: Omit<AuditContext, 'profile'>): Finding[] {
  return [
    ...rows.flatMap((row) => auditRow(row, { ...context, profile })),
    ...auditNames(profile, rows),
    ...auditLook(profile, rows),
  ];
}

/** Passages that the profile names, of contacts that are not in its `aka` any more. */
export function namedElsewhere({ profile, rows }: Person): Key[] {
  const here = new Set(rows.map(placeOf));
  const keys = Object.keys(profile.inside).map((name) => enrolmentKey(refOfName(profile.contact, name)));
  return keys.filter((key) => !here.has(placeOf(key)));
}

type Known = { readonly passage: Enrolment; readonly row: Row };

/** By the name that it has on the profile. What cannot be read is told by itself. */
function passagesIn(profile: Profile, rows: readonly Row[]): Map<string, Known> {
  const known = new Map<string, Known>();
  for (const row of rows) {
    const passage = kindOf(row) === 'enrolment' ? readable(() => readEnrolment(row)) : undefined;
    if (passage) known.set(nameOn(profile, passage), { passage, row });
  }
  return known;
}

/**
 * The profile names who is to hear of events: just the passages that go on, and on which version. All that is wrong with it
 * is put right by one write.
 */
function auditNames(profile: Profile, rows: readonly Row[]): Finding[] {
  const known = passagesIn(profile, rows);
  const unread = new Set(rows.filter(isUnread).map(placeOf));
  const names = [...new Set([...Object.keys(profile.inside), ...known.keys()])].filter((name) => {
    const place = placeOf(enrolmentKey(refOfName(profile.contact, name)));
    return !unread.has(place) && profile.inside[name] !== versionOf(known.get(name));
  });
  const inside: Record<string, number> = { ...profile.inside };
  for (const name of names) {
    const version = versionOf(known.get(name));
    if (version === undefined) delete inside[name];
    else inside[name] = version;
  }
  const mend = [
    putProfile({ ...profile, inside, rev: profile.rev + 1 }, profile),
    ...names.map((name) => asItIs(refOfName(profile.contact, name), known.get(name))),
  ];
  return names.map((name): Finding => {
    const { contact, journey } = refOfName(profile.contact, name);
    const one = known.get(name);
    const seen = `${profile.rev} ${one ? stateOf(one.row, one.passage) : 'gone'}`;
    return { kind: 'misnamed', contact, journey, id: one?.passage.id ?? 'gone', seen, mend };
  });
}

const isUnread = (row: Row): boolean => kindOf(row) === 'enrolment' && !readable(() => readEnrolment(row));

const placeOf = ({ pk, sk }: Key): string => `${pk} ${sk}`;

const versionOf = (known: Known | undefined): number | undefined =>
  known?.passage.state === 'inside' ? known.passage.version : undefined;

const asItIs = (ref: EnrolmentRef, known: Known | undefined): Write =>
  known ? checkPassage(known.passage) : { kind: 'check', key: enrolmentKey(ref), if: { absent: true } };

/** At that moment time alone may move them into a segment, or reach a goal. The row may be due sooner. */
function auditLook(profile: Profile, rows: readonly Row[]): Finding[] {
  const { contact, look, rev } = profile;
  if (look === undefined) return [];
  const { pk, sk } = lookKey(contact, 'time');
  const row = rows.find((one) => one.pk === pk && one.sk === sk);
  if (row && isWatched(row, contact, look)) return [];
  const mend = [checkProfile(profile), putLook(contact, look)];
  return [{ kind: 'unlooked', contact, id: 'look', since: look, seen: `${rev} ${String(row?.['due'])}`, mend }];
}

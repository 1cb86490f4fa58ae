import type { Profile } from '#shared/contact/profile.ts';
import { kindOf } from '#shared/store/keys.ts';
import { rowsOf, wholeOf } from '#shared/store/privacy.ts';
import type { Row, Table } from '#shared/store/table.ts';
import type { Instant } from '#shared/time/instant.ts';

/** What only says where a row lies, or when somebody looks at it. */
const TECHNICAL = new Set([
  'pk',
  'sk',
  'v',
  'duePk',
  'due',
  'dirPk',
  'expires',
  'token',
  'seq',
  'rev',
  'attempt',
  'ids',
]);

/** The kinds of rows that tell of a person, and how the copy calls them. */
const NAMES: Readonly<Record<string, string>> = {
  profile: 'profile',
  event: 'events',
  message: 'messages',
  enrolment: 'journeys',
  door: 'entries',
  coupon: 'coupons',
  call: 'calls',
  caps: 'frequency',
  appointment: 'appointments',
};

/** Everything that is known of a person, as a document that a person can read, and how many rows it is made of. */
export async function copyOf(profile: Profile, at: Instant, table: Table): Promise<{ text: string; rows: number }> {
  const rows = await rowsOf(await wholeOf(profile, table), table);
  const told = rows.filter((row) => NAMES[kindOf(row)] !== undefined && row['mergedInto'] === undefined);
  const parts = Object.entries(NAMES).map(([kind, name]) => [
    name,
    told.filter((row) => kindOf(row) === kind).map(plain),
  ]);
  return { text: JSON.stringify({ at, ...Object.fromEntries(parts) }, null, 2), rows: told.length };
}

const plain = (row: Row): object => Object.fromEntries(Object.entries(row).filter(([name]) => !TECHNICAL.has(name)));

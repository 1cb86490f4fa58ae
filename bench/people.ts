import type { Runtime } from '#apps/local/runtime.ts';
import { refOfName } from '#shared/enrolment/names.ts';
import { entryOf } from '#shared/event/put.ts';
import { loadEnrolments } from '#shared/store/enrolments.ts';
import { identityKey } from '#shared/store/keys.ts';
import { emailHash, loadProfile } from '#shared/store/profiles.ts';
import { plusMillis } from '#shared/time/instant.ts';
import type { Place, Places } from './promised.ts';

/** So many contacts register, so many milliseconds apart. */
export async function enrolAll(runtime: Runtime, contacts: number, apart: number): Promise<void> {
  for (let i = 0; i < contacts; i += 1) {
    const at = runtime.clock.now();
    const identities = { email: emailOf(i) };
    await runtime.bus.put([
      entryOf({ id: `edit-${i}`, type: 'registration', at, source: 'bench', identities, data: {} }),
    ]);
    await runtime.drive(plusMillis(at, apart));
  }
}

const emailOf = (i: number): string => `c${i}@bench.example`;

/** Where each contact is, by their own rows and not by the counters. */
export async function placesIn(runtime: Runtime, contacts: number): Promise<Places> {
  const places = new Map<string, Place>();
  for (let i = 0; i < contacts; i += 1) places.set(emailOf(i), await placeOf(emailOf(i), runtime));
  return places;
}

async function placeOf(email: string, { table }: Runtime): Promise<Place> {
  const row = await table.get(identityKey('email', emailHash(email)));
  const profile = await loadProfile(table, String(row?.['contact']));
  if (!profile) throw new Error(`${email} is not known`);
  const refs = Object.keys(profile.inside).map((name) => refOfName(profile.contact, name));
  const [passage] = refs.length === 0 ? [] : await loadEnrolments(table, refs);
  return passage && { version: passage.version, step: passage.cursor?.step ?? '' };
}

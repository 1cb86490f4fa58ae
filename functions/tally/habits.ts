import { profileSchema } from '#shared/contact/profile.ts';
import { zoneOf } from '#shared/contact/zone.ts';
import { groupOf } from '#shared/sending/pattern.ts';
import { addingHours } from '#shared/store/habits.ts';
import { defaultSettings, loadStoredSettings } from '#shared/store/journeys.ts';
import { doneKey, kindOf } from '#shared/store/keys.ts';
import { readOnce } from '#shared/store/read-once.ts';
import type { Row, Table } from '#shared/store/table.ts';
import { hourOfWeek } from '#shared/time/week.ts';
import { countOnce } from './count-once.ts';
import type { Change } from './tally.ts';

const HOUR = 3_600_000;

const personSchema = profileSchema
  .pick({ traits: true, hours: true, aka: true, mergedInto: true })
  .partial({ traits: true, aka: true });

const readPerson = readOnce((row) => personSchema.parse(row));

/** The hours that are new of a contact. What a merge has brought was counted of the other. */
function newsIn({ before, after, sequence }: Change) {
  if (!after || kindOf(after) !== 'profile' || after['hours'] === undefined) return [];
  const now = readPerson(after);
  const then = before && readPerson(before);
  if (now.mergedInto !== undefined || (now.aka?.length ?? 0) !== (then?.aka?.length ?? 0)) return [];
  return (now.hours ?? [])
    .filter((hour) => !then?.hours?.includes(hour))
    .map((hour) => ({ hour, traits: now.traits ?? {}, sequence }));
}

/** Counts in which hours of their week people do something, by their own clock, of all and of those who are alike. */
export async function tallyHabits(shard: string, changes: readonly Change[], table: Table): Promise<void> {
  const news = changes.flatMap(newsIn);
  if (news.length === 0) return;
  const settings = (await loadStoredSettings(table, { stale: true }))?.settings ?? defaultSettings();
  await countOnce(doneKey(shard), news, table, (fresh, row: Row | undefined) =>
    addingHours(
      row,
      fresh.map(({ hour, traits }) => ({
        hour,
        slot: hourOfWeek(hour * HOUR + HOUR / 2, zoneOf({ traits }, settings)),
        group: groupOf({ traits }, settings.shop.alike),
      })),
    ),
  );
}

import { Temporal } from 'temporal-polyfill';
import type { Dice } from '#apps/local/sample/dice.ts';
import { fromMillis, type Instant, toMillis } from '#shared/time/instant.ts';

/** When people shop: little before seven, a hump at lunch, most in the evening; more on Sundays and Mondays. */
const HOURS = [1, 0.5, 0.3, 0.2, 0.2, 0.5, 1.5, 3, 4, 5, 6, 6, 7, 6, 5, 5, 5.5, 6, 7, 9, 10, 9, 6, 3];
/** From Monday. */
const DAYS = [1.1, 1, 1, 0.95, 0.85, 0.9, 1.2];
const BUSIEST_DAY = Math.max(...DAYS);
const DAY = 86_400_000;

const hours = HOURS.map((weight, hour) => ({ hour, weight }));

/** A moment on the contact's day of `about` or soon after it, at an hour at which people there are awake; never before it. */
export function shoppingTime(dice: Dice, about: Instant, zone: string): Instant {
  let day = Temporal.Instant.from(about).toZonedDateTimeISO(zone).toPlainDate();
  for (let tries = 0; tries < 10; tries += 1) {
    const fits = dice.chance((DAYS[day.dayOfWeek - 1] ?? 1) / BUSIEST_DAY);
    const clock = {
      hour: dice.weighted(hours).hour,
      minute: dice.whole(0, 59),
      second: dice.whole(0, 59),
    };
    const at = day.toZonedDateTime({ timeZone: zone, plainTime: Temporal.PlainTime.from(clock) }).epochMilliseconds;
    if (fits && at >= toMillis(about)) return fromMillis(at + dice.whole(0, 999));
    day = day.add({ days: 1 });
  }
  return fromMillis(toMillis(about) + DAY);
}

import type { Journey } from '#shared/journey/journey.ts';
import { describeCondition } from './conditions.ts';
import { sayEvents } from './events.ts';
import { sayDateTime, sayDuration, sayEvery, sayIso, sayMoment, sayWeekday, sayZone } from './times.ts';
import { listed, quoted } from './values.ts';

/** What starts a journey, in lines. */

type Trigger = Journey['trigger'];
type TriggerOf<T extends Trigger['type']> = Extract<Trigger, { type: T }>;

const EXISTING = 'also for those of whom it is true at the first publish';

function sayEventTrigger({ event, where, quietFor, existing }: TriggerOf<'event'>): string[] {
  const what = `${sayEvents(event)}${where ? ` (${describeCondition(where)})` : ''}`;
  const when = quietFor === undefined ? `when ${what} happens` : `${sayDuration(quietFor)} after the last ${what}`;
  return [when, ...(existing ? [EXISTING] : [])];
}

function ordinal(day: number): string {
  const teen = day > 10 && day < 14;
  const ending = teen ? undefined : ['st', 'nd', 'rd'][(day % 10) - 1];
  return `the ${day}${ending ?? 'th'}`;
}

type On = NonNullable<TriggerOf<'schedule'>['on']>[number];
const sayOn = (on: On): string =>
  typeof on === 'number' ? ordinal(on) : on === 'last' ? 'the last day' : sayWeekday(on);

function saySchedule({ segment, at, every, on, from, zone, over }: TriggerOf<'schedule'>): string[] {
  const days = on && on.length > 0 ? `on ${listed(on.map(sayOn), 'and')}` : '';
  const clock = at.includes('-') ? `${every ? 'from ' : 'on '}${sayDateTime(at)}` : `at ${at}`;
  const start = from === undefined ? '' : `from ${sayDateTime(from)} on`;
  const when = [every && sayEvery(every), days, clock, zone && sayZone(zone), start].filter(Boolean).join(' ');
  const spread = over === undefined ? [] : [`spread over ${sayIso(over)}`];
  return [when, `for all in the segment ${quoted(segment)}`, ...spread];
}

function sayManual({ data = {} }: TriggerOf<'manual'>): string[] {
  const brought = Object.entries(data).map(([name, type]) => `${name} (${type})`);
  const given = brought.length === 0 ? [] : [`with ${listed(brought, 'and')}`];
  return ['by hand, an import, the API or another journey', ...given];
}

/** How each kind of trigger is said. A new one does not compile until it is. */
const TRIGGERS: { readonly [T in Trigger['type']]: (trigger: TriggerOf<T>) => string[] } = {
  event: sayEventTrigger,
  segment: ({ segment, when, existing }) => [
    `when they ${when === 'enters' ? 'enter' : 'leave'} the segment ${quoted(segment)}`,
    ...(existing ? [EXISTING] : []),
  ],
  date: (trigger) => [sayMoment(trigger)],
  schedule: saySchedule,
  manual: sayManual,
};

/** Lines that fit behind "Starts". */
export function sayTrigger<T extends Trigger['type']>(trigger: TriggerOf<T>): string[] {
  const say: (trigger: TriggerOf<T>) => string[] = TRIGGERS[trigger.type];
  return say(trigger);
}

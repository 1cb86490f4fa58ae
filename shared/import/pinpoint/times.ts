import * as z from 'zod';
import type { Window } from '#shared/condition/condition.ts';
import type { Channel } from '#shared/event/event.ts';
import { clockAt, momentAt } from '#shared/import/choice.ts';
import type { Draft } from '#shared/import/draft.ts';
import { dayOf, daysOf } from '#shared/import/durations.ts';
import type { Source } from '#shared/import/source.ts';
import type { Journey } from '#shared/journey/journey.ts';
import { channelOf } from './messages-asked.ts';

/** When Pinpoint may send, and how often. */

const text = z.string();

/** `2026-11-02T09:00:00.000Z` as the language writes it; local, without its offset. */
export const instantOf = (iso: string, local: boolean): string => {
  const whole = iso.replace(/\.\d+/, '');
  return local ? whole.replace(/(Z|[+-]\d\d:\d\d)$/, '') : whole;
};

type Open = readonly { readonly from: string; readonly to: string }[];

/** What lies between the open hours of a day, which begin and end at midnight. */
function closedBetween(open: Open): { from: string; to: string }[] {
  const sorted = open.toSorted((a, b) => (a.from < b.from ? -1 : 1));
  const begins = ['00:00', ...sorted.map(({ to }) => to)];
  return begins
    .map((from, i) => ({ from, to: sorted[i]?.from ?? '00:00' }))
    .filter(({ from, to }, i) => from !== to && !(i === sorted.length && from === '00:00'));
}

const WEEK = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** Days with the same hours are said together; a day without any is quiet as a whole. */
function quietOf(channel: Channel, rules: readonly (readonly [day: string, open: Open])[]): Window[] {
  const alike = new Map<string, { days: string[]; windows: Window[] }>();
  const open = new Map(rules.map(([day, hours]) => [day.toLowerCase().slice(0, 3), hours]));
  for (const day of WEEK) {
    const hours = open.get(day) ?? [];
    const windows: Window[] = hours.length === 0 ? [{ note: 'closed' }] : closedBetween(hours);
    const key = JSON.stringify(windows);
    alike.set(key, { windows, days: [...(alike.get(key)?.days ?? []), day] });
  }
  return [...alike.values()].flatMap(({ days, windows }) => {
    const on = daysOf(days);
    return windows.map((window) => ({ ...(on && { days: on }), ...window, channels: [channel] }));
  });
}

function openHours({ notes }: Draft, source: Source): Window[] {
  return source.fields().flatMap(([name, byDay]) => {
    const channel = channelOf(name);
    if (!channel) {
      notes.lost(byDay, `There is no channel ${name} to keep open hours for.`);
      return [];
    }
    const rules = byDay.fields().flatMap(([day, list]) => {
      if (!dayOf(day)) {
        notes.lost(list, `There is no day ${day}.`);
        return [];
      }
      const hours = list.items().map((rule) => ({
        from: clockAt(rule.at('StartTime')) ?? '00:00',
        to: clockAt(rule.at('EndTime')) ?? '00:00',
      }));
      return [[day, hours] as const];
    });
    return quietOf(channel, rules);
  });
}

function closedDays({ notes }: Draft, source: Source): Window[] {
  return source.fields().flatMap(([name, list]) => {
    const channel = channelOf(name);
    if (!channel) {
      notes.lost(list, `There is no channel ${name} to keep closed days for.`);
      return [];
    }
    return list.items().map((rule) => {
      const [from = '', to = from] = ['StartDateTime', 'EndDateTime'].map((key) => momentAt(rule.at(key)) ?? '');
      const note = rule.at('Name').take(text);
      if (!/T00:00/.test(from) || !/T00:00/.test(to)) notes.changed(rule, 'Closed days are whole days here.');
      const dates: [string, string] = [from.slice(0, 10), to.slice(0, 10)];
      return { dates, channels: [channel], ...(note !== undefined && { note }) };
    });
  });
}

export function quietTimes(draft: Draft, source: Source): Window[] {
  const quiet = source.at('QuietTime');
  const [from, to] = ['Start', 'End'].map((key) => clockAt(quiet.at(key)));
  const hours = openHours(draft, source.at('OpenHours'));
  const isUsed = source.at('SendingSchedule').take(z.boolean());
  if (isUsed === false && hours.length > 0) {
    draft.notes.changed(
      source.at('SendingSchedule'),
      'The open hours were not in force; here they are.',
      'Remove "quiet" from the journey if you want none.',
    );
  }
  return [
    ...(from !== undefined && to !== undefined ? [{ from, to }] : []),
    ...hours,
    ...closedDays(draft, source.at('ClosedDays')),
  ];
}

const count = z.int().min(1);

/** Messages a contact may get from one journey. 0 stands for no limit in Pinpoint. */
export function capsOf(limits: Source): NonNullable<Journey['caps']> {
  const none = (key: string) => limits.at(key).take(z.literal(0));
  ['DailyCap', 'TotalCap'].forEach(none);
  const daily = limits.at('DailyCap').take(count);
  const total = limits.at('TotalCap').take(count);
  const frame = limits.at('TimeframeCap');
  const [cap, days] = [frame.at('Cap').take(count), frame.at('Days').take(count)];
  return [
    ...(daily === undefined ? [] : [{ count: daily, per: 'P1D' }]),
    ...(cap !== undefined && days !== undefined ? [{ count: cap, per: `P${days}D` }] : []),
    ...(total === undefined ? [] : [{ count: total }]),
  ];
}

import type { Window } from '#shared/condition/condition.ts';
import type { SendStep } from '#shared/journey/journey.ts';
import { kindOfTopic } from '#shared/settings/settings.ts';
import { isZone, readTime } from '#shared/time/local.ts';
import type { Checked } from './context.ts';
import { noSuchZone } from './no-such-zone.ts';
import type { Path, Source } from './parse.ts';
import { MISFIT, type Position, type Remark, remark } from './remarks.ts';
import { isCovered, sayWindow } from './week.ts';

/** Where a day ends last. */
const LAST_ZONE = '-12:00';

/** Windows of time that are never open, that are quiet, or that are over. */
export function checkWindows(checked: Checked): Remark[] {
  const { journey, steps, conditions, source } = checked;
  const asked = conditions.flatMap(({ leaves }) =>
    leaves.flatMap(({ leaf, path }) => ('now' in leaf ? closed(leaf.now, [...path, 'now'], source) : [])),
  );
  return [
    ...(journey.quiet ?? []).flatMap((window, i) => closed(window, ['quiet', i], source)),
    ...asked,
    ...steps.flatMap(({ step, path }) => {
      if (step.type !== 'send' || typeof step.when !== 'object') return [];
      return [...closed(step.when, [...path, 'when'], source), ...quiet(step, step.when, path, checked)];
    }),
    ...over(checked),
  ];
}

/** E40, of any window. */
export function closed(window: Window, path: Path, source: Source): Remark[] {
  const { from, to, at, days, dates, zone } = window;
  const strange = dates?.find((date) => !isTime(date));
  if (strange) return [noSuchTime(strange, source.at(path))];
  if (zone !== undefined && zone !== 'shop' && !isZone(zone)) {
    return [remark(MISFIT, source.at([...path, 'zone']), `There is ${noSuchZone(zone)}`)];
  }
  const never = (why: string) => [remark('E40', source.at(path), `This window is never open${why}`)];
  if (from !== undefined && from === to) return never(': it begins and ends at one time. Make it longer.');
  if (dates && dates[0] > dates[1]) return never(': it ends before it begins. Put the earlier day first.');
  if (from ?? to ?? at ?? days ?? dates) return [];
  return [remark('E40', source.at(path), 'This window says nothing. Give it "days", "at", or "from" and "to".')];
}

const isTime = (text: string): boolean => readTime(text, LAST_ZONE) !== undefined;
const noSuchTime = (text: string, at: Position): Remark =>
  remark(MISFIT, at, `"${text}" is on no calendar. Write a day that there is, as "2026-12-24".`);

function quiet(step: SendStep, when: Window, path: Path, { journey, context, source }: Checked): Remark[] {
  const { settings } = context;
  const topic = step.topic ?? journey.topic ?? 'marketing';
  if (when.dates || kindOfTopic(settings, topic) !== 'marketing') return [];
  const channels = [step.channel ?? settings.channels.default].flat();
  const all = [...settings.quiet, ...(journey.quiet ?? [])].filter((q) => !q.dates && q.zone === when.zone);
  const silent = channels.filter((channel) =>
    isCovered(
      when,
      all.filter((q) => !q.channels || q.channels.includes(channel)),
    ),
  );
  if (silent.length < channels.length) return [];
  const text = `"${step.id}" may go only${sayWindow(when)}, which is quiet time for ${silent.join(' and ')}. It would never be sent. Choose other hours.`;
  return [remark('E37', source.at([...path, 'when']), text)];
}

function over(checked: Checked): Remark[] {
  const { journey, context, source } = checked;
  // Nobody begins such a journey any more, and who closes it need not mend it.
  const begins = journey.status !== 'closing' && journey.status !== 'archived';
  return momentsOf(checked).flatMap(([text, path]) => {
    const moment = readTime(text, LAST_ZONE);
    if (!moment) return [noSuchTime(text, source.at(path))];
    const passed = begins && context.now !== undefined && moment.at < context.now;
    return passed ? [remark('E38', source.at(path), 'That moment has passed. Choose a later one.')] : [];
  });
}

/** Moments that come once, with where they stand. */
function momentsOf({ journey: { trigger, entry }, steps }: Checked): [string, Path][] {
  const once = trigger.type === 'schedule' && trigger.every === undefined && trigger.at.includes('-');
  return [
    ...(entry?.from === undefined ? [] : [[entry.from, ['entry', 'from']] satisfies [string, Path]]),
    ...(entry?.to === undefined ? [] : [[entry.to, ['entry', 'to']] satisfies [string, Path]]),
    ...(once ? [[trigger.at, ['trigger', 'at']] satisfies [string, Path]] : []),
    ...steps.flatMap(({ step, path }): [string, Path][] => {
      if (step.type !== 'wait' || step.until === undefined || step.until === 'best') return [];
      if (typeof step.until === 'string') return [[step.until, [...path, 'until']]];
      return 'dates' in step.until && step.until.dates ? [[`${step.until.dates[1]}T23:59`, [...path, 'until']]] : [];
    }),
  ];
}

import type { Cap } from '#shared/sending/caps.ts';
import { kindOfTopic } from '#shared/settings/settings.ts';
import type { Checked } from './context.ts';
import { daysOf } from './durations.ts';
import type { Source } from './parse.ts';
import { type Remark, remark } from './remarks.ts';
import { type Rhythm, rhythmOf } from './rhythm.ts';
import { textOf } from './text-of.ts';

/** How often a journey writes, and how long it takes, beside what caps and its own door allow. */
export function checkRhythm(checked: Checked): Remark[] {
  const { journey, context, source } = checked;
  const rhythm = rhythmOf(journey.steps);
  return [
    ...[...context.settings.caps, ...(journey.caps ?? [])].flatMap((cap) => tooOften(cap, rhythm, checked)),
    ...idleCaps(journey.caps ?? [], source),
    ...again(rhythm, checked),
  ];
}

function tooOften(cap: Cap, { sends }: Rhythm, { journey, steps, context, source }: Checked): Remark[] {
  if (cap.per === undefined || cap.if) return [];
  const span = daysOf(cap.per);
  const counted = sends.flatMap(({ id, day }) => {
    const place = steps.find(({ step }) => step.id === id);
    if (place?.step.type !== 'send') return [];
    const topic = place.step.topic ?? journey.topic ?? 'marketing';
    const [channel] = [place.step.channel ?? context.settings.channels.default].flat();
    const applies = (cap.channel ?? channel) === channel && [topic, 'marketing'].includes(cap.topic ?? topic);
    return applies && kindOfTopic(context.settings, topic) === 'marketing' ? [{ place, day, id }] : [];
  });
  const late = counted.find(
    (one, i) => counted.slice(0, i + 1).filter(({ day }) => day > one.day - span).length > cap.count,
  );
  if (!late) return [];
  const text = `With your cap of ${cap.count} in ${Math.round(span)} days, "${late.id}" is seldom sent.`;
  return [remark('W08', source.at(late.place.path), text)];
}

const spanOf = ({ per }: Cap): number => (per === undefined ? Number.POSITIVE_INFINITY : daysOf(per));

/** Whether a cap never lets through what another would stop. */
function isStricter(one: Cap, other: Cap): boolean {
  const [days, span] = [spanOf(other), spanOf(one)];
  const most = span >= days ? one.count : Math.ceil(days / span) * one.count;
  const wider =
    (one.channel ?? other.channel) === other.channel &&
    (one.topic ?? other.topic) === other.topic &&
    (!one.if || textOf(one.if) === textOf(other.if));
  return wider && most <= other.count;
}

/** Caps that another one is always stricter than; of two that say the same, the later one. */
export function idleCaps(caps: readonly Cap[], source: Source): Remark[] {
  return caps.flatMap((cap, i) => {
    const idle = caps.some((other, j) => i !== j && isStricter(other, cap) && (j < i || !isStricter(cap, other)));
    return idle ? [remark('W09', source.at(['caps', i]), `The cap of ${cap.count} never bites.`)] : [];
  });
}

function again({ days }: Rhythm, { journey, source }: Checked): Remark[] {
  const { after, whileInside } = journey.entry?.again ?? {};
  if (after === undefined || whileInside === 'restart' || daysOf(after) >= Math.floor(days)) return [];
  const text = `Who is inside cannot enter again; "again" works only after about ${Math.round(days)} days.`;
  return [remark('W10', source.at(['entry', 'again', 'after']), text)];
}

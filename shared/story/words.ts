import type { StepWords } from '#shared/diagram/words/steps.ts';
import { sayStep } from '#shared/diagram/words/steps.ts';
import type { Step } from '#shared/journey/journey.ts';
import { ownOf } from '#shared/own-of.ts';
import type { Hold } from '#shared/sending/hold.ts';
import type { Withheld } from '#shared/sending/permission.ts';
import type { Instant } from '#shared/time/instant.ts';
import { localDate, localTime, zoned } from '#shared/time/local.ts';
import type { Happening } from './story.ts';

/** What a story's table says, in words. */

const HELD: Readonly<Record<Hold, string>> = {
  quiet: 'quiet time',
  window: 'the window of its step is closed',
  cap: 'a cap leaves no room yet',
};
export const sayHold = (hold: Hold | undefined): string => (hold ? HELD[hold] : 'it may not go yet');

const WITHHELD: Readonly<Record<Withheld | Hold | 'expired', string>> = {
  'no-address': 'they have no e-mail address',
  'no-consent': 'they have not agreed to its topic',
  'paused-by-contact': 'they have asked for a pause',
  'goal-reached': 'the goal has been reached',
  left: 'they have left, or are about to',
  archived: 'the journey is archived',
  suppressed: 'the address bounced or complained',
  'kept-out': '"suppress" of the settings keeps them out',
  quiet: 'it expired in quiet time',
  window: 'it expired before its window opened',
  cap: 'it expired before a cap left room',
  expired: 'it expired',
};
export const sayWithheld = (reason: string): string => ownOf(WITHHELD, reason) ?? reason;

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** `Tue 2026-03-03 20:30`; seconds only where there are any. */
export function sayMoment(at: Instant, zone: string): string {
  const day = DAYS[zoned(at, zone).dayOfWeek - 1] ?? '';
  const clock = localTime(at, zone).slice(11);
  return `${day} ${localDate(at, zone)} ${clock.endsWith(':00') ? clock.slice(0, 5) : clock}`;
}

/** Title and lines in one, with a small letter where a sentence goes on. */
export function sayWhole(step: Step): string {
  const { title, lines }: StepWords = sayStep(step);
  return [`${title.charAt(0).toLowerCase()}${title.slice(1)}`, ...lines].join(', ');
}

/** With spaces, where a line may break. */
const json = (value: object | undefined): string =>
  value === undefined || Object.keys(value).length === 0
    ? ''
    : ` ${JSON.stringify(value, null, 1).replace(/\n\s*/g, ' ')}`;

/** What a story makes happen. */
export function sayHappening(one: Happening): string {
  if ('event' in one) return `${one.event}${json(one.data)}`;
  if ('enrol' in one) return `is enrolled into "${one.enrol}"${json(one.data)}`;
  if ('message' in one) return `"${one.message}" is ${one.is}`;
  return `the contact changes:${json(one.profile)}`;
}

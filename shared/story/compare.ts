import type { Enrolment } from '#shared/enrolment/enrolment.ts';
import type { Message } from '#shared/message/message.ts';
import type { ContactPlay } from '#shared/simulation/contact-play.ts';
import { addDuration, readDuration } from '#shared/time/duration.ts';
import { type Instant, toMillis } from '#shared/time/instant.ts';
import { localInstant, localTime } from '#shared/time/local.ts';
import type { Expected, ExpectedMessage } from './story.ts';
import type { Told } from './tell-story.ts';

/** What came otherwise than a test expects it, in words. */

const DAY = 86_400_000;

/** A message that went, and how it reads where that can be told. */
export type Sent = { readonly message: Message; readonly text: string | undefined };

/** `P1DT2H` after the start, as a test would write it: days on the contact's calendar, what is left exact. */
export function sinceStart(at: Instant, { start, zone }: Pick<Told, 'start' | 'zone'>): string {
  const daysLater = (days: number): Instant => (days > 0 ? addDuration(start, `P${days}D`, zone) : start);
  let days = Math.floor((toMillis(at) - toMillis(start)) / DAY) + 1;
  while (days > 0 && daysLater(days) > at) days -= 1;
  const seconds = Math.round((toMillis(at) - toMillis(daysLater(days))) / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const time = parts.map((part, i) => (part > 0 ? `${part}${'HMS'[i]}` : '')).join('');
  if (days === 0) return `PT${time || '0S'}`;
  return `P${days}D${time && `T${time}`}`;
}

const says = ({ message }: Sent, told: Told): string => `"${message.step}" after ${sinceStart(sentAt(message), told)}`;
const sentAt = (message: Message): Instant => message.facts.sent ?? message.queuedAt;

export function messageFaults(expected: readonly ExpectedMessage[], sent: readonly Sent[], told: Told): string[] {
  const pairs = Math.max(expected.length, sent.length);
  for (let i = 0; i < pairs; i += 1) {
    const [wanted, got] = [expected[i], sent[i]];
    const place = expected.length === 0 ? 'no message' : i >= expected.length ? 'no further message' : undefined;
    if (!wanted && got) return [`expected ${place}, got ${says(got, told)}`];
    if (wanted && !got)
      return [`expected "${wanted.step}"${wanted.at === undefined ? '' : ` at ${wanted.at}`}, got no further message`];
    if (wanted && got && wanted.step !== got.message.step) return [`expected "${wanted.step}", got ${says(got, told)}`];
  }
  return expected.flatMap((wanted, i) => (sent[i] ? fieldFaults(wanted, sent[i], told) : []));
}

function fieldFaults(wanted: ExpectedMessage, got: Sent, told: Told): string[] {
  const { message, text } = got;
  const faults: string[] = [];
  const fault = (what: string, is: string): void => void faults.push(`expected "${wanted.step}" ${what}, got it ${is}`);
  if (wanted.at !== undefined && momentOf(wanted.at, told) !== sentAt(message))
    fault(
      `at ${wanted.at}`,
      readDuration(wanted.at)
        ? `after ${sinceStart(sentAt(message), told)}`
        : `at ${localTime(sentAt(message), told.zone)}`,
    );
  if (wanted.channel !== undefined && wanted.channel !== message.channel)
    fault(`on ${wanted.channel}`, `on ${message.channel}`);
  if (wanted.template !== undefined && wanted.template !== message.template)
    fault(`with template "${wanted.template}"`, `with "${message.template}"`);
  for (const piece of wanted.says ?? [])
    if (text === undefined) faults.push(`"${wanted.step}" has no text that could say "${piece}"`);
    else if (!text.includes(piece)) faults.push(`expected "${wanted.step}" to say "${piece}", and it does not`);
  return faults;
}

export const momentOf = (moment: string, { start, zone }: Told): Instant =>
  readDuration(moment) ? addDuration(start, moment, zone) : localInstant(moment, zone);

export function outcomeFaults({ outcome, step, value }: Expected, passage: Enrolment | undefined): string[] {
  const is = !passage ? 'not-entered' : passage.state === 'inside' ? 'inside' : (passage.outcome ?? passage.state);
  const stands = passage?.cursor?.step;
  const worth = passage?.converted?.value;
  return [
    ...(outcome === undefined || outcome === is ? [] : [`expected the outcome "${outcome}", got "${is}"`]),
    ...(step === undefined || step === stands
      ? []
      : [
          `expected the contact to stand at "${step}", ${stands === undefined ? 'but they stand nowhere' : `got "${stands}"`}`,
        ]),
    ...(value === undefined || value === worth ? [] : [`expected the value ${value}, got ${worth ?? 'none'}`]),
  ];
}

export function contactFaults({ traits = {}, tags }: Expected, { profile }: ContactPlay): string[] {
  const wrong = Object.entries(traits).flatMap(([path, wanted]) => {
    const is = profile?.traits[path];
    const same = JSON.stringify(is ?? null) === JSON.stringify(wanted);
    return same
      ? []
      : [`expected the trait "${path}" to be ${JSON.stringify(wanted)}, got ${JSON.stringify(is) ?? 'nothing'}`];
  });
  return [...wrong, ...(tags ? listFault('tags', tags.toSorted(), profile?.tags ?? []) : [])];
}

export function listFault(what: string, wanted: readonly string[], is: readonly string[]): string[] {
  const named = (list: readonly string[]): string => (list.length === 0 ? 'none' : list.join(', '));
  return wanted.join('\n') === is.join('\n') ? [] : [`expected the ${what} ${named(wanted)}, got ${named(is)}`];
}

import { styleText } from 'node:util';
import { sayTime } from '#apps/cli/say-time.ts';
import { ownOf } from '#shared/own-of.ts';
import { plain } from '#shared/plain.ts';
import { REFUSAL_WORDS } from '#shared/report/refusals.ts';
import { WAIT_WORDS } from '#shared/report/waits.ts';
import type { JourneyWhy, MessageWhy, PassageWhy, Why } from '#shared/report/why.ts';
import { callLine } from './print-call.ts';

/** A `why` for people: who it is, then each journey with what was decided and what is waited for. */

const REASONS: Readonly<Record<NonNullable<JourneyWhy['outside']>['reason'], string>> = {
  'no-event': 'nothing has happened that starts it',
  ...REFUSAL_WORDS,
  none: 'would enter if it happened now',
};

export function printWhy({ contact, zone, bestHour, profile, journeys }: Why): string {
  const at = (instant: string): string => sayTime(instant, zone);
  const consents = Object.entries(profile.consents).flatMap(([channel, topics]) =>
    Object.entries(topics).map(([topic, { state, at: since }]) => `${channel}/${topic} ${state} ${at(since)}`),
  );
  return [
    styleText('bold', `Contact ${contact}`),
    `  known since ${at(profile.createdAt)}; times are those of ${zone}`,
    `  best hour ${bestHour}`,
    ...(profile.tags.length > 0 ? [`  tags ${plain(profile.tags.join(', '))}`] : []),
    `  consent ${consents.join('; ') || 'for nothing'}`,
    ...journeys.flatMap((journey) => ['', ...journeyLines(journey, at)]),
    '',
  ].join('\n');
}

type At = (instant: string) => string;

function journeyLines({ journey, name, version, status, passages, quiet, outside }: JourneyWhy, at: At): string[] {
  return [
    `${styleText('bold', journey)}  ${name} (version ${version}, ${status})`,
    ...passages.flatMap((passage) => passageLines(passage, at)),
    ...quiet.map(({ key, until }) => `  waits for quiet until ${at(until)}${key && `, for ${plain(key)}`}`),
    ...(outside
      ? [`  outside: ${REASONS[outside.reason]}`, ...outside.because.map((part) => `    ${plain(part)}`)]
      : []),
  ];
}

function passageLines(passage: PassageWhy, at: At): string[] {
  const { n, key, version, state, outcome, entered, ended, stands, passed, arms, codes, converted } = passage;
  const end = state === 'inside' ? 'inside' : `${outcome ?? state}${ended === undefined ? '' : ` ${at(ended)}`}`;
  const way = passed.map((step) => {
    const got = arms[step] ?? codes[step];
    return got === undefined ? step : `${step} (${got})`;
  });
  return [
    `  ${n}. entered ${at(entered)}${key && ` for ${plain(key)}`}, version ${version}: ${end}`,
    ...(converted
      ? [`     goal reached ${at(converted.at)}${converted.value === undefined ? '' : `, worth ${converted.value}`}`]
      : []),
    ...(way.length > 0 ? [`     passed ${way.join(' > ')}`] : []),
    ...(stands ? [`     at ${stands.step}: ${stands.says}, since ${at(stands.since)}, ${untilWhen(stands, at)}`] : []),
    ...passage.messages.map((message) => `     ${messageLine(message, at)}`),
    ...passage.calls.map((call) => `     ${callLine(call, at)}`),
  ];
}

const untilWhen = ({ until, hold, stalled }: NonNullable<PassageWhy['stands']>, at: At): string => {
  if (stalled !== undefined) return `due ${at(stalled)}, and the journey is paused`;
  return hold ? `waits for ${WAIT_WORDS[hold]} until ${at(until)}` : `until ${at(until)} at the latest`;
};

function messageLine({ step, channel, queuedAt, facts, reason, state, yielded, waits }: MessageWhy, at: At): string {
  const told = Object.entries(facts).map(([fact, when]) => `${fact} ${at(when ?? '')}`);
  const words = told.length > 0 ? told.join(', ') : `${state} ${at(queuedAt)}`;
  const behind = yielded === undefined ? '' : `, yielded to ${yielded.to} (priority ${yielded.priority})`;
  const still = waits ? `, waits for ${ownOf(WAIT_WORDS, waits.for) ?? waits.for}` : '';
  const until = waits?.until === undefined ? '' : ` until ${at(waits.until)}`;
  return `${channel} of ${step}: ${words}${reason === undefined ? '' : ` (${reason})`}${still}${until}${behind}`;
}

import { MailAmbiguous, MailDeferred, MailRejected } from '#shared/errors.ts';
import { ownOf } from '#shared/own-of.ts';
import type { Mail } from '#shared/ports.ts';
import type { Settings } from '#shared/settings/settings.ts';
import { isObject } from '#shared/store/json.ts';
import type { Json } from '#shared/store/table.ts';
import type { Call } from './call.ts';
import type { CallVerdict } from './verdict.ts';

/** Longer subjects are cut off by mail programs. */
const LONGEST_SUBJECT = 150;

/**
 * A call as a colleague reads it: plain text, from the shop's default sender. Its id is the same at each attempt, so that
 * rules of a mailbox can tell repetitions; SES gives each attempt a Message-ID of its own.
 */
export function mailOfCall(call: Call, to: string, { senders }: Pick<Settings, 'senders'>, sender: string): Mail {
  const { id, journey, step } = call;
  const { email = sender, replyTo } = ownOf(senders, 'default') ?? {};
  return {
    from: email,
    to,
    ...(replyTo !== undefined && { replyTo }),
    subject: subjectOf(call),
    text: textOf(call),
    headers: [
      { name: 'Auto-Submitted', value: 'auto-generated' },
      { name: 'X-Tropa-Call', value: id },
    ],
    // What SES says of it concerns no contact: track knows it by the first.
    tags: { call: id, journey, step },
  };
}

const titlesOf = ({ titles, journey, step }: Call) => titles ?? { journey, step };

function subjectOf(call: Call): string {
  const { journey, step } = titlesOf(call);
  const words = onOneLine(`${journey}: ${step}`);
  return words.length > LONGEST_SUBJECT ? `${words.slice(0, LONGEST_SUBJECT).toWellFormed()}…` : words;
}

/** What came from outside begins no line of its own, so that it cannot pass for what the mail says itself. */
const onOneLine = (text: string): string => text.replaceAll(/[\s\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
/** Of one line of a text: Unicode knows more ends of lines than a text that is typed. */
const withoutBreaks = (line: string): string => line.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ');

const named = (title: string, id: string): string => (title === id ? id : `${title} (${id})`);

function textOf(call: Call): string {
  const { journey, step, contact, externalId, queuedAt, body } = call;
  const titles = titlesOf(call);
  return [
    `Journey: ${onOneLine(named(titles.journey, journey))}`,
    `Step: ${onOneLine(named(titles.step, step))}`,
    `Contact: ${onOneLine(externalId ?? contact)}`,
    `Time: ${queuedAt.slice(0, 16).replace('T', ' ')} UTC`,
    '',
    ...(Object.keys(body).length > 0 ? linesOf(body) : ['The step says nothing further.']),
    '',
  ].join('\n');
}

/** One line a value; what has parts stands below its name, further to the right. */
function linesOf(fields: Readonly<Record<string, Json>>): string[] {
  return Object.entries(fields).flatMap(([written, value]) => {
    const name = onOneLine(written);
    if (Array.isArray(value)) return [`${name}:`, ...value.flatMap(itemOf)];
    if (isObject(value)) return [`${name}:`, ...indented(linesOf(value))];
    const [first = '', ...more] = sayOf(value);
    return more.length === 0 ? [`${name}: ${first}`] : [`${name}:`, ...indented([first, ...more])];
  });
}

function itemOf(value: Json): string[] {
  const [first = '', ...more] = isObject(value) ? linesOf(value) : sayOf(value);
  return [`  - ${first}`, ...indented(indented(more))];
}

const indented = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);

/** A text keeps its lines. Lists in lists are rare, and left as they are. */
const sayOf = (value: Json): string[] =>
  value === null
    ? ['(nothing)']
    : (typeof value === 'object' ? JSON.stringify(value) : String(value)).split(/\r\n|\r|\n/).map(withoutBreaks);

/**
 * What an attempt to mail came to. A mail of which nobody knows whether it went is sent once more: a colleague who gets it
 * twice knows it by its id, and one who never gets it knows nothing. Throws what is no error of a mailer.
 */
export function judgeMail(error: unknown): CallVerdict {
  if (error instanceof MailRejected) return { refused: error.code };
  if (error instanceof MailDeferred) return { again: error.code };
  if (error instanceof MailAmbiguous) return { again: 'unknown' };
  throw error;
}

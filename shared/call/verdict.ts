import type { Fields } from '#shared/condition/scope.ts';
import type { Reply } from '#shared/ports.ts';
import { isObject } from '#shared/store/json.ts';
import type { Json } from '#shared/store/table.ts';
import { holdsNumber } from '#shared/store/units.ts';

/** What an attempt came to: taken, refused for good, or to be tried again. */
export type CallVerdict =
  | {
      readonly ok: true;
      readonly status?: number;
      /** All that was answered, and of it the fields that can be kept. */
      readonly said?: Fields;
      readonly reply: Fields;
    }
  | { readonly refused: string }
  | { readonly again: string; readonly retryAfter?: number | undefined };

/** Refusals that speak of this moment and not of the call. */
const FOR_NOW = [408, 409, 425, 429];

/** Judges one attempt. `answer`: whether what the endpoint says is wanted; an answer that cannot be read is none. */
export function judgeReply(reply: Reply, answer: boolean): CallVerdict {
  if ('failed' in reply) {
    const isForGood = reply.failed === 'forbidden' || reply.failed === 'too-large';
    return isForGood ? { refused: reply.failed } : { again: reply.failed };
  }
  const { status, body, retryAfter } = reply;
  if (status >= 500 || FOR_NOW.includes(status)) return { again: String(status), retryAfter };
  if (status < 200 || status > 299) return { refused: String(status) };
  if (!answer) return { ok: true, status, reply: {} };
  const said = saidIn(body);
  return said ? { ok: true, status, said, reply: flatOf(said) } : { refused: 'no-json' };
}

/** Nothing is an object without fields; what is no object is undefined. */
function saidIn(body: string): Fields | undefined {
  if (body.trim() === '') return {};
  const parsed = parse(body);
  return isObject(parsed) ? parsed : undefined;
}

/** The fields that are one value, or a list of such. */
const flatOf = (said: Fields): Fields =>
  Object.fromEntries(Object.entries(said).filter(([name, value]) => isText(name) && isFlat(value)));

function parse(body: string): Json | undefined {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

const isText = (text: string): boolean => text.isWellFormed();

/** One value that a row can hold. */
const isPlain = (value: Json): boolean =>
  typeof value === 'boolean' ||
  (typeof value === 'string' && isText(value)) ||
  (typeof value === 'number' && holdsNumber(value));

const isFlat = (value: Json): boolean => isPlain(value) || (Array.isArray(value) && value.every(isPlain));

import { type Ref, refSchema } from '#shared/condition/condition.ts';
import type { Channel } from '#shared/event/event.ts';
import type { Json } from '#shared/store/table.ts';

/** Names, values and references in plain English. */

export const quoted = (text: string): string => `"${text}"`;

/** "a", "a or b", "a, b or c". */
export function listed(items: readonly string[], word: 'and' | 'or' | 'nor'): string {
  const last = items.at(-1) ?? '';
  return items.length < 2 ? last : `${items.slice(0, -1).join(', ')} ${word} ${last}`;
}

export const oneOrMore = <T>(value: T | readonly T[]): readonly T[] => (isList(value) ? value : [value]);
const isList = <T>(value: T | readonly T[]): value is readonly T[] => Array.isArray(value);

export const quotedList = (names: string | readonly string[], word: 'and' | 'or'): string =>
  listed(oneOrMore(names).map(quoted), word);

/** "1 time", "3 times". */
export const counted = (n: number, one: string, many = `${one}s`): string => `${sayNumber(n)} ${n === 1 ? one : many}`;

/** Thousands are parted from ten thousand on: 5000, 10,000, 1,234,567.5. */
export function sayNumber(n: number): string {
  const text = String(n);
  if (Math.abs(n) < 10_000 || text.includes('e')) return text;
  const [whole = '', ...fraction] = text.split('.');
  return [whole.replace(/\B(?=(\d{3})+$)/g, ','), ...fraction].join('.');
}

/** The step and the field that `code.expiresAt` names; a step has no dot in its id. */
function sayStepField(path: string): string {
  const dot = path.indexOf('.');
  const [step, field] = dot < 0 ? [path, ''] : [path.slice(0, dot), path.slice(dot + 1)];
  if (field === 'at') return `the beginning of step ${quoted(step)}`;
  return field === '' ? `step ${quoted(step)}` : `the ${field} of step ${quoted(step)}`;
}

type Source = Ref extends infer R ? (R extends R ? keyof R : never) : never;
const SOURCES: { readonly [S in Source]: (path: string) => string } = {
  trait: (path) => `their ${path}`,
  trigger: (path) => (path === 'at' ? 'the time of the trigger' : `the trigger's ${path}`),
  step: sayStepField,
  data: (path) => (path === 'at' ? 'its time' : `its ${path}`),
};

/** "their points", "the trigger's total", "the code of step "gift"", "its price". */
export const saySource = (source: Source, path: string): string => SOURCES[source](path);

export function sayRef(ref: Ref): string {
  if ('trait' in ref) return saySource('trait', ref.trait);
  if ('trigger' in ref) return saySource('trigger', ref.trigger);
  return 'step' in ref ? saySource('step', ref.step) : saySource('data', ref.data);
}

/** The reference that a value is, if it is one. */
function refIn(value: Json | Ref): Ref | undefined {
  const read = refSchema.safeParse(value);
  return read.success ? read.data : undefined;
}

/** A literal as it is written, text in quotes; a reference by what it points to. */
export function sayValue(value: Json | Ref): string {
  const ref = refIn(value);
  return ref ? sayRef(ref) : JSON.stringify(value);
}

/** "percent = 10", one for each. */
export const sayValues = (values: Readonly<Record<string, Json | Ref>>): string[] =>
  Object.entries(values).map(([name, value]) => `${name} = ${sayValue(value)}`);

export const CHANNEL_WORDS: { readonly [C in Channel]: string } = {
  email: 'e-mail',
  sms: 'SMS',
  push: 'push',
  webpush: 'web push',
  telegram: 'Telegram',
  inapp: 'in-app',
};

export const sayChannels = (channels: Channel | readonly Channel[], word: 'and' | 'or'): string =>
  listed(
    oneOrMore(channels).map((channel) => CHANNEL_WORDS[channel]),
    word,
  );

/** A topic by its name; `marketing` is what all marketing topics belong to. */
export const sayTopic = (topic: string): string => (topic === 'marketing' ? 'marketing' : quoted(topic));

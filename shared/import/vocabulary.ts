import type { ValueType } from '#shared/settings/settings.ts';

/** The traits, and the events with their data, that journeys and segments ask about: what settings have to declare. */
export type Vocabulary = {
  readonly traits: Map<string, ValueType>;
  readonly events: Map<string, Map<string, ValueType>>;
};

/** Traits that are always there, and events that the system itself tells. */
const OWN_TRAIT =
  /^(createdAt|timeZone|locale|bestHour|visits\.last|purchases\..+|rfm\..+|location\..+|device\..+|email|phone|externalId)$/;
const OWN_EVENT = /^(any|message\..+|subscribed|unsubscribed|tag\.(added|removed)|trait\.changed|survey\.answered)$/;

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
const member = (value: object, key: string): unknown =>
  Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;

function typeOfValue(value: unknown): ValueType {
  if (typeof value === 'number') return 'number';
  if (typeof value === 'boolean') return 'flag';
  return Array.isArray(value) && value.length > 0 ? typeOfValue(value[0]) : 'text';
}

function typeOf(condition: object): ValueType {
  const has = (...keys: string[]) => keys.some((key) => member(condition, key) !== undefined);
  if (has('gt', 'gte', 'lt', 'lte')) return 'number';
  if (has('before', 'after', 'within', 'next', 'every')) return 'date';
  return typeOfValue(member(condition, 'is') ?? member(condition, 'isNot'));
}

/** `text` is what a comparison says that could be of any type, so any other answer is better. */
function learn(known: Map<string, ValueType>, path: string, type: ValueType): void {
  const before = known.get(path);
  if (before === undefined || before === 'text') known.set(path, type);
}

const words = (value: unknown): string[] => [value].flat().filter((word) => typeof word === 'string');

/** `about`: the events whose data is asked for by `data` and by `trigger`. */
type About = { readonly data: readonly string[]; readonly trigger: readonly string[] };

function read(value: unknown, about: About, found: Vocabulary): void {
  if (!isObject(value)) return;
  const [trait, event] = [member(value, 'trait'), words(member(value, 'event'))];
  if (typeof trait === 'string' && !OWN_TRAIT.test(trait)) learn(found.traits, trait, typeOf(value));
  for (const type of event.filter((t) => !OWN_EVENT.test(t)))
    found.events.set(type, found.events.get(type) ?? new Map());
  for (const subject of ['data', 'trigger'] as const) {
    const path = member(value, subject);
    if (typeof path !== 'string' || ['at', 'type', 'id', 'date', 'count', 'segment'].includes(path)) continue;
    for (const type of about[subject]) learn(found.events.get(type) ?? new Map(), path, typeOf(value));
  }
  for (const [key, inner] of Object.entries(value))
    read(inner, key === 'where' ? { ...about, data: event } : about, found);
  written(value, found);
}

/** What update steps write. */
function written(step: object, { traits }: Vocabulary): void {
  if (member(step, 'type') !== 'update') return;
  const entries = (key: string) => Object.entries(member(step, key) ?? {});
  for (const [path, value] of entries('set')) learn(traits, path, isObject(value) ? 'text' : typeOfValue(value));
  for (const [path] of entries('add')) learn(traits, path, 'number');
  for (const [path] of [...entries('append'), ...entries('remove')]) learn(traits, path, 'texts');
}

export function vocabularyOf(files: readonly object[]): Vocabulary {
  const found: Vocabulary = { traits: new Map(), events: new Map() };
  for (const file of files) {
    const trigger = member(file, 'trigger');
    const started = isObject(trigger) ? words(member(trigger, 'event')).filter((t) => !OWN_EVENT.test(t)) : [];
    for (const type of started) found.events.set(type, found.events.get(type) ?? new Map());
    read(file, { data: [], trigger: started }, found);
  }
  return found;
}

import { MESSAGE_FACTS, type MessageFact } from '#shared/message/message.ts';
import type { ValueType } from '#shared/settings/settings.ts';

/**
 * What Tropa itself notices of a contact, as events that journeys can name like any other. Each goes over the bus only
 * where something that is live names it.
 */

export const TRAIT_CHANGED = 'trait.changed';

/** Somebody has said yes to topics with double opt-in, and their confirmation is to be asked for. */
export const CONSENT_PENDING = 'consent.pending';

type Fields = Readonly<Record<string, ValueType | 'any'>>;

const OF_MESSAGES: Fields = {
  journey: 'text',
  step: 'text',
  message: 'text',
  channel: 'text',
  topic: 'text',
  template: 'text',
};
const MORE: Readonly<Partial<Record<MessageFact, Fields>>> = {
  clicked: { link: 'text' },
  bounced: { reason: 'text' },
  withheld: { reason: 'text' },
  failed: { reason: 'text' },
};

/** Every happening with the fields of its data. `any` is a value of any kind. */
export const HAPPENINGS: ReadonlyMap<string, Fields> = new Map<string, Fields>([
  ...MESSAGE_FACTS.map((fact): [string, Fields] => [`message.${fact}`, { ...OF_MESSAGES, ...MORE[fact] }]),
  ['subscribed', { topic: 'text', channel: 'text', confirmed: 'flag' }],
  ['unsubscribed', { topic: 'text', channel: 'text' }],
  [CONSENT_PENDING, { topics: 'texts', channel: 'text' }],
  ['tag.added', { tag: 'text' }],
  ['tag.removed', { tag: 'text' }],
  [TRAIT_CHANGED, { trait: 'text', value: 'any', before: 'any' }],
]);

export const isHappening = (type: string): boolean => HAPPENINGS.has(type);

/** Types of happenings that are asked for; of changed traits the one that is, as `trait.changed/loyalty.tier`. */
export type Wanted = ReadonlySet<string>;

export const isWanted = (wanted: Wanted, { type, data }: { readonly type: string; readonly data: object }): boolean =>
  wanted.has(type) || (type === TRAIT_CHANGED && 'trait' in data && wanted.has(`${type}/${data.trait}`));

/**
 * The happenings that a journey, a condition or settings name, wherever they do. A word too many costs an event, one too
 * few would lose some: so nothing is known here of where conditions stand.
 */
export function happeningsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.values(value).flatMap(happeningsIn);
  const types = 'event' in value ? [value.event].flat().filter((type) => typeof type === 'string') : [];
  const where: unknown = 'where' in value ? value.where : undefined;
  const named = types.filter(isHappening).flatMap((type) => {
    const traits = type === TRAIT_CHANGED ? traitsAsked(where) : undefined;
    return traits ? traits.map((trait) => `${type}/${trait}`) : [type];
  });
  return [...new Set([...named, ...(asksBestHour(value) ? ['message.clicked'] : []), ...inner])];
}

/** Whose best hour is asked for, of them clicks are folded (see engaged.ts). */
const asksBestHour = (value: object): boolean =>
  ('when' in value && value.when === 'best') ||
  ('until' in value && value.until === 'best') ||
  ('trait' in value && value.trait === 'bestHour');

const asking = (where: unknown): { all?: unknown; any?: unknown; data?: unknown; is?: unknown } =>
  typeof where === 'object' && where !== null ? where : {};

/** The traits that a `where` lets through; undefined: any. */
function traitsAsked(where: unknown): readonly string[] | undefined {
  const { all, any, data, is } = asking(where);
  if (Array.isArray(all)) return all.map(traitsAsked).find((traits) => traits !== undefined);
  if (Array.isArray(any)) {
    const each = any.map(traitsAsked);
    return each.every((traits) => traits !== undefined) ? each.flat() : undefined;
  }
  const names = data === 'trait' && is !== undefined ? [is].flat() : [];
  return names.length > 0 && names.every((name) => typeof name === 'string') ? names : undefined;
}

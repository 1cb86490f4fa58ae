import { HAPPENINGS } from '#shared/event/happenings.ts';
import type { Trigger } from '#shared/journey/journey.ts';
import { type Settings, type ValueType, valueTypeSchema } from '#shared/settings/settings.ts';

/** Of what type a value is, as far as the settings say it. Undefined: nobody has said. */
type Kind = ValueType;

/** Traits that are always there. */
const DERIVED: Readonly<Record<string, Kind>> = {
  createdAt: 'date',
  email: 'text',
  phone: 'text',
  externalId: 'text',
  'purchases.count': 'number',
  'purchases.total': 'number',
  'purchases.average': 'number',
  'purchases.first': 'date',
  'purchases.last': 'date',
  'purchases.cycle': 'duration',
  'purchases.next': 'date',
  'visits.last': 'date',
  'rfm.r': 'number',
  'rfm.f': 'number',
  'rfm.m': 'number',
  'rfm.class': 'text',
  bestHour: 'text',
  timeZone: 'text',
  locale: 'text',
  'location.country': 'text',
  'location.region': 'text',
  'location.city': 'text',
  'device.type': 'text',
  'device.make': 'text',
  'device.model': 'text',
  'device.os': 'text',
  'device.appVersion': 'text',
};

/** Events that Tropa puts in itself, and those that it folds into traits of its own. */
export const OWN_EVENTS = [...HAPPENINGS.keys(), 'survey.answered', 'purchase', 'product.viewed', 'page.viewed'];

/** What every event has beside its data. */
const OF_EVENTS: Readonly<Record<string, Kind>> = { at: 'date', type: 'text', id: 'text' };

const own = <T>(record: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined;

/** All traits that somebody can have. */
export const traitsOf = (settings: Settings): string[] => [...Object.keys(settings.traits), ...Object.keys(DERIVED)];

export function kindOfTrait(settings: Settings, trait: string): Kind | undefined {
  const declared = own(settings.traits, trait);
  if (typeof declared === 'string') return declared;
  if (!declared) return own(DERIVED, trait);
  const edge = declared.first ?? declared.last;
  return edge === undefined ? 'number' : kindOfField(settings, [declared.event].flat(), edge);
}

/** Paths of the data of these events, where all of them say what they have. */
export function fieldsOf(settings: Settings, types: readonly string[]): readonly string[] | undefined {
  const declared = types.map((type) => HAPPENINGS.get(type) ?? own(settings.events, type));
  if (declared.length === 0 || declared.some((fields) => !fields || Object.keys(fields).length === 0)) return undefined;
  return [...new Set(declared.flatMap((fields) => Object.keys(fields ?? {}))), ...Object.keys(OF_EVENTS)];
}

export function kindOfField(settings: Settings, types: readonly string[], path: string): Kind | undefined {
  const always = own(OF_EVENTS, path);
  if (always) return always;
  const kinds = new Set(types.map((type) => own(HAPPENINGS.get(type) ?? own(settings.events, type) ?? {}, path)));
  const [kind] = kinds;
  return kinds.size === 1 && kind !== 'any' ? kind : undefined;
}

/** Paths of what the trigger leaves. Undefined: any path may be there. */
export function triggerFields(settings: Settings, trigger: Trigger): readonly string[] | undefined {
  if (trigger.type === 'event') return fieldsOf(settings, [trigger.event].flat());
  if (trigger.type === 'manual') return [...Object.keys(trigger.data ?? {}), ...Object.keys(OF_EVENTS)];
  return Object.keys(OF_TRIGGERS[trigger.type]);
}

const OF_TRIGGERS = {
  segment: { segment: 'text', at: 'date' },
  schedule: { segment: 'text', at: 'date' },
  date: { date: 'date', count: 'number', at: 'date' },
} as const satisfies Record<string, Readonly<Record<string, Kind>>>;

export function kindOfTrigger(settings: Settings, trigger: Trigger, path: string): Kind | undefined {
  if (trigger.type === 'event') return kindOfField(settings, [trigger.event].flat(), path);
  if (trigger.type !== 'manual') return own<Kind>(OF_TRIGGERS[trigger.type], path);
  return own(OF_EVENTS, path) ?? valueTypeSchema.safeParse(own(trigger.data ?? {}, path)).data;
}

/** What each kind of step leaves. A call leaves what it is answered, so anything. */
export const LEFT: Readonly<Record<string, Readonly<Record<string, Kind>>>> = {
  send: { channel: 'text' },
  waitFor: { happened: 'flag' },
  split: { arm: 'text' },
  repeat: { pass: 'number' },
  coupon: { code: 'text', expiresAt: 'date' },
  call: { ok: 'flag' },
};

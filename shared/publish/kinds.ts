import type { Condition } from '#shared/condition/condition.ts';
import { walk } from '#shared/condition/leaves.ts';
import { HAPPENINGS } from '#shared/event/happenings.ts';
import type { Step, Trigger } from '#shared/journey/journey.ts';
import { type Settings, type ValueType, valueTypeSchema } from '#shared/settings/settings.ts';

/** Of what type a value is, as far as the settings say it. Undefined: nobody has said. */
type Kind = ValueType;

/** Traits that are always there. */
export const DERIVED: Readonly<Record<string, Kind>> = {
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

/** What each kind of step leaves by itself. */
export const LEFT: Readonly<Record<string, Readonly<Record<string, Kind>>>> = {
  send: { channel: 'text' },
  waitFor: { happened: 'flag' },
  split: { arm: 'text' },
  repeat: { pass: 'number' },
  coupon: { code: 'text', expiresAt: 'date' },
  call: { ok: 'flag' },
};

/** Fields that a step leaves beside `at`. Undefined: any may be there, as in an answer to a call. */
export function leftFields(settings: Settings, step: Step): readonly string[] | undefined {
  const own = Object.keys(LEFT[step.type] ?? {});
  if (step.type === 'call' && step.answer) return undefined;
  // Nobody waits to see what comes of it.
  if (step.type === 'call' && !step.otherwise?.length) return [];
  if (step.type !== 'waitFor') return own;
  const each = endingsOf(step.for).map((ending) =>
    'message' in ending ? OF_MESSAGE : ending.types === 'any' ? undefined : fieldsOf(settings, ending.types),
  );
  return each.every((fields) => fields !== undefined) ? [...own, ...each.flat()] : undefined;
}

/** Of what type a field is that a step leaves. */
export function kindOfLeft(settings: Settings, step: Step, field: string): Kind | undefined {
  const kind = own(LEFT[step.type] ?? {}, field);
  if (kind || step.type !== 'waitFor') return kind;
  const [ending, ...others] = endingsOf(step.for);
  if (!ending || others.length > 0) return undefined;
  if ('message' in ending) return OF_MESSAGE.includes(field) ? 'text' : undefined;
  return ending.types === 'any' ? undefined : kindOfField(settings, ending.types, field);
}

const OF_MESSAGE: readonly string[] = ['channel', 'link'];

type EndsBy = { readonly message: string } | { readonly types: readonly string[] | 'any' };

/** What can end a wait and says more than that it happened. */
const endingsOf = (condition: Condition): EndsBy[] =>
  [...walk(condition)].flatMap((leaf): EndsBy[] => {
    // What an answer to a survey holds is said by the survey.
    if ('message' in leaf) return isAnswered(leaf) ? [{ types: 'any' }] : [{ message: leaf.message }];
    if (!('event' in leaf)) return [];
    return [{ types: leaf.event === 'any' ? 'any' : [leaf.event].flat() }];
  });

const isAnswered = ({ is, isNot }: Extract<Condition, { message: string }>): boolean =>
  [is, isNot].flat().includes('answered');

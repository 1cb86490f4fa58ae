import type { Profile } from '#shared/contact/profile.ts';
import { zoneOf } from '#shared/contact/zone.ts';
import type { StoredEvent } from '#shared/event/event.ts';
import { ownOf } from '#shared/own-of.ts';
import { bestHour, habitsOf } from '#shared/sending/best-hour.ts';
import type { Settings } from '#shared/settings/settings.ts';
import { isObject } from '#shared/store/json.ts';
import type { Json } from '#shared/store/table.ts';
import type { Standpoint } from '#shared/time/expression.ts';
import { type Ref, refSchema } from './condition.ts';
import type { Fields, Scope } from './scope.ts';

/** The four places where a value may lie. */

const own = (value: Json, name: string): Json[] => {
  if (Array.isArray(value)) return value.flatMap((item: Json) => own(item, name));
  const found = isObject(value) ? ownOf(value, name) : undefined;
  return found === undefined ? [] : [found];
};

/**
 * What lies at a path: `cart.total`. A path through a list gives the values of all its elements, as one flat list.
 * Undefined when nothing does.
 */
export function readPath(fields: Json | undefined, path: string): Json | undefined {
  let at: Json | undefined = fields;
  let many = false;
  for (const name of path.split('.')) {
    if (at === undefined) return undefined;
    many ||= Array.isArray(at);
    at = many ? own(at, name).flat() : isObject(at) ? ownOf(at, name) : undefined;
  }
  return at;
}

/** A trait by its path. `createdAt`, the best hour and the addresses are readable as traits too, and are what the contact has. */
export function readTrait(profile: Profile, path: string, settings: Settings): Json | undefined {
  if (path === 'createdAt') return profile.createdAt;
  if (path === 'bestHour') return bestHour(habitsOf(profile, zoneOf(profile, settings), settings));
  const { email, phone, externalId } = profile.identities;
  const address = path === 'email' ? email : path === 'phone' ? phone : path === 'externalId' ? externalId : undefined;
  return address ?? ownOf(profile.traits, path);
}

/** `code.expiresAt`: what the step `code` has left. */
function readStep(steps: Scope['steps'], path: string): Json | undefined {
  const dot = path.indexOf('.');
  const step = dot < 0 ? path : path.slice(0, dot);
  const fields = ownOf(steps, step);
  return dot < 0 ? fields : readPath(fields, path.slice(dot + 1));
}

/** The value that a reference stands for; undefined when there is none. */
export function lookup(ref: Ref, scope: Scope): Json | undefined {
  if ('trait' in ref) return readTrait(scope.profile, ref.trait, scope.settings);
  if ('trigger' in ref) return readPath(scope.trigger, ref.trigger);
  return 'step' in ref ? readStep(scope.steps, ref.step) : readPath(scope.data, ref.data);
}

/** A value written in a journey: itself, or what a reference finds; undefined when it finds nothing. */
export function resolved(value: Json | Ref, scope: Scope): Json | undefined {
  const ref = refSchema.safeParse(value);
  return ref.success ? lookup(ref.data, scope) : value;
}

/** Where the moments of a condition are seen from. */
export const standpoint = (scope: Scope): Standpoint => ({
  now: scope.now,
  entry: scope.entry,
  zone: zoneOf(scope.profile, scope.settings),
  lookup: (ref) => lookup(ref, scope),
});

type Seen = Pick<StoredEvent, 'id' | 'type' | 'at' | 'data'>;

/** The data of an event as a `where` sees it: with its own time, type and id. */
export const fieldsOf = ({ id, type, at, data }: Seen): Fields => ({ ...data, at, type, id });

/** What lies at a path of it; of its own three there is nothing further inside. */
export function readField(event: Seen, path: string): Json | undefined {
  if (path === 'at' || path === 'type' || path === 'id') return event[path];
  return /^(?:at|type|id)\./.test(path) ? undefined : readPath(event.data, path);
}

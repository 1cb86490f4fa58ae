import type * as z from 'zod';

/**
 * The source file as the importers see it: whatever they take out of it is marked as read. What nobody has read when
 * they are done goes into the report, so that nothing can be forgotten in silence, not even what a later version of the
 * other tool will write.
 */
export type Source = {
  /** Where it stands: `$.Activities.welcome.EMAIL`. */
  readonly place: string;
  readonly value: unknown;
  /** A part of it, there or not. */
  at(key: string | number): Source;
  /** The value, if it fits; then it counts as read, with all that lies in it. */
  take<T>(schema: z.ZodType<T>): T | undefined;
  readonly fields: () => readonly (readonly [string, Source])[];
  readonly items: () => readonly Source[];
  /** Marks it as read with all that lies in it: somebody else accounts for it. */
  whole(): unknown;
};

type Mark = { read: boolean; readonly inner: Map<string | number, Mark> };

const newMark = (): Mark => ({ read: false, inner: new Map() });

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const memberOf = (value: unknown, key: string | number): unknown =>
  isObject(value) && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;

/** Nothing, empty text, empty list, empty object: there is nothing to lose. */
export const saysNothing = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === '' ||
  (isObject(value) && Object.values(value).every((inner) => saysNothing(inner)));

function placeWithin(place: string, key: string | number): string {
  if (typeof key === 'number') return `${place}[${key}]`;
  return /^[A-Za-z_$][\w$-]*$/.test(key) ? `${place}.${key}` : `${place}[${JSON.stringify(key)}]`;
}

function sourceOf(value: unknown, mark: Mark, place: string): Source {
  const at = (key: string | number): Source => {
    const inner = mark.inner.get(key) ?? newMark();
    mark.inner.set(key, inner);
    return sourceOf(memberOf(value, key), inner, placeWithin(place, key));
  };
  const whole = () => {
    mark.read = true;
    return value;
  };
  return {
    place,
    value,
    at,
    whole,
    take(schema) {
      const found = schema.safeParse(value);
      if (value === null || value === undefined || !found.success) return undefined;
      whole();
      return found.data;
    },
    fields: () =>
      isObject(value) && !Array.isArray(value) ? Object.keys(value).map((key) => [key, at(key)] as const) : [],
    items: () => (Array.isArray(value) ? value.map((_, i) => at(i)) : []),
  };
}

function* unreadIn(value: unknown, mark: Mark | undefined, place: string): Generator<Unread> {
  if (mark?.read || saysNothing(value)) return;
  if (!mark || mark.inner.size === 0 || !isObject(value)) {
    yield { place, value };
    return;
  }
  for (const [name, inner] of Object.entries(value)) {
    const key = Array.isArray(value) ? Number(name) : name;
    yield* unreadIn(inner, mark.inner.get(key), placeWithin(place, key));
  }
}

export type Unread = { readonly place: string; readonly value: unknown };

/** Opens a file; `unread` says what nobody has taken out of it so far. */
export function openSource(json: unknown): { source: Source; unread: () => Unread[] } {
  const mark = newMark();
  return { source: sourceOf(json, mark, '$'), unread: () => [...unreadIn(json, mark, '$')] };
}

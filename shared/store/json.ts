import * as z from 'zod';
import type { Json } from './table.ts';

/** Deeper than this nobody means it, and with what lies around it a row has at most 32 levels. */
const DEEPEST = 24;

function isJson(value: unknown, depth = 0): value is Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || depth > DEEPEST) return false;
  if (Array.isArray(value)) return value.every((item) => isJson(item, depth + 1));
  return Object.values(value).every((item) => isJson(item, depth + 1));
}

/** Any JSON value, as rows and events hold it. By hand, since zod's own takes ten times as long on a long order. */
export const jsonSchema: z.ZodType<Json> = z.custom<Json>(
  (value) => isJson(value),
  'is no JSON value, or nested too deeply',
);

/** An object, and neither null nor a list. */
export const isObject = (value: Json | undefined): value is { readonly [name: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

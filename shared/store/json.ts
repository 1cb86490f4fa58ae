import * as z from 'zod';
import type { Json } from './table.ts';

/** Any JSON value, as rows and events hold it. */
export const jsonSchema: z.ZodType<Json> = z.json();

/** An object, and neither null nor a list. */
export const isObject = (value: Json | undefined): value is { readonly [name: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

import * as z from 'zod';
import { instantSchema } from '#shared/time/instant.ts';

/**
 * What storefronts send: numbers or texts for ids and amounts, null or nothing for what is not known, and more fields than
 * anybody asked for. A field that we can do without and that has another shape than it should is taken for absent.
 */

const filled = z.string().trim().min(1);

/** An id that we can't do without, as text. */
export const idText = z.union([filled, z.int().transform(String)]);

/** A text that is not empty. */
export const text = filled.optional().catch(undefined);

export const maybeId = idText.optional().catch(undefined);

/** A decimal number as the storefront has written it: no digit is lost, and none is made up. */
export const amount = z
  .union([filled, z.number().transform(String)])
  .pipe(z.string().regex(/^-?\d{1,20}(\.\d{1,12})?$/))
  .optional()
  .catch(undefined);

export const count = z.number().optional().catch(undefined);

export const flag = z.boolean().optional().catch(undefined);

export const moment = instantSchema.optional().catch(undefined);

/** Of a list those that have the shape. */
export const listOf = <T>(item: z.ZodType<T>): z.ZodType<T[]> =>
  z
    .array(z.unknown())
    .catch([])
    .transform((items) =>
      items.flatMap((one) => {
        const read = item.safeParse(one);
        return read.success ? [read.data] : [];
      }),
    );

/** An object, or nothing. */
export const maybe = <T>(object: z.ZodType<T>): z.ZodType<T | undefined> => object.optional().catch(undefined);

/** What of a body can't be read, by the names of its fields; their values may be addresses. */
export const unreadable = (what: string, { issues }: z.ZodError): { readonly error: string } => ({
  error: `${what}: ${issues.map(({ path, message }) => `${path.join('.') || 'the body'}: ${message}`).join('; ')}`,
});

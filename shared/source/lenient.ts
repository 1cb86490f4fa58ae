import * as z from 'zod';
import { instantSchema } from '#shared/time/instant.ts';

/**
 * What storefronts send: numbers or texts for ids and amounts, null or nothing for what is not known, and more fields than
 * anybody asked for. A field that we can do without and that has another shape than it should is taken for absent.
 */

/** What has the shape that it should have, or nothing. */
export const maybe = <T>(shape: z.ZodType<T>): z.ZodType<T | undefined> => shape.optional().catch(undefined);

/** A text that we can't do without. */
export const filled = z.string().trim().min(1);

/** An id that we can't do without, as text. */
export const idText = z.union([filled, z.int().transform(String)]);

/** A text that is not empty. */
export const text = maybe(filled);

export const maybeId = maybe(idText);

/** A decimal number as the storefront has written it: no digit is lost, and none is made up. */
export const amount = maybe(
  z.union([filled, z.number().transform(String)]).pipe(z.string().regex(/^-?\d{1,20}(\.\d{1,12})?$/)),
);

export const count = maybe(z.number());

export const flag = maybe(z.boolean());

export const moment = maybe(instantSchema);

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

/** What of a body can't be read, by the names of its fields; their values may be addresses. */
export const unreadable = (what: string, { issues }: z.ZodError): { readonly error: string } => ({
  error: `${what}: ${issues.map(({ path, message }) => `${path.join('.') || 'the body'}: ${message}`).join('; ')}`,
});

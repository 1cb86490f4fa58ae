import type * as z from 'zod';
import { BadInput } from '#apps/cli/bad-input.ts';

const dashed = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** Options as they were typed. Throws BadInput for what none can be, in the words of the schema. */
export function readOptions<S extends z.ZodType>(schema: S, typed: unknown): z.output<S> {
  const parsed = schema.safeParse(typed);
  if (parsed.success) return parsed.data;
  throw new BadInput(
    parsed.error.issues
      .map(({ path, message }) => `--${path.map(String).map(dashed).join('.')}: ${message}.`)
      .join('\n'),
  );
}

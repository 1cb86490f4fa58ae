import * as z from 'zod';

/** What is read; undefined for what this version cannot read. Other errors are thrown on. */
export function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof z.ZodError) return undefined;
    throw error;
  }
}

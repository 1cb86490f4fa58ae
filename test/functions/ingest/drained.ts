import { drain } from '#functions/ingest/unread.ts';
import type { Bus } from '#shared/ports.ts';

/** Brings back a message of the overflow queue that is alone in its batch. Throws what it failed with. */
export async function drained(body: unknown, deps: { readonly bus: Bus }): Promise<void> {
  for (const { error } of await drain([body], deps)) throw error;
}

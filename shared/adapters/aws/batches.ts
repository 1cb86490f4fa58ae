/** What one call of a service takes at most. */
export type BatchLimit = { readonly count: number; readonly bytes: number };

const encoder = new TextEncoder();

/** Bytes of a text as UTF-8: the services count bytes, not characters. */
export const byteLength = (text: string): number => encoder.encode(text).length;

/**
 * Cuts a list, in its order, into as few batches as the limit allows. An item that is larger than the limit by itself
 * stands alone: the caller or the service refuses it.
 */
export function inBatches<T>(items: readonly T[], limit: BatchLimit, size: (item: T) => number): T[][] {
  const batches: T[][] = [];
  let current: T[] = [];
  let bytes = 0;
  for (const item of items) {
    const more = size(item);
    if (current.length > 0 && (current.length === limit.count || bytes + more > limit.bytes)) {
      batches.push(current);
      current = [];
      bytes = 0;
    }
    current.push(item);
    bytes += more;
  }
  return current.length > 0 ? [...batches, current] : batches;
}

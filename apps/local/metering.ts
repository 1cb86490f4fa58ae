/** What the runtime's parts count, as the meter names it. */
export type Counted = 'transitions' | 'lambda' | 'busEvents' | 'queueRequests';
export type Count = (name: Counted, n: number) => void;

/** SQS and EventBridge bill every 64 KB begun. */
const CHUNK_BYTES = 65_536;

/** What so many bytes, sent at once, are billed as. */
export const chunks = (bytes: number): number => Math.max(1, Math.ceil(bytes / CHUNK_BYTES));

/** Requests that bodies of these sizes cost when they are sent in batches. */
export function requests(sizes: readonly number[], batch: number): number {
  let n = 0;
  for (let i = 0; i < sizes.length; i += batch)
    n += chunks(sizes.slice(i, i + batch).reduce((sum, size) => sum + size, 0));
  return n;
}

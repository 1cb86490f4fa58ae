/** A message in a queue, hidden until `visible`. */
export type Waiting = { readonly id: number; readonly queue: string; readonly visible: number };

const isBefore = (a: Waiting, b: Waiting): boolean => a.visible < b.visible || (a.visible === b.visible && a.id < b.id);

/** The messages of all queues, each queue in the order in which its messages become visible. */
export class WaitingMessages {
  readonly #queues = new Map<string, Waiting[]>();
  readonly #byId = new Map<number, Waiting>();

  add(message: Waiting): void {
    const queue = this.#of(message.queue);
    queue.splice(placeOf(message, queue), 0, message);
    this.#byId.set(message.id, message);
  }

  has(id: number): boolean {
    return this.#byId.has(id);
  }

  remove(id: number): void {
    const message = this.#byId.get(id);
    if (!message) return;
    const queue = this.#of(message.queue);
    queue.splice(placeOf(message, queue), 1);
    this.#byId.delete(id);
  }

  /** Hides a message until another moment, or brings it back then. */
  move(id: number, visible: number): void {
    const message = this.#byId.get(id);
    if (!message) return;
    this.remove(id);
    this.add({ ...message, visible });
  }

  /** When the first message of the queue becomes visible. */
  first(queue: string): number | undefined {
    return this.#of(queue)[0]?.visible;
  }

  /** The first messages of the queue that are visible. */
  visible(queue: string, now: number, limit: number): number[] {
    const ids: number[] = [];
    for (const { id, visible } of this.#of(queue)) {
      if (visible > now || ids.length === limit) break;
      ids.push(id);
    }
    return ids;
  }

  count(queue: string): number {
    return this.#of(queue).length;
  }

  #of(queue: string): Waiting[] {
    const known = this.#queues.get(queue) ?? [];
    this.#queues.set(queue, known);
    return known;
  }
}

/** Where the message stands in the queue, or would. */
function placeOf(message: Waiting, queue: readonly Waiting[]): number {
  let [low, high] = [0, queue.length];
  // Most come last.
  const last = queue[high - 1];
  if (last === undefined || isBefore(last, message)) return high;
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = queue[middle];
    if (other !== undefined && isBefore(other, message)) low = middle + 1;
    else high = middle;
  }
  return low;
}

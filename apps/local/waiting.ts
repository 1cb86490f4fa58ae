/** A message in a queue, hidden until `visible`. */
export type Waiting = { readonly id: number; readonly queue: string; readonly visible: number };

/** Where a message stands in its queue: those that become visible together go by their ids. */
export type Standing = Pick<Waiting, 'id' | 'visible'>;

/** Looks into the file: at most so many of a queue's messages that stand behind the one given, in their order. */
export type ReadOn = (queue: string, behind: Standing, limit: number) => readonly Waiting[];

const isBefore = (a: Standing, b: Standing): boolean =>
  a.visible < b.visible || (a.visible === b.visible && a.id < b.id);

const START: Standing = { visible: Number.NEGATIVE_INFINITY, id: 0 };

/** Of each queue so many are kept in memory after a look into the file, and twice as many at most. */
const KEPT = 1000;

/** The first of a queue, in order; the others, which all stand behind `end`, are only counted. */
type Line = { head: Waiting[]; beyond: number; end: Standing };

/**
 * The messages of all queues, each queue in the order in which its messages become visible. Of a long queue memory holds the
 * first ones: a mailing to a million contacts lies in the file. Every message is to be added, and removed, once.
 */
export class WaitingMessages {
  readonly #lines = new Map<string, Line>();
  readonly #readOn: ReadOn;
  readonly #kept: number;

  constructor(readOn: ReadOn, kept: number = KEPT) {
    this.#readOn = readOn;
    this.#kept = kept;
  }

  /** So many messages of a queue that lie in the file, none of which has been added. */
  lying(queue: string, count: number): void {
    this.#lines.set(queue, { head: [], beyond: count, end: START });
  }

  add(message: Waiting): void {
    const line = this.#of(message.queue);
    if (line.beyond > 0 && isBefore(line.end, message)) {
      line.beyond += 1;
      return;
    }
    line.head.splice(placeOf(message, line.head), 0, message);
    if (line.head.length > this.#kept * 2) this.#shorten(line);
  }

  remove(message: Waiting): void {
    const line = this.#of(message.queue);
    if (line.beyond > 0 && isBefore(line.end, message)) line.beyond -= 1;
    else line.head.splice(placeOf(message, line.head), 1);
  }

  /** When the first message of the queue becomes visible. */
  first(queue: string): number | undefined {
    return this.#front(queue, 1)[0]?.visible;
  }

  /** The first messages of the queue that are visible. */
  visible(queue: string, now: number, limit: number): number[] {
    const ids: number[] = [];
    for (const { id, visible } of this.#front(queue, limit)) {
      if (visible > now || ids.length === limit) break;
      ids.push(id);
    }
    return ids;
  }

  count(queue: string): number {
    const { head, beyond } = this.#of(queue);
    return head.length + beyond;
  }

  /** The first of the queue, as many as that if there are so many. */
  #front(queue: string, wanted: number): readonly Waiting[] {
    const line = this.#of(queue);
    if (line.head.length >= wanted || line.beyond === 0) return line.head;
    const found = this.#readOn(queue, line.end, Math.max(this.#kept, wanted));
    line.head.push(...found);
    line.beyond -= found.length;
    line.end = found.at(-1) ?? line.end;
    return line.head;
  }

  #shorten(line: Line): void {
    line.beyond += line.head.splice(this.#kept).length;
    line.end = line.head.at(-1) ?? line.end;
  }

  #of(queue: string): Line {
    const known = this.#lines.get(queue) ?? { head: [], beyond: 0, end: START };
    this.#lines.set(queue, known);
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

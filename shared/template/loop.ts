import { Drop, type ForTag, TypeGuards, toValue } from 'liquidjs';

/** What a loop knows of itself, by the names of Liquid; the library does not hand out its own. */
export class Forloop extends Drop {
  i = 0;
  readonly length: number;
  readonly name: string;

  constructor(length: number, name: string) {
    super();
    this.length = length;
    this.name = name;
  }

  next(): void {
    this.i += 1;
  }

  index0(): number {
    return this.i;
  }

  index(): number {
    return this.i + 1;
  }

  first(): boolean {
    return this.i === 0;
  }

  last(): boolean {
    return this.i === this.length - 1;
  }

  rindex(): number {
    return this.length - this.i;
  }

  rindex0(): number {
    return this.length - this.i - 1;
  }

  override valueOf(): string {
    return JSON.stringify(this);
  }
}

const KNOWN = ['limit', 'reversed'];

/** A loop that says no more than a fixed `limit` and `reversed`. */
export function isSimple({ variable, hash: { hash } }: ForTag): boolean {
  const { limit, reversed } = hash;
  return (
    variable !== 'forloop' &&
    Object.keys(hash).every((name) => KNOWN.includes(name)) &&
    (limit === undefined ? !('limit' in hash) : TypeGuards.isNumberToken(limit)) &&
    reversed === undefined
  );
}

/** Which of its items a simple loop goes through, and in which order. */
export function sliceOf({ hash: { hash } }: ForTag): (items: readonly unknown[]) => readonly unknown[] {
  const limit = TypeGuards.isNumberToken(hash['limit']) ? hash['limit'].content : undefined;
  const isReversed = 'reversed' in hash;
  return (items) => {
    const few = limit === undefined ? items : items.slice(0, limit);
    return isReversed ? few.toReversed() : few;
  };
}

/** What a loop over a value goes through: of an object its fields, of a text the text. */
export function listOf(given: unknown): readonly unknown[] {
  const value = toValue(given);
  if (Array.isArray(value)) return value;
  if (typeof value === 'string') return value === '' ? [] : [value];
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

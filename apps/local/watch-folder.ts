import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ParseError, parseTree } from 'jsonc-parser';
import { isOurs, keysIn, type ShopFile, stampOf } from './shop-files.ts';

/** Milliseconds between two looks, and so the time for which a file must have stayed as it is. */
const EVERY = 200;
/** How long a file is given that is not whole yet: somebody may still be writing it. */
const PATIENCE = 2000;

export type Watching = {
  /** A file was saved: told once for each state in which it stays, and of every file at the beginning. */
  readonly saved: (file: ShopFile) => void;
  /** A file lies there that is not the shop's; told once. */
  readonly strange: (key: string) => void;
  /** A file cannot be read; told once for each state. */
  readonly failed: (key: string, error: unknown) => void;
};

type Seen = { readonly stamp: string; readonly since: number; told: boolean };

/**
 * Looks at a folder again and again. The operating system's own watching loses files that are replaced by a rename, as
 * most editors save, and tells of a file that is emptied before it is written. Returns what ends it.
 */
export function watchFolder(folder: string, watching: Watching): () => void {
  const watcher = new Watcher(folder, watching);
  const timer = setInterval(() => watcher.look(performance.now()), EVERY);
  watcher.look(performance.now());
  return () => clearInterval(timer);
}

class Watcher {
  readonly #folder: string;
  readonly #watching: Watching;
  readonly #seen = new Map<string, Seen>();

  constructor(folder: string, watching: Watching) {
    this.#folder = folder;
    this.#watching = watching;
  }

  look(now: number): void {
    const keys = new Set(keysIn(this.#folder));
    for (const key of this.#seen.keys()) if (!keys.has(key)) this.#seen.delete(key);
    for (const key of keys) this.#lookAt(key, now);
  }

  #lookAt(key: string, now: number): void {
    const stamp = stampOf(join(this.#folder, key));
    if (stamp === undefined) return;
    const known = this.#seen.get(key);
    if (known?.stamp !== stamp) {
      const told = known?.told === true && !isOurs(key);
      this.#seen.set(key, { stamp, since: now, told });
    } else if (!known.told) known.told = this.#tell(key, known, now);
  }

  /** False when it is too early. */
  #tell(key: string, { stamp, since }: Seen, now: number): boolean {
    const { saved, strange, failed } = this.#watching;
    if (!isOurs(key)) {
      strange(key);
      return true;
    }
    try {
      const file = { key, body: readFileSync(join(this.#folder, key), 'utf8') };
      const stayed = stampOf(join(this.#folder, key)) === stamp;
      if (!stayed || (!isWhole(file) && now - since < PATIENCE)) return false;
      saved(file);
    } catch (error) {
      failed(key, error);
    }
    return true;
  }
}

/** Whether nobody seems to be in the middle of writing it: a layout that is closed, JSON that can be read. */
function isWhole({ key, body }: ShopFile): boolean {
  if (key.endsWith('.liquid') || key.endsWith('.csv')) return body !== '';
  // What is put into a layout is no page of its own.
  if (key.endsWith('.mjml'))
    return /<mjml[\s>]/.test(body) ? body.includes('</mjml>') : /<\/?mj-[^<>]*>\s*$/.test(body);
  const errors: ParseError[] = [];
  return parseTree(body, errors, { allowTrailingComma: true }) !== undefined && errors.length === 0;
}

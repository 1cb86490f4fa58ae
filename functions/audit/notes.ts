import { type AuditKind, type Finding, KIND_NAMES } from '#shared/audit/finding.ts';
import type { Log, Metrics } from '#shared/ports.ts';
import { hidden } from '#shared/source/arrival.ts';
import type { AuditState } from '#shared/store/audit.ts';
import type { Mended } from '#shared/store/mending.ts';

/** What an hour has brought to light. */
type Hour = Pick<AuditState, 'found' | 'mended' | 'looked'>;

/** So many findings of one run are named in the log; all are counted. */
const NAMED = 50;

/** What is found in the hour that is under way. */
export class Notes {
  readonly #found: Partial<Record<AuditKind, number>>;
  readonly #mended: Partial<Record<AuditKind, number>>;
  readonly #log: Log;
  #looked: number;
  #named = 0;

  constructor(log: Log, { found, mended, looked }: Hour = { found: {}, mended: {}, looked: 0 }) {
    this.#found = { ...found };
    this.#mended = { ...mended };
    this.#looked = looked;
    this.#log = log;
  }

  look(rows: number): void {
    this.#looked += rows;
  }

  note({ mended, left }: Mended): void {
    for (const finding of mended) {
      add(this.#found, finding.kind);
      add(this.#mended, finding.kind);
      this.#name('the audit has mended something', finding);
    }
    for (const finding of left) {
      add(this.#found, finding.kind);
      this.#name('the audit has found something that it cannot mend', finding);
    }
  }

  get hour(): Hour {
    return { found: this.#found, mended: this.#mended, looked: this.#looked };
  }

  #name(message: string, { kind, contact = '', journey = '', id, since = '' }: Finding): void {
    this.#named += 1;
    // What a journey is entered by may be an address: the keys of its rows have it.
    if (this.#named <= NAMED) this.#log.warn(message, { kind, contact, journey, id: hidden(id), since });
  }
}

function add(counts: Partial<Record<AuditKind, number>>, kind: AuditKind): void {
  counts[kind] = (counts[kind] ?? 0) + 1;
}

/**
 * An hour that is over. In all, none included: where nothing is told, nobody has looked. By kind only what there is, since each
 * metric that is told of every hour has its price; the log has all kinds.
 */
export function tellHour({ found, mended, looked }: Hour, { log, metrics }: { log: Log; metrics: Metrics }): void {
  metrics.count('AuditLooked', looked);
  for (const name of ['AuditFound', 'AuditMended', 'AuditLeft']) metrics.count(name, 0);
  const all = KIND_NAMES.map((kind) => ({ kind, seen: found[kind] ?? 0, put: mended[kind] ?? 0 }));
  for (const { kind, seen, put } of all.filter((one) => one.seen > 0)) {
    metrics.count('AuditFound', seen, { kind });
    metrics.count('AuditMended', put, { kind });
    metrics.count('AuditLeft', seen - put, { kind });
  }
  log.info('an hour of the audit', { looked, ...Object.fromEntries(all.map(({ kind, seen }) => [kind, seen])) });
}

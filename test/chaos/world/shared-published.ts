import type { Stored } from '#shared/adapters/sqlite/apply.ts';
import { type CompiledJourney, compile } from '#shared/journey/compile.ts';
import { journeySchema } from '#shared/journey/journey.ts';
import type { Clock } from '#shared/ports.ts';
import { versionKey } from '#shared/store/keys.ts';
import { Published } from '#shared/store/published.ts';
import type { MemoryTable } from './memory-table.ts';

const compiled = new WeakMap<Stored, CompiledJourney>();

/**
 * What is published, with versions compiled once for all worlds that share a shop. At once, whether compiled before or not:
 * a first time that took longer would be another order of things than the second.
 */
export class SharedPublished extends Published {
  readonly #table: MemoryTable;

  constructor(table: MemoryTable, clock: Clock) {
    super(table, clock);
    this.#table = table;
  }

  override async version(journey: string, version: number): Promise<CompiledJourney> {
    const row = this.#table.read(versionKey(journey, version));
    if (!row) throw new Error(`version ${version} of journey ${journey} is not in the table`);
    const known = compiled.get(row);
    if (known) return known;
    const made = compile(journeySchema.parse(JSON.parse(String(row['definition']))), version);
    compiled.set(row, made);
    return made;
  }
}

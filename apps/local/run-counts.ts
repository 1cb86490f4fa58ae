import type { Recorded } from '#functions/enrol/enrol.ts';
import type { Told } from './handlers.ts';
import type { Runtime } from './runtime.ts';
import { type EventCounts, loadShopCounts } from './summary.ts';

/**
 * What became of a run's events. Those recorded are counted by the table's stream, which a killed process does not
 * disturb: those of this run are those since its beginning, which is kept.
 */
export class RunCounts {
  readonly #results: Record<Recorded, number> = { recorded: 0, duplicate: 0, parked: 0 };
  #goesOn = false;

  readonly told: NonNullable<Told['recorded']> = (result) => {
    this.#results[result] += 1;
  };

  /** Notes where the counters stand, unless a run of this name was cut off and goes on. */
  async begin(runtime: Runtime, name: string, goesOn: boolean): Promise<void> {
    this.#goesOn = goesOn;
    if (goesOn) return;
    await runtime.rhythm.settle();
    runtime.kept.set(`counts.${name}`, JSON.stringify(await loadShopCounts(runtime.table)));
  }

  /** `played`: how many events the run has put on the bus, over all its parts. */
  async of(runtime: Runtime, name: string, played: number): Promise<EventCounts> {
    const before: Record<string, number> = JSON.parse(runtime.kept.get(`counts.${name}`) ?? '{}');
    const byType = Object.fromEntries(
      Object.entries(await loadShopCounts(runtime.table))
        .filter(([counter]) => counter.startsWith('events/'))
        .map(([counter, n]) => [counter.slice('events/'.length), n - (before[counter] ?? 0)] as const)
        .filter(([, n]) => n > 0)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );
    const recorded = Object.values(byType).reduce((a, b) => a + b, 0);
    const { duplicate, parked } = this.#results;
    // What an earlier process saw of its duplicates died with it; they are what is left over.
    return {
      derived: played,
      recorded,
      duplicates: this.#goesOn ? played - recorded - parked : duplicate,
      parked,
      byType,
    };
  }
}

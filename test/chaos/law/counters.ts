import type { Stored } from '#shared/adapters/sqlite/apply.ts';
import { type Counts, countMessage, countPassage, countStanding } from '#shared/report/counts.ts';
import { SHOP } from '#shared/store/counters.ts';
import { readEnrolment } from '#shared/store/enrolments.ts';
import { kindOf } from '#shared/store/keys.ts';
import { readMessage } from '#shared/store/messages.ts';
import type { World } from '../world/world.ts';
import type { Ledger } from './ledger.ts';

const PREFIX = 'c:';

/** What the rows themselves say, as they stand: every change counted once comes to just that. */
class Sums {
  readonly all = new Map<string, number>();

  add(journey: string, version: number, counts: Counts): void {
    for (const [name, n] of Object.entries(counts)) {
      const counter = `${journey}#${version} ${name}`;
      this.all.set(counter, (this.all.get(counter) ?? 0) + n);
    }
  }

  addRow(row: Stored): void {
    const kind = kindOf(row);
    if (kind === 'event') this.add(SHOP.journey, SHOP.version, { [`events/${String(row['type'])}`]: 1 });
    if (kind === 'profile' && row['mergedInto'] === undefined) this.add(SHOP.journey, SHOP.version, { contacts: 1 });
    if (kind === 'message') {
      const message = readMessage(row);
      if (message) this.add(message.journey, message.version, countMessage(undefined, message));
    }
    if (kind !== 'enrolment') return;
    const passage = readEnrolment(row);
    if (!passage) return;
    this.add(passage.journey, passage.first ?? passage.version, countPassage(undefined, passage));
    for (const { version, counts } of countStanding(undefined, passage)) this.add(passage.journey, version, counts);
  }
}

/** Counters equal what the ledger says. */
export function checkCounters(world: World, ledger: Ledger): void {
  const should = new Sums();
  const is = new Map<string, number>();
  for (const row of world.table.all()) {
    if (kindOf(row) !== 'counter') should.addRow(row);
    else
      for (const [name, n] of Object.entries(row)) {
        const counter = `${row.pk.slice('K#'.length)} ${name.slice(PREFIX.length)}`;
        if (name.startsWith(PREFIX)) is.set(counter, (is.get(counter) ?? 0) + Number(n));
      }
  }
  for (const row of ledger.gone) should.addRow(row);
  for (const [counter, n] of should.all)
    if ((is.get(counter) ?? 0) !== n)
      ledger.broken('counters equal the rows', `${counter} is ${is.get(counter) ?? 0} instead of ${n}`);
}

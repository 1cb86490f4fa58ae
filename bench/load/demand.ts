import type { FunctionName } from '#functions/wiring.ts';
import type { Use } from './use.ts';
import type { Seen } from './watch.ts';
import { quantile, type Work, workOf } from './work.ts';

/** What a kind of event asks for when it is recorded. */
export type Kind = {
  readonly n: number;
  readonly writeUnits: { readonly mean: number; readonly p50: number; readonly p99: number; readonly most: number };
  readonly calls: number;
  readonly starts: number;
  readonly wakes: number;
};

/** What a busy hour asks of AWS, as the real functions were seen to ask it. */
export type Demand = {
  readonly events: number;
  readonly contacts: number;
  readonly kinds: Readonly<Record<string, Kind>>;
  /** By event, turn, pause, mail, word of SES, due row and record of the stream. */
  readonly work: Readonly<
    Record<'ingest' | 'enrol' | 'advance' | 'pause' | 'send' | 'track' | 'review' | 'tally', Work>
  >;
  readonly perEvent: {
    readonly starts: number;
    readonly wakes: number;
    readonly dueRows: number;
    readonly records: number;
  };
  readonly perRow: { readonly starts: number };
  readonly perTurn: {
    readonly transactional: number;
    readonly marketing: number;
    readonly pauses: number;
    readonly transitions: number;
  };
  /** Turns for each start and each wake. */
  readonly turns: number;
  /** What SES says of each mail, within the hours that were watched. */
  readonly wordsPerMail: number;
  /** Writes to the rows that contacts share, for each event. */
  readonly shared: Readonly<Record<string, number>>;
};

type Watched = {
  readonly events: number;
  readonly contacts: number;
  readonly seen: Seen;
  readonly ingested: Work;
  readonly tallied: readonly Use[];
  readonly transitions: number;
  readonly mails: number;
};

/** Of what was seen in a watched hour. */
export function reckon({ events, contacts, seen, ingested, tallied, transitions, mails }: Watched): Demand {
  const of = (name: FunctionName): readonly Use[] => seen.functions.get(name) ?? [];
  const called = (uses: readonly Use[], call: string): number =>
    uses.reduce((sum, { calls }) => sum + (calls[call] ?? 0), 0);
  const put = (uses: readonly Use[], lane: string): number => uses.reduce((sum, use) => sum + (use.put[lane] ?? 0), 0);
  const recorded = [...seen.events.values()].flat();
  const [advanced, paused, reviewed] = [of('advance'), of('pause'), of('review')];
  const rows = reviewed.reduce((sum, use) => sum + use.rows, 0);
  const hints = ['enrol', 'track', 'send', 'call', 'review'] as const;
  const moved = hints.reduce((sum, name) => sum + called(of(name), 'startExecution') + called(of(name), 'sendTask'), 0);
  const all = [...seen.functions.values()].flat();
  const records = all.reduce((sum, use) => sum + use.records, 0);
  const cpu = tallied.reduce((sum, use) => sum + (use.cpu ?? 0), 0);
  const shared: Record<string, number> = {};
  for (const use of all) for (const [pk, n] of Object.entries(use.shared)) shared[pk] = (shared[pk] ?? 0) + n / events;
  return {
    events,
    contacts,
    kinds: Object.fromEntries([...seen.events].map(([type, uses]) => [type, kindOf(uses)])),
    work: {
      ingest: ingested,
      enrol: { ...workOf(recorded), cpu: workOf(of('enrol')).cpu * (of('enrol').length / recorded.length) },
      advance: workOf(advanced),
      pause: workOf(paused),
      send: workOf(of('send'), ({ calls }) => calls['mail'] ?? 0),
      track: workOf(of('track')),
      review: workOf(reviewed.map(ofRows), (use) => use.rows),
      tally: { n: records, calls: {}, writeUnits: 0, records: 0, cpu: cpu / records },
    },
    perEvent: {
      starts: called(recorded, 'startExecution') / events,
      wakes: called(recorded, 'sendTask') / events,
      dueRows: rows / events,
      records: records / events,
    },
    perRow: { starts: called(reviewed, 'startExecution') / Math.max(1, rows) },
    perTurn: {
      transactional: put(advanced, 'transactional') / advanced.length,
      marketing: put(advanced, 'marketing') / advanced.length,
      pauses: paused.length / advanced.length,
      transitions: transitions / advanced.length,
    },
    turns: advanced.length / Math.max(1, moved),
    wordsPerMail: of('track').length / Math.max(1, mails),
    shared,
  };
}

/** Each run asks every shard once, however many rows there are. */
const ofRows = ({ calls: { queryIndex: _, ...calls }, ...use }: Use): Use => ({ ...use, calls });

function kindOf(uses: readonly Use[]): Kind {
  const units = uses.map(({ writeUnits }) => writeUnits);
  const { calls, writeUnits } = workOf(uses);
  return {
    n: uses.length,
    writeUnits: { mean: writeUnits, p50: quantile(units, 0.5), p99: quantile(units, 0.99), most: Math.max(...units) },
    calls: Object.values(calls).reduce((a, b) => a + b, 0),
    starts: calls['startExecution'] ?? 0,
    wakes: calls['sendTask'] ?? 0,
  };
}

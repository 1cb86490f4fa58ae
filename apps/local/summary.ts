import { loadCounts, SHOP } from '#shared/store/counters.ts';
import { loadCatalogue } from '#shared/store/journeys.ts';
import type { Table } from '#shared/store/table.ts';
import { type Counts, usd } from './meter.ts';

/** Of a step that tells others: calls, those that failed in the end, and of these those that a passage waited for. */
type Called = { called: number; failed: number; otherwise: number; cut: number };
/** `opened` and `clicked` by people; what programs did by themselves stands apart. */
type Sent = {
  sent: number;
  unknown: number;
  withheld: Record<string, number>;
  opened: number;
  clicked: number;
  machineOpened: number;
  machineClicked: number;
};

export type JourneySummary = {
  entries: number;
  inside: number;
  held: number;
  converted: number;
  finished: number;
  exited: Record<string, number>;
  /** Goals reached, wherever the passage stood; those of who is held out stand apart. */
  reached: number;
  heldReached: number;
  messages: Record<string, Sent>;
  /** By step. `cut`: fields of the body or of the answer were left out. */
  calls: Record<string, Called>;
};

export type EventCounts = {
  derived: number;
  recorded: number;
  duplicates: number;
  /** Of no use: dead letters of `enrol`, and what was put aside as too old or after too many hops. */
  parked: number;
  /** Those of `parked` that are dead letters. */
  deadLetters: number;
  byType: Record<string, number>;
};

/** What a run did: the form that `--json` prints, kept stable. */
export type Summary = {
  readonly rows: { readonly read: number; readonly used: number; readonly rejected: Readonly<Record<string, number>> };
  readonly events: EventCounts;
  readonly contacts: number;
  readonly journeys: Readonly<Record<string, JourneySummary>>;
  readonly seconds: number;
  readonly meter: Counts & { readonly usdPerMillionContacts: number };
};

/** Counters that belong to no journey: contacts, and events by type. */
export const loadShopCounts = (table: Table): Promise<Record<string, number>> =>
  loadCounts(table, SHOP.journey, SHOP.version);

/** Each journey's passages and messages, over all of its versions, as tally has counted them. */
export async function summariseJourneys(table: Table): Promise<Record<string, JourneySummary>> {
  const { journeys } = await loadCatalogue(table);
  const all: Record<string, JourneySummary> = {};
  for (const [id, { version }] of Object.entries(journeys).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const versions = Array.from({ length: version }, (_, i) => loadCounts(table, id, i + 1));
    all[id] = journeyOf(await Promise.all(versions));
  }
  return all;
}

function journeyOf(counted: readonly Record<string, number>[]): JourneySummary {
  const sum: JourneySummary = {
    ...{ entries: 0, inside: 0, held: 0, converted: 0, finished: 0, reached: 0, heldReached: 0 },
    exited: {},
    messages: {},
    calls: {},
  };
  for (const [name, n] of counted.flatMap((counts) => Object.entries(counts))) {
    const [first = '', second = '', third = '', fourth = ''] = name.split('/');
    if (first === 'exited') sum.exited[second] = (sum.exited[second] ?? 0) + n;
    else if (first === 'reached') sum[second === 'held' ? 'heldReached' : 'reached'] += n;
    else if (first === 'messages') addMessage(sum, second, third, fourth, n);
    else if (first === 'calls') addCall(sum, second, third, n);
    else if (
      first === 'entries' ||
      first === 'inside' ||
      first === 'held' ||
      first === 'converted' ||
      first === 'finished'
    )
      sum[first] += n;
  }
  return sum;
}

function addMessage(sum: JourneySummary, step: string, fact: string, reason: string, n: number): void {
  const none = { opened: 0, clicked: 0, machineOpened: 0, machineClicked: 0 };
  const message = sum.messages[step] ?? { sent: 0, unknown: 0, withheld: {}, ...none };
  sum.messages[step] = message;
  if (fact === 'sent' || fact === 'unknown') message[fact] += n;
  if (fact === 'opened') message[reason === 'machine' ? 'machineOpened' : 'opened'] += n;
  if (fact === 'clicked') message[reason === 'machine' ? 'machineClicked' : 'clicked'] += n;
  if (fact === 'withheld') message.withheld[reason] = (message.withheld[reason] ?? 0) + n;
}

function addCall(sum: JourneySummary, step: string, what: string, n: number): void {
  const call = sum.calls[step] ?? { called: 0, failed: 0, otherwise: 0, cut: 0 };
  sum.calls[step] = call;
  if (what === 'called' || what === 'failed' || what === 'otherwise' || what === 'cut') call[what] += n;
}

/** The meter with its price for a million contacts, mails included. */
export const meterSummary = (counts: Counts, contacts: number): Summary['meter'] => ({
  ...counts,
  usdPerMillionContacts: contacts === 0 ? 0 : Math.round((usd(counts) / contacts) * 1e6 * 100) / 100,
});

/** How things stand: contacts and events ever recorded, and each journey. */
export async function loadStanding(
  table: Table,
): Promise<{ contacts: number; events: { recorded: number }; journeys: Record<string, JourneySummary> }> {
  const counts = await loadShopCounts(table);
  const recorded = Object.entries(counts).reduce((sum, [name, n]) => (name.startsWith('events/') ? sum + n : sum), 0);
  return { contacts: counts['contacts'] ?? 0, events: { recorded }, journeys: await summariseJourneys(table) };
}

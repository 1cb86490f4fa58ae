import * as z from 'zod';
import { callSchema } from '#shared/call/call.ts';
import { enrolmentSchema } from '#shared/enrolment/enrolment.ts';
import { messageSchema } from '#shared/message/message.ts';
import { type Counts, countCall, countMessage, countPassage, countStanding } from '#shared/report/counts.ts';
import { countCode } from '#shared/store/code-counts.ts';
import { GONE, SHOP } from '#shared/store/counters.ts';
import { counterKey, isFreeCode, kindOf, poolOf } from '#shared/store/keys.ts';
import { readOnce } from '#shared/store/read-once.ts';
import type { Row, Table } from '#shared/store/table.ts';
import { countOnce } from './count-once.ts';
import { tallyHabits } from './habits.ts';
import { tallyReceptions } from './receptions.ts';

export type TallyDeps = { readonly table: Table };

/** One change of a row, as the table's stream tells it. */
export type Change = {
  /** Grows within a shard; compared as text, so numbers are padded. */
  readonly sequence: string;
  readonly before: Row | undefined;
  readonly after: Row | undefined;
};

const passageSchema = enrolmentSchema.pick({
  journey: true,
  version: true,
  first: true,
  cursor: true,
  state: true,
  outcome: true,
  converted: true,
});
const saidSchema = messageSchema.pick({
  ...{ journey: true, version: true, step: true, facts: true, reason: true },
  ...{ machineOpened: true, machineClicked: true },
});

const toldSchema = callSchema.pick({
  ...{ journey: true, version: true, step: true, waits: true, state: true },
  ...{ ok: true, cut: true, unread: true },
});

const codeSchema = z.object({
  journey: z.string().optional(),
  at: z.string().optional(),
  used: z.object({}).optional(),
});

/** Adds to the counters what a batch of one shard's changes means. A batch that comes again is counted once. */
export async function tally(shard: string, changes: readonly Change[], deps: TallyDeps): Promise<void> {
  const all = changes
    .flatMap((change) => countOf(change).map((one) => ({ ...one, sequence: change.sequence })))
    .filter(({ counts }) => Object.keys(counts).length > 0);
  const byCounter = Map.groupBy(all, ({ journey, version }) => `${journey}#${version}`);
  for (const group of byCounter.values()) await addTo(shard, group, deps.table);
  await tallyReceptions(shard, changes.filter(isOfMessage), deps.table);
  await tallyHabits(shard, changes, deps.table);
}

const isOfMessage = ({ after }: Change): boolean => after !== undefined && kindOf(after) === 'message';

type Counted = {
  readonly journey: string;
  readonly version: number;
  readonly counts: Counts;
  readonly sequence: string;
};

/** What a row is after one change, it is before the next. */
const reader = <T>(schema: z.ZodType<T>): ((row: Row | undefined) => T | undefined) => {
  const read = readOnce((row) => schema.parse(row));
  return (row) => row && read(row);
};
const [passageIn, saidIn, toldIn, codeIn] = [
  reader(passageSchema),
  reader(saidSchema),
  reader(toldSchema),
  reader(codeSchema),
];

function countOf({ before, after }: Change): Omit<Counted, 'sequence'>[] {
  const row = after ?? before;
  const kind = row && kindOf(row);
  if (kind === 'event')
    return !before && after ? [{ ...SHOP, counts: { [`events/${String(after['type'])}`]: 1 } }] : [];
  if (kind === 'profile') return countContact(before, after);
  if (row && kind === 'code') return [{ ...SHOP, counts: countCode(codeOf(row, before, after)) }];
  if (kind === 'enrolment') return countEnrolment(passageIn(before), passageIn(after));
  if (kind === 'call') return counted(toldIn(before), toldIn(after), countCall);
  return kind === 'message' ? counted(saidIn(before), saidIn(after), countMessage) : [];
}

/** What counts for the version that it names itself. */
const counted = <Row extends { readonly journey: string; readonly version: number }>(
  before: Row | undefined,
  after: Row | undefined,
  count: (before: Row | undefined, after: Row | undefined) => Counts,
) => (after ? [{ journey: after.journey, version: after.version, counts: count(before, after) }] : []);

/** Who was merged is no contact any more, nor is who was erased. */
function countContact(before: Row | undefined, after: Row | undefined): Omit<Counted, 'sequence'>[] {
  const isOne = (row: Row | undefined): number => Number(row !== undefined && row['mergedInto'] === undefined);
  const contacts = isOne(after) - isOne(before);
  // So that the audit knows whose rows it may have passed by.
  return contacts === 0 ? [] : [{ ...SHOP, counts: { contacts, ...(contacts < 0 && { [GONE]: -contacts }) } }];
}

type Passage = z.infer<typeof passageSchema>;

/** What becomes of a passage belongs to the version that it entered by, where it stands to the one that it is on. */
function countEnrolment(before: Passage | undefined, after: Passage | undefined): Omit<Counted, 'sequence'>[] {
  const passage = after ?? before;
  if (!passage) return [];
  const { journey, version, first = version } = passage;
  return [{ version: first, counts: countPassage(before, after) }, ...countStanding(before, after)].map((counted) => ({
    journey,
    ...counted,
  }));
}

function codeOf(row: Row, before: Row | undefined, after: Row | undefined): Parameters<typeof countCode>[0] {
  const now = codeIn(after);
  return {
    pool: poolOf(row),
    free: isFreeCode(row),
    there: after !== undefined,
    wasThere: before !== undefined,
    journey: now?.journey,
    at: now?.at,
    used: now?.used !== undefined,
    wasUsed: codeIn(before)?.used !== undefined,
  };
}

/** Different counters that one write adds to: as many as surely fit into an expression. */
const MOST_AT_ONCE = 80;

async function addTo(shard: string, group: readonly Counted[], table: Table): Promise<void> {
  const [first] = group;
  if (!first) return;
  const key = counterKey(first.journey, first.version, shard);
  for (const part of partsOf(group))
    await countOnce(key, part, table, (fresh) => {
      const sums = new Map<string, number>();
      for (const { counts } of fresh)
        for (const [name, n] of Object.entries(counts)) sums.set(name, (sums.get(name) ?? 0) + n);
      const changed = [...sums].filter(([, n]) => n !== 0);
      return changed.length === 0 ? undefined : { add: changed.map(([name, n]) => [[`c:${name}`], n] as const) };
    });
}

/** In their order, so that each part ends at one place of the stream: what one change means is counted at once. */
function partsOf(group: readonly Counted[]): Counted[][] {
  const parts: Counted[][] = [];
  let names = new Set<string>();
  for (const one of Map.groupBy(group, ({ sequence }) => sequence).values()) {
    const added = one.flatMap(({ counts }) => Object.keys(counts));
    const all = new Set([...names, ...added]);
    const fits = all.size <= MOST_AT_ONCE;
    names = fits ? all : new Set(added);
    if (fits && parts.length > 0) parts.at(-1)?.push(...one);
    else parts.push([...one]);
  }
  return parts;
}

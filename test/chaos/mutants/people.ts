import type { Profile } from '#shared/contact/profile.ts';
import { kindOf } from '#shared/store/keys.ts';
import type { Row } from '#shared/store/table.ts';
import { keyOf } from '#shared/store/transaction.ts';
import { bent, inside, isOf, type Mutant, putting, takingSettings, without } from './bend.ts';

const isMerged = (row: Row): boolean => row['mergedInto'] !== undefined;
const isWhole = (row: Row): boolean => Array.isArray(row['aka']) && row['aka'].length > 0 && !isMerged(row);

/** A yes of the one takes a no of the other away. */
function forgiving(row: Row): Row {
  if (!isWhole(row)) return row;
  const { email = {} } = (row as unknown as Profile).consents;
  const granted = Object.entries(email).map(([topic, { holdsTo, ...word }]) => [
    topic,
    holdsTo === undefined ? word : { ...word, state: 'granted' },
  ]);
  return { ...row, consents: { ...(row['consents'] as object), email: Object.fromEntries(granted) } };
}

/** Without the passages that the other contact was inside of. */
function alone(row: Row): Row {
  if (!isWhole(row)) return row;
  const own = Object.entries(row['inside'] as object).filter(([name]) => !name.includes('@'));
  return { ...row, inside: Object.fromEntries(own) };
}

/** What may go wrong with people: merges, erasure, and what they say on pages. */
export const OF_PEOPLE: readonly Mutant[] = [
  {
    name: 'in a merge a later yes of the one takes a no of the other away',
    within: 300,
    bend: inside(['enrol'], (deps) => ({ table: bent(deps, { write: putting('profile', forgiving) }) })),
  },
  {
    name: 'a merge leaves the passages of the other contact behind',
    within: 100,
    bend: inside(['enrol'], (deps) => ({ table: bent(deps, { write: putting('profile', alone) }) })),
  },
  {
    name: 'who was merged goes on as a contact of their own',
    within: 20,
    bend: inside(['enrol'], (deps) => ({
      table: bent(deps, {
        write: without((write) => write.kind === 'put' && kindOf(keyOf(write)) === 'profile' && isMerged(write.row)),
      }),
    })),
  },
  {
    name: 'erasure leaves no word that somebody was erased',
    within: 40,
    bend: inside(['privacy'], (deps) => ({
      table: bent(deps, {
        write: (write) =>
          write.kind === 'put' && isOf('identity')(write) ? { kind: 'delete', key: keyOf(write) } : write,
      }),
    })),
  },
  {
    name: 'erasure forgets the messages',
    within: 100,
    bend: inside(['privacy'], (deps) => ({
      table: bent(deps, { write: without((write) => write.kind === 'delete' && isOf('message')(write)) }),
    })),
  },
  {
    name: 'erasure forgets the events',
    within: 40,
    bend: inside(['privacy'], (deps) => ({
      table: bent(deps, { write: without((write) => write.kind === 'delete' && isOf('event')(write)) }),
    })),
  },
  {
    name: 'a no on a page goes the way of all events only',
    within: 150,
    bend: inside(['respond'], (deps) => ({ table: bent(deps, { write: without(isOf('said', 'profile')) }) })),
  },
  {
    name: 'send does not look at what was just said on a page',
    within: 150,
    bend: inside(['send'], (deps) => ({
      table: bent(deps, { found: (rows, { prefix }) => (prefix === 'S#' ? [] : rows) }),
    })),
  },
  {
    name: 'a yes counts without its confirmation',
    within: 40,
    bend: inside(['enrol'], (deps) => ({
      published: takingSettings(deps, ({ topics, ...others }) => {
        const single = Object.entries(topics).map(([id, topic]) => [id, { ...topic, optIn: 'single' as const }]);
        return { ...others, topics: Object.fromEntries(single) };
      }),
    })),
  },
];

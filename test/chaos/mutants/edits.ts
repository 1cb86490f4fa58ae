import { catalogueKey, kindOf } from '#shared/store/keys.ts';
import type { Row } from '#shared/store/table.ts';
import type { WorldDeps } from '../world/world.ts';
import { bent, inside, isOf, type Mutant, without } from './bend.ts';

/** As if what is live came from no upload in particular. */
const nameless = (row: Row): Row => ({
  ...row,
  journeys: Object.fromEntries(
    Object.entries(row['journeys'] as Record<string, object>).map(([id, live]) => [id, { ...live, sequencer: '' }]),
  ),
});

type Status = 'live' | 'paused' | 'archived';

/** What is published, but for the status of journeys that somebody takes for another. */
function taking({ published }: WorldDeps, status: Status, as: Status): WorldDeps['published'] {
  const catalogue: typeof published.catalogue = async () => {
    const all = await published.catalogue();
    const mistaken = Object.entries(all.journeys).map(([id, live]) => [
      id,
      live.status === status ? { ...live, status: as } : live,
    ]);
    return { ...all, journeys: Object.fromEntries(mistaken) };
  };
  return new Proxy(published, {
    get: (all, name) => {
      const part: unknown = name === 'catalogue' ? catalogue : Reflect.get(all, name);
      return typeof part === 'function' ? part.bind(all) : part;
    },
  });
}

/** What may go wrong with files, and with those who are inside a journey that is edited; and with what is posted. */
export const OF_EDITS: readonly Mutant[] = [
  {
    name: 'an edit forgets those who are inside',
    within: 80,
    bend: inside(['publish'], (deps) => ({ table: bent(deps, { write: without(isOf('walk')) }) })),
  },
  {
    name: 'a walk takes a part of the directory for empty',
    within: 80,
    bend: inside(['walk'], (deps) => ({ table: bent(deps, { sees: () => false }) })),
  },
  {
    name: 'who is moved is not named by the new version',
    within: 80,
    bend: inside(['walk'], (deps) => ({ table: bent(deps, { write: without(isOf('profile')) }) })),
  },
  {
    name: 'an older upload replaces a newer one',
    within: 150,
    bend: inside(['publish'], (deps) => ({
      table: bent(deps, {
        read: (row, key) => (row && key.pk === catalogueKey.pk && key.sk === catalogueKey.sk ? nameless(row) : row),
      }),
    })),
  },
  {
    name: 'a paused journey sends on',
    within: 2000,
    bend: inside(['advance', 'send'], (deps) => ({ published: taking(deps, 'paused', 'live') })),
  },
  {
    name: 'who is in an archived journey is not told',
    within: 300,
    bend: inside(['walk'], (deps) => ({ published: taking(deps, 'archived', 'live') })),
  },
  {
    name: 'who stands still is not told that their journey goes on',
    within: 150,
    bend: inside(['walk'], (deps) => ({ published: taking(deps, 'live', 'paused') })),
  },
  {
    name: 'nobody enters by an event any more',
    within: 20,
    bend: inside(['enrol'], (deps) => ({ published: taking(deps, 'live', 'paused') })),
  },
  {
    name: 'review looks at no calls',
    within: 60,
    bend: inside(['review'], (deps) => ({ table: bent(deps, { sees: (key) => kindOf(key) !== 'call' }) })),
  },
  {
    name: 'ingest says yes before the bus has',
    within: 60,
    bend: inside(['ingest'], ({ bus }) => ({
      bus: {
        put: async (entries) => {
          void bus.put(entries).catch(() => {});
          return [];
        },
      },
    })),
  },
];

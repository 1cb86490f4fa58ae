import { type Enrolment, wakesAt } from '#shared/enrolment/enrolment.ts';
import { nameOn } from '#shared/enrolment/names.ts';
import { type Journey, journeySchema } from '#shared/journey/journey.ts';
import { catalogueKey, profileKey } from '#shared/store/keys.ts';
import { journeyFile } from '../plan/shop.ts';
import type { World } from '../world/world.ts';
import type { Ledger } from './ledger.ts';
import { definitionOf, partsOf, versionsOf } from './person.ts';

type Live = Readonly<Record<string, { readonly version: number; readonly status: string }>>;

/** What makes a version: its status does not. */
const madeOf = ({ status: _, publish: __, ...journey }: Journey): string => JSON.stringify(journey);

export const statusOf = ({ table }: World, journey: string): string | undefined =>
  ((table.read(catalogueKey)?.['journeys'] ?? {}) as Live)[journey]?.status;

/** What was uploaded last is live, and nobody is left on a version that an edit lets nobody stay on. */
export function checkEdits(inside: readonly Enrolment[], world: World, ledger: Ledger): void {
  const live = (world.table.read(catalogueKey)?.['journeys'] ?? {}) as Live;
  for (const journey of Object.keys(world.shop.definitions)) {
    const text = ledger.uploads.get(journeyFile(journey))?.at(-1);
    if (text === undefined) continue;
    const version = live[journey]?.version ?? 0;
    const is = definitionOf(world, journey, version);
    const should = journeySchema.parse(JSON.parse(text));
    if (!is || madeOf(is) !== madeOf(should) || live[journey]?.status !== should.status)
      ledger.broken('of two uploads the newer wins', `${journey} ${version} is not what was uploaded last`);
    const all = versionsOf(world, journey);
    const last = all.findLastIndex(({ publish }) => publish !== undefined && publish.inside !== 'finish') + 1;
    for (const passage of inside) {
      if (passage.journey === journey && live[journey]?.status === 'archived')
        ledger.broken('who is in an archived journey leaves it', `${journey} of ${passage.contact}`);
      if (passage.journey === journey && passage.version < last)
        ledger.broken(
          'an edit leaves nobody behind',
          `${journey} of ${passage.contact} is on ${passage.version}, and ${last} lets nobody stay; wakes at ${wakesAt(passage)}`,
        );
    }
  }
  for (const passage of inside) checkProfile(passage, world, ledger);
}

/** Nobody is on two versions: the passage's row and the profile, by which others find it, say the same. */
function checkProfile(passage: Enrolment, world: World, ledger: Ledger): void {
  const { contact, journey, key, n, version } = passage;
  const [owner] = partsOf(world, contact);
  const named = (world.table.read(profileKey(owner ?? ''))?.['inside'] ?? {}) as Record<string, number>;
  const name = nameOn({ contact: owner ?? '' }, { contact, journey, key, n });
  if (named[name] !== version)
    ledger.broken(
      'nobody is on two versions',
      `${name} of ${owner} is on ${version}, and the profile says ${JSON.stringify(named)}`,
    );
}

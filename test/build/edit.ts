import { insideWrites } from '#functions/publish/calendar.ts';
import type { Journey } from '#shared/journey/journey.ts';
import { loadCatalogue, putCatalogue, putVersion } from '#shared/store/journeys.ts';
import type { HandShop } from './hand-shop.ts';

/** What publish writes of a checked file: the next of the catalogue, and what becomes of those inside. */
export async function edit(shop: HandShop, definition: Journey, version: number): Promise<void> {
  const catalogue = await loadCatalogue(shop.table);
  const before = catalogue.journeys[definition.id];
  if (!before) throw new Error('not live');
  const next = { ...before, version, status: definition.status, sequencer: `${before.sequencer}1` };
  const journeys = { ...catalogue.journeys, [definition.id]: next };
  const frozen =
    version === before.version
      ? []
      : [putVersion(definition, version, { hash: 'h', sequencer: '1', at: shop.clock.now() })];
  const walks = insideWrites(definition, next, before, shop.clock.now());
  await shop.table.transact([...frozen, putCatalogue({ ...catalogue, journeys }), ...walks]);
  shop.deps.published.refresh();
}

/** Everybody inside is told, once nobody goes by what was live before. */
export async function told(shop: HandShop): Promise<void> {
  shop.clock.pass(60_000);
  await shop.review();
  await shop.walk();
}

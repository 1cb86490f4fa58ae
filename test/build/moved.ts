import type { Journey } from '#shared/journey/journey.ts';
import { edit, told } from './edit.ts';
import { consent, event } from './event.ts';
import { HandShop } from './hand-shop.ts';

export const DAY = 86_400_000;
export const MINUTE = 60_000;
export const YES = [consent('offers', '2026-03-01T00:00:00.000Z')];
export const MOVE = { inside: 'move' } as const;

/** Ann stands at the first pause of a journey. */
export async function inside(definition: Journey) {
  const shop = await HandShop.open([definition]);
  await shop.enrol(event('cart.updated', { consents: YES }));
  const leg = shop.leg();
  await leg.run();
  return { shop, leg, began: shop.clock.now() };
}

/** The second version goes live, and everybody inside is told and goes on as far as they can. */
export async function moved(shop: HandShop, definition: Journey) {
  await edit(shop, definition, 2);
  await told(shop);
  const leg = shop.leg();
  const came = await leg.run();
  return { leg, came };
}

/** How many mails have gone by now. */
export async function mailsOf(shop: HandShop): Promise<number> {
  await shop.send();
  return shop.mailer.mails.length;
}

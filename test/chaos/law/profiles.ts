import { fold } from '#shared/contact/fold.ts';
import type { Profile } from '#shared/contact/profile.ts';
import type { Event } from '#shared/event/event.ts';
import { inShopTerms } from '#shared/event/in-shop-terms.ts';
import { kindOf } from '#shared/store/keys.ts';
import { toMillis } from '#shared/time/instant.ts';
import type { World } from '../world/world.ts';
import type { Ledger } from './ledger.ts';
import { erasedAt, type People } from './people.ts';

/** What journeys never change on a contact: it can only have come from events. */
const said = (profile: Profile | undefined) => ({
  orders: profile?.traits['purchases.count'],
  spent: profile?.traits['purchases.total'],
  times: profile?.purchaseTimes,
  registration: profile?.last['registration'],
  cart: profile?.last['cart.updated'],
  viewed: profile?.last['page.viewed'],
  email: profile?.identities.email,
  externalId: profile?.identities.externalId,
  zone: profile?.traits['timeZone'],
  offers: profile?.consents['email']?.['offers']?.state,
});

/** What an event says of whoever did it, whichever of a person's contacts it came to. */
const OF_A_PERSON = ['orders', 'spent', 'times', 'registration', 'cart', 'viewed', 'externalId'] as const;

/** The profile equals the fold of its events, in whatever order they came. */
export function checkProfiles(world: World, ledger: Ledger, people: People): void {
  const { settings } = world.shop;
  const byPerson = Map.groupBy(inOrder(ledger.events.values()), ({ identities }) => people.of(identities));
  for (const row of world.table.all()) {
    if (kindOf(row) !== 'profile' || row['mergedInto'] !== undefined) continue;
    const profile = row as unknown as Profile;
    const person = people.of(profile.identities) ?? '';
    const names = people.namesOf(person);
    // Who was erased and came back has what came since: which that is hangs on the moment.
    if (erasedAt(names, ledger) !== undefined) continue;
    const of = byPerson.get(person) ?? [];
    let folded: Profile | undefined;
    for (const event of of)
      folded = fold(folded, inShopTerms(event, settings).event, profile.contact, settings).profile;
    const [is, should] = [said(profile), said(folded)];
    const isOne = profile.aka.length === 0 && names.length <= 2;
    const asked = isOne ? (Object.keys(is) as (keyof typeof is)[]) : OF_A_PERSON;
    for (const name of asked) {
      if (name === 'offers' && (isSaidElsewhere(profile) || isClose(of))) continue;
      const [one, other] = [JSON.stringify(is[name]), JSON.stringify(should[name])];
      if (one !== other)
        ledger.broken(
          'the profile equals the fold of its events',
          `${name} of ${profile.identities.email} is ${one} instead of ${other}`,
        );
    }
  }
}

/** On a page, or by a complaint, which SES tells of and no shop. */
const isSaidElsewhere = ({ consents }: Profile): boolean => consents['email']?.['offers']?.source !== 'form';

/** Two words so close that the clocks of two machines tell them in another order. */
const CLOSE = 2000;

function isClose(events: readonly Event[]): boolean {
  const words = events.flatMap(({ consents = [] }) => consents.filter(({ topic }) => topic === 'offers'));
  const [last, ...others] = words.toSorted((a, b) => (a.at > b.at ? -1 : 1));
  return others.some(({ at, state }) => last && last.state !== state && toMillis(last.at) - toMillis(at) < CLOSE);
}

const inOrder = (events: Iterable<Event>): Event[] => [...events].sort((a, b) => (a.at < b.at ? -1 : 1));

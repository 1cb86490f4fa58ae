import { Dice } from '#apps/local/sample/dice.ts';
import { MARKETS, type Place } from '#apps/local/sample/markets.ts';
import { shoppingTime } from '#apps/local/sample/rhythm.ts';
import type { Consent, Identities } from '#shared/event/event.ts';
import { fromMillis, type Instant, toMillis } from '#shared/time/instant.ts';

/** Topics that the sample shop's sign-up form asks for, beside `marketing`, which stands for all of them. */
const TOPICS = ['news', 'offers', 'care'] as const;
const WORDINGS = {
  marketing: 'Yes, the shop may write to me by e-mail. I can stop it at any time.',
  news: 'Tell me what is new in the shop.',
  offers: 'Send me offers and discounts.',
  care: 'Send me advice on brewing and on caring for what I bought.',
  tastings: 'Invite me to tastings.',
} as const;

export type Person = {
  readonly id: string;
  readonly identities: Identities;
  /** Of the browser, before they were known. */
  readonly anonymousId: string;
  readonly name: string;
  readonly country: string;
  readonly locale: string;
  readonly place: Place;
  /** A few never told: for them the shop's zone is taken. */
  readonly tellsZone: boolean;
  readonly registeredAt: Instant;
  readonly consents: readonly Consent[];
  /** Days between two orders, in the middle; undefined for who only looks. */
  readonly cycle: number | undefined;
  /** Days between two idle visits, on average. */
  readonly visits: number;
  /** Share of carts that they leave lying. */
  readonly abandons: number;
  /** From then on they are not seen again. */
  readonly leavesAt: Instant;
  /** As `1985-05-17`, or `--05-17` without the year; many do not tell. */
  readonly birthday?: string | undefined;
};

const DAY = 86_400_000;

/**
 * Makes up a person who registers between `from` and `to`.
 *
 * @param dice the person's own
 */
export function person(dice: Dice, number: number, from: Instant, to: Instant): Person {
  const id = `C-${String(number).padStart(5, '0')}`;
  const market = dice.weighted(MARKETS);
  const place = dice.pick(market.places);
  const name = dice.pick(market.names);
  const registeredAt = registrationTime(dice, from, to, place);
  const phone = `${market.dial}${String(1_000_000 + number)}`;
  const [onlyPhone, givesPhone] = [dice.chance(0.04), dice.chance(0.25)];
  const email = `${asAddress(name)}.${number}@${dice.pick(['mail.example', 'post.example', 'inbox.example'])}`;
  return {
    id,
    identities: { externalId: id, ...(onlyPhone ? {} : { email }), ...(onlyPhone || givesPhone ? { phone } : {}) },
    anonymousId: `browser-${number}`,
    name,
    country: market.country,
    locale: market.also && number % market.also.oneIn === 0 ? market.also.locale : market.locale,
    place,
    tellsZone: dice.chance(0.97),
    registeredAt,
    consents: consentsOf(dice, new Dice('tastings', email), registeredAt),
    cycle: dice.chance(0.68) ? Math.min(Math.max(dice.around(48, 0.6), 10), 240) : undefined,
    visits: dice.around(38, 0.7),
    abandons: dice.between(0.1, 0.6),
    leavesAt: dice.chance(0.35) ? fromMillis(toMillis(registeredAt) + dice.gap(150 * DAY)) : to,
  };
}

/** The shop grows: later days see more registrations than earlier ones. */
function registrationTime(dice: Dice, from: Instant, to: Instant, place: Place): Instant {
  const span = toMillis(to) - toMillis(from) - 2 * DAY;
  const share = dice.next() ** 0.85;
  const at = shoppingTime(dice, fromMillis(toMillis(from) + share * span), place.timeZone);
  return at < to ? at : fromMillis(toMillis(from) + share * span);
}

const asAddress = (name: string) =>
  name
    .normalize('NFD')
    .toLowerCase()
    .replaceAll('ł', 'l')
    .replaceAll(' ', '.')
    .replaceAll(/[^a-z.]/g, '');

/** Three in four tick the box, most of them all topics; some say no, the rest say nothing. A few want to be invited, too. */
function consentsOf(dice: Dice, invited: Dice, at: Instant): Consent[] {
  const statement = (topic: keyof typeof WORDINGS, state: Consent['state']): Consent => {
    return { channel: 'email', topic, state, at, source: 'sign-up form', wording: WORDINGS[topic] };
  };
  const answer = dice.next();
  if (answer < 0.17) return [];
  if (answer < 0.25) return [statement('marketing', 'denied')];
  const topics = TOPICS.filter(() => answer < 0.75 || dice.chance(0.5));
  const wanted = [...topics, ...(invited.chance(0.15) ? (['tastings'] as const) : [])];
  return [statement('marketing', 'granted'), ...wanted.map((topic) => statement(topic, 'granted'))];
}

import { currencyOf, placesOf } from '#shared/money/currency.ts';
import { isDecimal, timesRate } from '#shared/money/decimal.ts';
import { ownOf } from '#shared/own-of.ts';
import type { Settings } from '#shared/settings/settings.ts';
import { isObject } from '#shared/store/json.ts';
import type { Json } from '#shared/store/table.ts';
import { holdsNumber } from '#shared/store/units.ts';
import type { Consent, Event } from './event.ts';
import { withOwnLinks } from './own-links.ts';

type Fields = { readonly [name: string]: Json };

/** `unrated`: the currency of amounts that were left out, since the settings have no rate for it. */
export type InShopTerms = { readonly event: Event; readonly unrated?: string };

/** What is money in data and in the items of data, besides what `data.money` names. */
const AMOUNTS = ['total', 'subtotal', 'discount', 'tax', 'shipping', 'amount', 'price', 'revenue'];

/**
 * An event as the shop reckons: amounts in its own currency, by the rates of its settings, a yes to marketing as a yes
 * to the topics that it stands for at this source, and of a browser no link but to the shop. Once or several times is the same.
 */
export function inShopTerms(event: Event, settings: Settings): InShopTerms {
  const said = withTopics(withOwnLinks(event, settings), ownOf(settings.sources, event.source)?.consent ?? []);
  const from = foreignCurrency(said.data, settings);
  if (from === undefined || !hasMoney(said.data, from)) return { event: said };
  const rate = ownOf(settings.rates, from);
  const own = currencyOf(settings.shop.currency) ?? settings.shop.currency;
  const data = exchanged(said.data, from, rate === undefined ? undefined : { rate, own });
  return { event: { ...said, data }, ...(rate === undefined && { unrated: from }) };
}

/** A word on a topic itself stands beside the yes that a yes to marketing is. */
function withTopics(event: Event, topics: readonly string[]): Event {
  const { consents = [] } = event;
  const isSaid = ({ channel }: Consent, topic: string) =>
    consents.some((other) => other.channel === channel && other.topic === topic);
  const more = consents
    .filter(({ topic, state }) => topic === 'marketing' && state === 'granted')
    .flatMap((word) => topics.filter((topic) => !isSaid(word, topic)).map((topic) => ({ ...word, topic })));
  return more.length === 0 ? event : { ...event, consents: [...consents, ...more] };
}

/** As `data` says it, and else `data.money`: what has been exchanged has the shop's currency in `data`. */
function foreignCurrency({ currency, money }: Fields, { shop }: Settings): string | undefined {
  const from = currencyOf(currency) ?? currencyOf(isObject(money) ? money['currency'] : undefined);
  return from === currencyOf(shop.currency) ? undefined : from;
}

const hasMoney = (data: Fields, from: string): boolean =>
  Object.keys(sentMoney(data, from)).length > 1 ||
  [data['items']].flat().some((item) => isObject(item) && Object.keys(amountsIn(item)).length > 0);

type Exchange = { readonly rate: number; readonly own: string };

function exchanged(data: Fields, from: string, exchange: Exchange | undefined): Fields {
  const sent = sentMoney(data, from);
  const { items } = data;
  return {
    ...amountsOf(data, sent, exchange),
    ...(Array.isArray(items) && { items: items.map((item) => exchangedItem(item, exchange)) }),
    ...(data['money'] === undefined && { money: sent }),
    ...(exchange && { currency: exchange.own }),
  };
}

const exchangedItem = (item: Json, exchange: Exchange | undefined): Json =>
  isObject(item) ? amountsOf(item, amountsIn(item), exchange) : item;

/** The amounts as they were sent: those of `data.money`, which is exact, and those that it does not name. */
function sentMoney(data: Fields, from: string): Fields {
  const { money } = data;
  const named = isObject(money) && currencyOf(money['currency']) ? Object.entries(money) : [];
  return { currency: from, ...amountsIn(data), ...Object.fromEntries(named.filter(([, value]) => isAmount(value))) };
}

const isAmount = (value: Json | undefined): value is string | number =>
  typeof value === 'number' || (typeof value === 'string' && isDecimal(value));

const amountsIn = (fields: Fields): Fields =>
  Object.fromEntries(AMOUNTS.flatMap((name) => (isAmount(fields[name]) ? [[name, String(fields[name])]] : [])));

/** Without a rate an amount is left out: a wrong one would count. */
function amountsOf(fields: Fields, sent: Fields, exchange: Exchange | undefined): Fields {
  const { currency: _, ...amounts } = sent;
  const rest = Object.fromEntries(Object.entries(fields).filter(([name]) => !Object.hasOwn(amounts, name)));
  if (!exchange) return rest;
  const own = Object.entries(amounts).flatMap(([name, amount]) => {
    const value = isAmount(amount) ? timesRate(amount, exchange.rate, placesOf(exchange.own)) : undefined;
    return value !== undefined && holdsNumber(Number(value)) ? [[name, Number(value)] as const] : [];
  });
  return { ...rest, ...Object.fromEntries(own) };
}

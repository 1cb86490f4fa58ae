import type { Stored } from '#shared/adapters/sqlite/apply.ts';
import { type Journey, journeySchema } from '#shared/journey/journey.ts';
import { optInOf, type Settings } from '#shared/settings/settings.ts';
import { eventRange, profileKey, saidRange, versionKey } from '#shared/store/keys.ts';
import { laterOf } from '#shared/time/instant.ts';
import type { World } from '../world/world.ts';

/** The contacts under whose keys a person's rows lie, the one that all are now first. Empty for who is not there. */
export function partsOf(world: Pick<World, 'table'>, contact: string): string[] {
  const row = world.table.read(profileKey(contact));
  const into = row?.['mergedInto'];
  if (typeof into === 'string') return partsOf(world, into);
  return row ? [contact, ...((row['aka'] as string[] | undefined) ?? [])] : [];
}

export type Word = { readonly topic: string; readonly state: string; readonly at: string };
type Consent = Word & { readonly channel: string; readonly confirmed?: string };

/** A yes that nobody has confirmed, to a topic that asks for it, is none. */
const wordsIn = (consents: unknown, settings: Settings): Word[] =>
  !Array.isArray(consents)
    ? []
    : (consents as Consent[])
        .filter(({ channel }) => channel === 'email')
        .filter(
          ({ topic, state, confirmed }) =>
            state !== 'granted' || confirmed !== undefined || optInOf(settings, 'email', topic) === 'single',
        )
        .map(({ topic, state, at }) => ({ topic, state, at }));

/** Everything that somebody has said of mail, from the events that were recorded: the proof of consent. */
export const recordedOf = (parts: readonly string[], { table, shop }: World): Word[] =>
  parts.flatMap((part) => table.range(eventRange(part)).flatMap((row) => wordsIn(row['consents'], shop.settings)));

/** And what they have said on a page, which holds at once. */
export const saidOf = (parts: readonly string[], { table, shop }: World): Word[] =>
  parts.flatMap((part) =>
    table
      .range(saidRange(part))
      .flatMap((row) => wordsIn((row['event'] as { consents?: unknown }).consents, shop.settings)),
  );

/** The last words of a topic: where several were said at one moment, any of them. */
export function lastWords(said: readonly Word[], topic: string): Word[] {
  const of = said.filter((one) => one.topic === topic);
  const last = of.reduce((latest, { at }) => laterOf(latest, at), '');
  return of.filter(({ at }) => at === last);
}

const definitions = new WeakMap<Stored, Journey>();

/** A journey as a version of it was published. */
export function definitionOf({ table }: World, journey: string, version: number): Journey | undefined {
  const row = table.read(versionKey(journey, version));
  if (!row) return undefined;
  const known = definitions.get(row) ?? journeySchema.parse(JSON.parse(String(row['definition'])));
  definitions.set(row, known);
  return known;
}

/** All that was ever live of a journey, by version from 1 on. */
export function versionsOf(world: World, journey: string): Journey[] {
  const all: Journey[] = [];
  for (let version = 1; ; version += 1) {
    const one = definitionOf(world, journey, version);
    if (!one) return all;
    all.push(one);
  }
}

import { OUT } from '#shared/enrolment/move.ts';
import { ownOf } from '#shared/own-of.ts';
import type { Impact } from '#shared/publish/impact.ts';

/** Where one contact is in the edited journey: on which version, at which step. Undefined: not inside. */
export type Place = { readonly version: number; readonly step: string } | undefined;
/** Places by contact. */
export type Places = ReadonlyMap<string, Place>;

type Edit = NonNullable<Impact['edit']>;

/** Where the report says that somebody ends up who stands there while the edit goes live as `version`. */
export function promisedTo({ fate, affected, diff }: Edit, place: Place, version: number): Place {
  if (!place || fate === 'leave' || fate === 'archived') return undefined;
  if (fate !== 'move') return place;
  const said = affected.find((one) => one.version === place.version && one.step === place.step);
  if (said?.to === OUT) return undefined;
  if (said?.to !== undefined) return { version, step: said.to };
  const isGone = diff.steps.some(({ step, change }) => step === place.step && change === 'removed');
  // Nobody has said where they go on, so that they stay.
  return isGone ? place : { version, step: place.step };
}

/** What the report says of those inside that is not so, in words. */
export function wrongFigures({ inside, affected, diff }: Edit, places: Places): string[] {
  const standing = countsOf(places);
  const said = new Map(affected.map((one) => [nameOf(one), one]));
  const all = Object.values(standing).reduce((sum, n) => sum + n, 0);
  const touched = diff.steps.filter(({ change }) => change !== 'added').map(({ step }) => step);
  const missing = Object.keys(standing).filter((name) => touched.some((step) => name.endsWith(` ${step}`)));
  return [
    ...(inside === all ? [] : [`inside: ${inside}, and there are ${all}`]),
    ...[...said].flatMap(([name, { contacts }]) => {
      const there = ownOf(standing, name) ?? 0;
      return there === contacts ? [] : [`${name}: ${contacts}, and there are ${there}`];
    }),
    ...missing.filter((name) => !said.has(name)).map((name) => `${name}: not said, and there are ${standing[name]}`),
  ];
}

/** Those who are not where they should be, by what was said and what is, with how many. */
export function misplaced(before: Places, after: Places, edit: Edit, version: number): Record<string, number> {
  const wrong = [...before].flatMap(([contact, place]) => {
    const [meant, found] = [promisedTo(edit, place, version), after.get(contact)].map((one) => nameOf(one));
    return meant === found ? [] : [`${nameOf(place)}: meant ${meant}, found ${found}`];
  });
  return counted(wrong);
}

/** `v2 rest: 340`, of those who are inside, in order. */
export const countsOf = (places: Places): Record<string, number> =>
  counted([...places.values()].filter((place) => place !== undefined).map(nameOf));

const nameOf = (place: Place): string => (place ? `v${place.version} ${place.step}` : 'outside');

const counted = (names: readonly string[]): Record<string, number> =>
  Object.fromEntries(
    [...Map.groupBy(names, (name) => name)]
      .map(([name, all]) => [name, all.length] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

import { isHappening } from '#shared/event/happenings.ts';
import type { Asking } from './context.ts';
import { topicsOf } from './context.ts';
import { didYouMean, meantOr, nearest } from './did-you-mean.ts';
import { traitsSetBy } from './facts.ts';
import { fieldsOf, OWN_EVENTS, traitsOf } from './kinds.ts';
import { once } from './once.ts';
import type { Path } from './parse.ts';
import { type Position, type Remark, remark, UNDECLARED } from './remarks.ts';
import type { LeafPlace } from './walk.ts';

/** E15, for a name of any kind. */
export const unknownName = (what: string, name: string, at: Position, known: readonly string[]): Remark[] =>
  known.includes(name)
    ? []
    : [remark('E15', at, `There is no ${what} "${name}".${meantOr(name, known, whereMade(what, name))}`)];

/** Where a thing of that kind is made. */
function whereMade(what: string, name: string): string {
  const file = FILES.get(what);
  if (file !== undefined) return `It would lie at ${file.replace('*', name)}.`;
  const key = IN_SETTINGS.get(what);
  return key === undefined ? '' : `More are made in settings.json, under "${key}".`;
}

const FILES = new Map([
  ['segment', 'segments/*.json'],
  ['journey', 'journeys/*.json'],
  ['pool', 'pools/*.csv'],
]);
const IN_SETTINGS = new Map([
  ['topic', 'topics'],
  ['sender', 'senders'],
  ['endpoint', 'endpoints'],
]);

/** Names that a leaf mentions: segments, topics, journeys, events. Traits are looked at with the references. */
export function checkNames({ leaf, path, types }: LeafPlace, asking: Asking): Remark[] {
  const { context, source } = asking;
  const each = (key: string, names: string | readonly string[], known: readonly string[]): Remark[] =>
    oneByOne(names, [...path, key]).flatMap(({ name, path: at }) => unknownName(key, name, source.at(at), known));
  if ('segment' in leaf) return each('segment', leaf.segment, Object.keys(context.segments));
  if ('journey' in leaf) return each('journey', leaf.journey, knownJourneys(asking));
  if ('consent' in leaf)
    return unknownName('topic', leaf.consent, source.at([...path, 'consent']), topicsOf(context.settings));
  if ('reachable' in leaf && leaf.topic !== undefined)
    return unknownName('topic', leaf.topic, source.at([...path, 'topic']), topicsOf(context.settings));
  if ('event' in leaf) return checkEvents(leaf.event, [...path, 'event'], asking);
  return 'data' in leaf ? dataField(leaf.data, types, [...path, 'data'], asking) : [];
}

const oneByOne = (names: string | readonly string[], path: Path): { name: string; path: Path }[] =>
  typeof names === 'string' ? [{ name: names, path }] : names.map((name, i) => ({ name, path: [...path, i] }));

export const knownJourneys = ({ context, journey }: Asking): string[] => [
  ...Object.keys(context.journeys),
  ...(context.coming ?? []),
  ...(journey ? [journey.id] : []),
];

/** Every type that is declared, emitted by a step, or has ever come. */
const knownEvents = once(({ context, steps }: Asking): ReadonlySet<string> => {
  const emitted = steps.flatMap(({ step }) => (step.type === 'emit' ? [step.event] : []));
  const others = Object.values(context.journeys).flatMap(({ emits }) => emits);
  const declared = Object.keys(context.settings.events);
  return new Set([...declared, ...OWN_EVENTS, ...emitted, ...others, ...(context.seen ?? [])]);
});

/** Every trait that is declared, derived, or set by a step. */
export const knownTraits = once(({ context: { settings, journeys }, steps }: Asking): ReadonlySet<string> => {
  const set = [...steps.flatMap(({ step }) => traitsSetBy(step)), ...Object.values(journeys).flatMap((j) => j.sets)];
  return new Set([...traitsOf(settings), ...set]);
});

/** Types that nobody has declared and nobody has sent: a warning where none is declared, silence where none came either. */
export function checkEvents(named: string | readonly string[], path: Path, asking: Asking): Remark[] {
  const { context, source } = asking;
  const declared = Object.keys(context.settings.events);
  if (declared.length === 0 && !context.seen?.length) return [];
  const nothingSeen = !context.seen?.length;
  const known = knownEvents(asking);
  return oneByOne(named, path)
    .filter(({ name }) => name !== 'any' && !known.has(name))
    .map(({ name, path: at }) => {
      // As long as nothing has come in, only a slip of the pen can be told from what will come.
      const code = declared.length === 0 || (nothingSeen && nearest(name, known) === undefined) ? UNDECLARED : 'E18';
      const mend = ' If your shop sends it, declare it under "events" in settings.json.';
      const text = `No event "${name}" is known or was ever seen.${didYouMean(name, known) || mend}`;
      return remark(code, source.at(at), text);
    });
}

/** Data that is declared otherwise may still come: a remark, no refusal. */
function dataField(field: string, types: readonly string[], path: Path, { context, source }: Asking): Remark[] {
  const known = fieldsOf(context.settings, types);
  if (!known || isAmong(field, known)) return [];
  const what = types.map((type) => `"${type}"`).join(' or ');
  const code = types.every(isHappening) ? 'E23' : UNDECLARED;
  return [remark(code, source.at(path), `${what} has no "${field}".${meantOr(field, known)}`)];
}

/** A path is known if it, what it lies in, or something in it is. */
export const isAmong = (path: string, known: readonly string[]): boolean =>
  known.some((one) => one === path || one.startsWith(`${path}.`) || path.startsWith(`${one}.`));

/** How a trait that nobody knows is mended. */
export const DECLARE_TRAIT = 'If it is one, declare it under "traits" in settings.json.';

/** A warning where no trait is declared: then everything that the storefront sends is one. */
export function checkTrait(trait: string, path: Path, asking: Asking): Remark[] {
  const { context, source } = asking;
  const known = knownTraits(asking);
  if (known.has(trait)) return [];
  const code = Object.keys(context.settings.traits).length === 0 ? UNDECLARED : 'E17';
  const hint = didYouMean(trait, known) || ` ${DECLARE_TRAIT}`;
  return [remark(code, source.at(path), `Nobody has a trait "${trait}".${hint}`)];
}

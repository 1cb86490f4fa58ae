import type { Enrolment } from '#shared/enrolment/enrolment.ts';
import type { Begun } from '#shared/enrolment/enter-all.ts';
import { hear, withdraws } from '#shared/enrolment/hear.ts';
import { refOf } from '#shared/enrolment/hints.ts';
import { hearLate } from '#shared/enrolment/late.ts';
import { nameOn, refOfName } from '#shared/enrolment/names.ts';
import { hearState, isConcerned } from '#shared/enrolment/state.ts';
import type { TurnInput } from '#shared/enrolment/turn.ts';
import { JOURNEY_LEFT } from '#shared/event/own.ts';
import type { CompiledJourney } from '#shared/journey/compile.ts';
import { loadEnrolments, putTurn } from '#shared/store/enrolments.ts';
import { noteHeard } from '#shared/store/heard.ts';
import { passageScope } from '#shared/store/scope.ts';
import type { Write } from '#shared/store/table.ts';
import type { Deciding } from './decide.ts';

/**
 * What the event means to the passages that this contact is inside, and to those that are over and whose goal still
 * counts. All that hear it write it down; whether it wakes them is asked afterwards, from the rows.
 */
export async function signal(deciding: Deciding): Promise<Begun & { readonly converted: readonly string[] }> {
  const { profile, now } = deciding;
  const watching = Object.entries(profile.watching).filter(([, { until }]) => until >= now);
  const inside = await hearing(
    deciding,
    Object.entries(profile.inside),
    (journey) => deciding.event.type === JOURNEY_LEFT || cares(deciding, journey) || withdrawn(deciding, journey),
  );
  const over = await hearing(
    deciding,
    watching.map(([name, { version }]) => [name, version]),
    (journey) => cares(deciding, journey),
  );
  const notes = await Promise.all(inside.map((passage) => note(deciding, passage)));
  const late = await Promise.all(over.map((passage) => noteLate(deciding, passage)));
  const converted = new Set(late.flatMap((l) => (l.converted ? [l.name] : [])));
  return {
    profile: { ...profile, watching: Object.fromEntries(watching.filter(([name]) => !converted.has(name))) },
    writes: [...notes, ...late.map((l) => l.writes)].flat(),
    hints: inside.filter((_, i) => (notes[i]?.length ?? 0) > 0).map((passage) => refOf(passage.enrolment)),
    converted: [...converted],
  };
}

/** Whether a passage of this journey can hear the event, or be concerned by what it has changed. */
const cares = ({ event, segments, touched }: Deciding, journey: CompiledJourney): boolean =>
  journey.hears(event.type) || (journey.asks.length > 0 && isConcerned(journey, touched(), segments));

type Passage = { readonly name: string; readonly enrolment: Enrolment; readonly journey: CompiledJourney };

const withdrawn = ({ event, settings, profile }: Deciding, journey: CompiledJourney): boolean =>
  withdraws(event, journey, settings, profile);

/** The passages among those named whose journey cares for this event, with their rows. The others are not read. */
async function hearing(
  { deps, profile }: Deciding,
  named: readonly (readonly [name: string, version: number])[],
  cares: (journey: CompiledJourney) => boolean,
): Promise<Passage[]> {
  const versions = await Promise.all(
    named.map(async ([name, version]) => ({
      name,
      journey: await deps.published.version(refOfName(profile.contact, name).journey, version),
    })),
  );
  const concerned = versions.filter(({ journey }) => cares(journey));
  if (concerned.length === 0) return [];
  const rows = await loadEnrolments(
    deps.table,
    concerned.map(({ name }) => refOfName(profile.contact, name)),
  );
  return concerned.flatMap(({ name, journey }) => {
    const enrolment = rows.find((row) => nameOn(profile, row) === name);
    return enrolment ? [{ name, enrolment, journey }] : [];
  });
}

async function listenersOf(deciding: Deciding, { enrolment, journey }: Passage): Promise<string[]> {
  const { event, facts, settings, touched } = deciding;
  return facts.settle(() => [
    ...hear(event, enrolment, journey, passageScope(deciding, enrolment), settings),
    ...(journey.asks.length === 0
      ? []
      : hearState(journey, enrolment, (since) => passageScope(deciding, enrolment, since), touched())),
  ]);
}

async function note(deciding: Deciding, passage: Passage): Promise<Write[]> {
  const listeners = await listenersOf(deciding, passage);
  const { event, now } = deciding;
  const { id, type, at } = event;
  return listeners.length === 0 ? [] : [noteHeard(refOf(passage.enrolment), listeners, { event: id, type, at }, now)];
}

/** A passage that is over only waits for its goal: it is counted here, since no turn will come. */
async function noteLate(
  deciding: Deciding,
  passage: Passage,
): Promise<{ name: string; converted: boolean; writes: Write[] }> {
  const { event, now, zone, facts } = deciding;
  const { name, enrolment, journey } = passage;
  const listeners = await listenersOf(deciding, passage);
  const scope: TurnInput['scope'] = (one, _, since) => passageScope(deciding, one, since);
  const said = { event: event.id, type: event.type, at: event.at };
  const after = await facts.settle(() => hearLate(enrolment, listeners, said, { journey, now, zone, scope }));
  return {
    name,
    converted: after?.converted !== undefined,
    writes: after ? [putTurn(after, enrolment, now)] : [],
  };
}

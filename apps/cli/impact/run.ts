import { readFileSync } from 'node:fs';
import type { Progress } from '#apps/cli/progress.ts';
import { type OpenTarget, withTarget } from '#apps/cli/target/open.ts';
import type { Target } from '#apps/cli/target/options.ts';
import { fileOf, readSide } from '#apps/cli/versions/sides.ts';
import { folderOr, isFileName } from '#apps/cli/which-folder.ts';
import { usd } from '#apps/local/meter.ts';
import { impactOf } from '#functions/publish/impact.ts';
import { insideOf } from '#functions/publish/inside.ts';
import { isMendedByOthers } from '#functions/publish/lacking.ts';
import { type Standing, standing } from '#functions/publish/standing.ts';
import { FirstWeekCount } from '#shared/backtest/week.ts';
import type { Profile } from '#shared/contact/profile.ts';
import type { Journey } from '#shared/journey/journey.ts';
import { ownOf } from '#shared/own-of.ts';
import { checkJourney } from '#shared/publish/check.ts';
import type { FirstWeek, Impact } from '#shared/publish/impact.ts';
import type { Remark } from '#shared/publish/remarks.ts';
import { worldOf } from '#shared/simulation/world.ts';
import { queryEvents } from '#shared/store/events.ts';
import { partsOf } from '#shared/store/profiles.ts';

export type ImpactRequest = {
  /** Its file, or its id. */
  readonly file: string;
  /** Where the file of an id lies. */
  readonly folder: string | undefined;
  readonly target: Target;
  /** Everybody is looked at, and not a sample. */
  readonly all: boolean;
};
export type ImpactResult = {
  readonly file: string;
  readonly journey: string;
  readonly impact: Impact;
  /** Errors for which publish will refuse it, whatever other files bring. */
  readonly refused: readonly Remark[];
};
export type RunImpact = (request: ImpactRequest, progress: Progress) => Promise<ImpactResult>;

const MOST_LOOKED = 300;

/** What a journey file would do to customers if it went live now. Throws BadInput when there is none. */
export const runImpact: RunImpact = ({ file, folder, target: of, all }, progress) =>
  withTarget(of, async (target) => {
    const { name, journey } = readSide(isFileName(file) ? file : fileOf(file, folderOr(folder)));
    const impact = await lookAhead(journey, target, all, progress);
    return {
      file: name,
      journey: journey.id,
      impact,
      refused: await refusedFor(readFileSync(name, 'utf8'), journey, target),
    };
  });

/** What stands against it beside what is live. What a file may lack that is pushed with it is none of it. */
export async function refusedFor(
  text: string,
  { id }: Journey,
  target: Pick<OpenTarget, 'table' | 'published' | 'clock'>,
): Promise<readonly Remark[]> {
  const before = await standing(target);
  const inside = await insideOf(id, text, before, target);
  const { remarks } = checkJourney(`journeys/${id}.json`, text, { ...before.context, ...(inside && { inside }) });
  return remarks.filter(({ code, severity }) => severity === 'error' && !isMendedByOthers(code));
}

/** The same of a journey that has been read. */
export async function lookAhead(
  journey: Journey,
  target: Pick<OpenTarget, 'table' | 'published' | 'clock' | 'settle'>,
  all: boolean,
  progress: Progress,
): Promise<Impact> {
  await target.settle();
  const before = await standing(target);
  const week = weekOf(journey, before, target);
  let looked = 0;
  const see = async (profiles: readonly Profile[]): Promise<void> => {
    for (const profile of profiles) {
      const events = await queryEvents(target.table, partsOf(profile), { types: 'any' });
      week?.look(profile, events);
    }
    looked += profiles.length;
    progress.show('looking at contacts', looked, Math.max(looked, all ? before.contacts : MOST_LOOKED));
  };
  const most = all ? Number.POSITIVE_INFINITY : MOST_LOOKED;
  const found = await impactOf(journey, before, target, { most, see });
  progress.stop();
  if (!found) return {};
  const of = { at: looked, of: Math.max(before.contacts, looked) };
  const first = week && looked > 0 ? { week: scaled(week, of), looked: of } : {};
  return { ...found.impact, ...first };
}

/** Beside the journeys that are live: they share its caps. Undefined where nothing of the past says who will come. */
function weekOf(journey: Journey, { context, definitions, catalogue }: Standing, { clock }: Pick<OpenTarget, 'clock'>) {
  if (journey.trigger.type === 'manual') return undefined;
  const others = definitions.filter(({ id }) => id !== journey.id && ownOf(catalogue.journeys, id)?.status === 'live');
  const { settings, segments } = context;
  // Who enters at once is counted by itself.
  const trigger = 'existing' in journey.trigger ? { ...journey.trigger, existing: false } : journey.trigger;
  const world = worldOf({ settings, segments, journeys: [...others, { ...journey, trigger }], holdout: true });
  return new FirstWeekCount(journey, world, clock.now());
}

const NOTHING = {
  ...{ transitions: 0, lambda: 0, tableRead: 0, tableWrite: 0, busEvents: 0, queueRequests: 0, mails: 0 },
};

/** A passage of so many turns takes two transitions each, and three beside them. */
function scaled({ sum }: FirstWeekCount, { at, of }: { readonly at: number; readonly of: number }): FirstWeek {
  const [entries, mails, turns] = [sum.entries, sum.mails, sum.turns].map((n) => (n / at) * of);
  const counts = { ...NOTHING, transitions: 2 * (turns ?? 0) + 3 * (entries ?? 0), mails: mails ?? 0 };
  return { entries: Math.round(entries ?? 0), mails: Math.round(mails ?? 0), usd: usd(counts) };
}

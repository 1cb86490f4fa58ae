import type { Profile } from '#shared/contact/profile.ts';
import type { Journey } from '#shared/journey/journey.ts';
import { ownOf } from '#shared/own-of.ts';
import type { Clock } from '#shared/ports.ts';
import { editOf, type Impact, saysSomething } from '#shared/publish/impact.ts';
import type { Population } from '#shared/publish/population.ts';
import { FigureCount } from '#shared/report/figures.ts';
import { sampled } from '#shared/report/sample.ts';
import { standingOf } from '#shared/store/counters.ts';
import { type LiveJourney, loadVersion, olderOf } from '#shared/store/journeys.ts';
import type { PublishDeps } from './publish.ts';
import type { Standing } from './standing.ts';

export type ImpactDeps = Pick<PublishDeps, 'table' | 'published'> & { readonly clock: Pick<Clock, 'now'> };

/** Contacts that a publish looks at: a second's work, however many the shop has. */
const MOST_LOOKED = 300;

export type Asked = {
  /** Its own, so that it is not held against itself. */
  readonly upload?: { readonly sequencer: string };
  /** Contacts to look at. */
  readonly most?: number;
  /** Shown each of them, some at a time. */
  readonly see?: (profiles: readonly Profile[]) => Promise<void>;
};

/**
 * What it would do to customers if this journey went live; undefined when that is what is live. Its figures are what the
 * checks know of the contacts.
 */
export async function impactOf(
  journey: Journey,
  before: Standing,
  deps: ImpactDeps,
  { upload, most = MOST_LOOKED, see }: Asked = {},
): Promise<{ readonly impact: Impact; readonly population: Population } | undefined> {
  const live = ownOf(before.catalogue.journeys, journey.id);
  const versions = live ? await versionsBefore(journey.id, live, deps, upload) : [];
  const edit = await editImpact(journey, versions, deps);
  if (versions.length > 0 && !edit) return undefined;
  const { context, contacts, definitions, catalogue } = before;
  const isLive = ({ id }: Journey) => ownOf(catalogue.journeys, id)?.status === 'live';
  const { settings, segments } = context;
  const [now, isNew] = [deps.clock.now(), versions.length === 0];
  const shop = { table: deps.table, settings, segments, now, live: definitions.filter(isLive), isNew };
  const figures = new FigureCount(journey, shop);
  for await (const profiles of sampled(deps.table, { contacts, most, now })) {
    await figures.look(profiles);
    await see?.(profiles);
  }
  const { population, existing, beside, looked } = figures.sum(contacts);
  const told = existing !== undefined || beside.some(({ share }) => share !== undefined);
  const impact = {
    ...(edit && { edit }),
    ...(existing !== undefined && { existing }),
    ...(beside.length > 0 && { beside }),
    ...(told && { looked }),
  };
  return { impact, population: { ...context.population, ...population } };
}

/** Undefined where nothing that acts on customers changes. */
async function editImpact(
  journey: Journey,
  before: readonly number[],
  { published, table }: ImpactDeps,
): Promise<Impact['edit'] | undefined> {
  const versions = await Promise.all(
    before.map(async (version) => ({ version, definition: (await published.version(journey.id, version)).definition })),
  );
  const edit = editOf(journey, versions, await standingOf(table, journey.id, before));
  return edit && saysSomething(edit) ? edit : undefined;
}

/** Versions that somebody may be inside of, the newest first; without the one that this very upload has made already. */
async function versionsBefore(
  journey: string,
  live: LiveJourney,
  { table, clock }: ImpactDeps,
  upload: { readonly sequencer: string } | undefined,
): Promise<number[]> {
  const { version, sequencer } = live;
  const earlier = olderOf(live, clock.now()).map((one) => one.version);
  const isOwn =
    upload?.sequencer === sequencer && (await loadVersion(table, journey, version))?.sequencer === sequencer;
  return [...(isOwn ? [] : [version]), ...earlier.toReversed()];
}

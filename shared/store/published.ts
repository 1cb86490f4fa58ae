import type { Condition } from '#shared/condition/condition.ts';
import { happeningsIn, type Wanted } from '#shared/event/happenings.ts';
import { JOURNEY_REQUESTED } from '#shared/event/own.ts';
import { type CompiledJourney, compile } from '#shared/journey/compile.ts';
import { ownOf } from '#shared/own-of.ts';
import type { Clock } from '#shared/ports.ts';
import type { Pattern } from '#shared/sending/pattern.ts';
import type { Settings } from '#shared/settings/settings.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { loadPattern } from './habits.ts';
import {
  type Catalogue,
  defaultSettings,
  loadCatalogue,
  loadDefinition,
  loadShelf,
  loadStoredSettings,
  olderOf,
  type Shelf,
  watchingOf,
} from './journeys.ts';
import { loadPools } from './pools.ts';
import { conditionsOf, loadSegments } from './segments.ts';
import type { Table } from './table.ts';

/** Milliseconds after which an edit is noticed by everybody. */
const FRESH_FOR = 10_000;
/** What is learned from weeks need not be of this minute. */
const LEARNED_FOR = 600_000;
const VERSIONS_KEPT = 500;

/** Whether a `manual` journey is live, so that who asks for entry to it may get in. */
function isOpenTo(catalogue: Catalogue | undefined, journey: string): boolean {
  const live = ownOf(catalogue?.journeys, journey);
  return live?.status === 'live' && live.events.includes(JOURNEY_REQUESTED);
}

type Cached<T> = { value: T; until: string };

/**
 * What is published, as the functions read it: settings and catalogue at most ten seconds old, versions as they were
 * published, since they never change. One instance a process.
 */
export class Published {
  readonly #table: Table;
  readonly #clock: Clock;
  readonly #versions = new Map<string, CompiledJourney>();
  #catalogue: Cached<Catalogue> | undefined;
  #settings: Cached<Settings> | undefined;
  #learned: Cached<Pattern | undefined> | undefined;
  #shelf: Cached<Shelf> | undefined;
  #segments: Cached<Readonly<Record<string, Condition>>> | undefined;
  #pools: Cached<readonly string[]> | undefined;
  #wanted: Cached<Wanted> | undefined;

  constructor(table: Table, clock: Clock) {
    this.#table = table;
    this.#clock = clock;
  }

  /** `requested`: a journey that entry is asked to, so that one that has just been published is not missed. */
  async catalogue({ requested }: { readonly requested?: string | undefined } = {}): Promise<Catalogue> {
    const isMissed = requested !== undefined && !isOpenTo(this.#catalogue?.value, requested);
    const known = isMissed ? undefined : this.#catalogue;
    this.#catalogue = await this.#fresh(known, () => loadCatalogue(this.#table, { stale: !isMissed }));
    return this.#catalogue.value;
  }

  /** `now`: as they are at this moment, for who misses one that may have gone live since. */
  async templates({ now = false } = {}): Promise<Shelf['templates']> {
    const known = now ? undefined : this.#shelf;
    this.#shelf = await this.#fresh(known, () => loadShelf(this.#table, { stale: !now }));
    return this.#shelf.value.templates;
  }

  /** With what was learned of when the shop's people are there. */
  async settings(): Promise<Settings> {
    this.#settings = await this.#fresh(this.#settings, async () => {
      const [stored, learned] = await Promise.all([
        loadStoredSettings(this.#table, { stale: true }),
        this.#fresh(this.#learned, () => loadPattern(this.#table), LEARNED_FOR),
      ]);
      this.#learned = learned;
      return { ...(stored?.settings ?? defaultSettings()), ...(learned.value && { learned: learned.value }) };
    });
    return this.#settings.value;
  }

  /** What the segments ask, by id. */
  async segments(): Promise<Readonly<Record<string, Condition>>> {
    this.#segments = await this.#fresh(this.#segments, async () =>
      conditionsOf(await loadSegments(this.#table, { stale: true })),
    );
    return this.#segments.value;
  }

  /** Pools of coupon codes, by name. */
  async pools(): Promise<readonly string[]> {
    this.#pools = await this.#fresh(this.#pools, async () => (await loadPools(this.#table, { stale: true })).pools);
    return this.#pools.value;
  }

  /**
   * Happenings that anything live names, anything that somebody is still inside, or a goal whose window goes on. What
   * nobody names is put nowhere.
   */
  async wanted(): Promise<Wanted> {
    this.#wanted = await this.#fresh(this.#wanted, async () => {
      const [{ journeys }, segments, { learned: _, ...settings }] = await Promise.all([
        this.catalogue(),
        this.segments(),
        this.settings(),
      ]);
      const now = this.#clock.now();
      const named = Object.values(journeys).flatMap((live) => [
        ...(live.status === 'archived' ? [] : (live.happenings ?? [])),
        ...olderOf(live, now).flatMap(({ happenings = [] }) => happenings),
        ...watchingOf(live, now).flatMap(({ happenings }) => happenings),
      ]);
      return new Set([...named, ...happeningsIn(segments), ...happeningsIn(settings)]);
    });
    return this.#wanted.value;
  }

  /** A version, ready to run. Throws when there is none. */
  async version(journey: string, version: number): Promise<CompiledJourney> {
    const name = `${journey}#${version}`;
    const known = this.#versions.get(name);
    if (known) return known;
    const compiled = compile(await loadDefinition(this.#table, journey, version), version);
    if (this.#versions.size >= VERSIONS_KEPT) this.#versions.clear();
    this.#versions.set(name, compiled);
    return compiled;
  }

  /** Forgets what may change, so that the next look reads it: for who has just published. */
  refresh(): void {
    this.#catalogue = undefined;
    this.#settings = undefined;
    this.#shelf = undefined;
    this.#segments = undefined;
    this.#pools = undefined;
    this.#wanted = undefined;
  }

  async #fresh<T>(cached: Cached<T> | undefined, load: () => Promise<T>, lasts = FRESH_FOR): Promise<Cached<T>> {
    const now = this.#clock.now();
    if (cached && cached.until > now) return cached;
    return { value: await load(), until: plusMillis(now, lasts) };
  }
}

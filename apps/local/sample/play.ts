import type { Progress } from '#apps/cli/progress.ts';
import { closingOnError, devote, heldIn } from '#apps/local/data-folder.ts';
import type { Opened, OpenRequest } from '#apps/local/opened.ts';
import type { Arrival } from '#apps/local/play.ts';
import { carryOut } from '#apps/local/run.ts';
import { openRuntime, type Runtime } from '#apps/local/runtime.ts';
import type { Event } from '#shared/event/event.ts';
import { type Instant, plusMillis } from '#shared/time/instant.ts';
import { act, readers } from './readers.ts';
import { type SampleShop, sampleShop } from './shop.ts';

export type SampleRequest = OpenRequest & {
  readonly seed: string;
  readonly contacts: number;
  readonly folder: string;
  /** So many of the month's thirty days; a later play may go on. */
  readonly days: number;
};

/** First day of the month that is played: always the same, so that equal seeds give equal months. */
const START: Instant = '2026-10-01T00:00:00.000Z';
const EVENT_DAYS = 400;
const DAY = 86_400_000;

/** Opens the laptop's runtime and plays the sample shop's past and its month. The runtime is the caller's to close. */
export async function playSample(request: SampleRequest, progress: Progress): Promise<Opened> {
  const { seed, contacts, folder, days } = request;
  progress.show('making up a shop', 0, 1);
  const until = plusMillis(START, days * DAY);
  const shop = first(sampleShop({ seed, contacts, start: START }), until);
  const runtime = openFor(shop, request);
  const known = heldIn(runtime.kept) !== undefined;
  closingOnError(runtime, () => devote(runtime, request.data, { shop: 'sample', seed, contacts, folder }));
  const run = {
    folder,
    name: `sample ${seed} ${contacts}`,
    arrivals: (after: number) => arrivalsOf(shop, after),
    total: shop.history.length + shop.month.length,
    until,
    rows: { read: 0, used: 0, rejected: {} },
    task: 'playing the month',
    again: false,
  };
  return { runtime, folder, known, summary: await carryOut(runtime, run, progress) };
}

/** The shop as far as it is played. */
const first = (shop: SampleShop, until: Instant): SampleShop => ({
  ...shop,
  month: shop.month.filter(({ at }) => at < until),
});

function openFor({ people }: SampleShop, { data, publicUrl, published }: SampleRequest): Runtime {
  const runtime: Runtime = openRuntime({
    dataDir: data,
    start: START,
    eventDays: EVENT_DAYS,
    mailsPerSecond: 14,
    publicUrl,
    engage: readers(new Set(people.flatMap(({ identities }) => identities.email?.toLowerCase() ?? []))),
    told: { published },
    act: (what, mail) => act(what, mail, runtime),
  });
  return runtime;
}

/**
 * The first event of each person, then the second of each, and so on. Two of one person that are worked on at once may be
 * recorded in either order, and the first gives a contact its id: a run that was killed would not equal one that was not.
 */
function inRounds(history: readonly Event[]): Event[] {
  const rounds = new Map<string, number>();
  const placed = history.map((event) => {
    const person = event.id.split(':')[1] ?? '';
    const round = rounds.get(person) ?? 0;
    rounds.set(person, round + 1);
    return { event, round };
  });
  return placed.sort((a, b) => a.round - b.round).map(({ event }) => event);
}

/** The past comes at the beginning, all at once, as an import does; the month as it happens. */
function* arrivalsOf({ history, month }: SampleShop, after: number): Generator<Arrival> {
  let sequence = 0;
  for (const event of inRounds(history)) {
    sequence += 1;
    if (sequence > after) yield { sequence, at: START, detail: event, type: event.type };
  }
  for (const delivery of month) {
    sequence += 1;
    const detail = 'event' in delivery ? delivery.event : delivery.malformed;
    const type = 'type' in detail && typeof detail.type === 'string' ? detail.type : 'unknown';
    if (sequence > after) yield { sequence, at: delivery.at, detail, type };
  }
}

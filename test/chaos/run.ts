import type { Event } from '#shared/event/event.ts';
import { checkAtRest } from './law/at-rest.ts';
import { checkAudit } from './law/audit.ts';
import { Ledger } from './law/ledger.ts';
import type { Violation } from './law/violation.ts';
import type { Deed } from './plan/deed.ts';
import { Meddler } from './plan/meddler.ts';
import type { Plan } from './plan/plan.ts';
import { Reader } from './plan/reader.ts';
import { type Shop, START } from './plan/shop.ts';
import type { Fault } from './world/faults.ts';
import { type Bend, World } from './world/world.ts';

export type RunOptions = {
  /** Faults that are to happen; without them they are drawn by the seed. */
  readonly faults?: readonly Fault[];
  readonly bend?: Bend | undefined;
  /** Told of what happens, line by line. */
  readonly note?: (line: string) => void;
};

export type Run = {
  readonly violations: readonly Violation[];
  readonly faults: readonly Fault[];
  readonly steps: number;
  readonly events: number;
  readonly mails: number;
  readonly passages: number;
};

const DAY = 86_400_000;
/** How long a world is left alone after the last deed, so that everything comes to rest that can. */
const REST = 40 * DAY;
/** How often the audit looks in between, while something happens and afterwards. */
const AUDITED = { acting: 31 * 3_600_000, resting: 8 * DAY } as const;
const MOST_STEPS = 200_000;
const DRAWN = { faults: 8, over: 2000 };
/** What every world has. */
export const LEAST = { faults: 3, contacts: 5, journeys: 2, events: 50 } as const;

/** Plays a plan to its end. The same plan, shop and faults are the same run, step by step. */
export function run(plan: Plan, shop: Shop, { faults, bend, note }: RunOptions = {}): Run {
  const ledger = new Ledger();
  const post = (event: Event): void => {
    world.note?.(`${event.type} ${event.id} of ${event.identities.email}`);
    ledger.posted(event);
    world.post(event);
  };
  const happen = (deed: Deed): void => {
    if ('event' in deed) post(deed.event);
    else if ('forget' in deed) {
      world.note?.(`${deed.forget.identities.email} asks to be forgotten`);
      world.forget(deed.forget);
    } else edit(deed.edit);
  };
  const edit = ({ file, text }: { file: string; text: number }): void => {
    const body = shop.texts[file]?.[text];
    if (body === undefined) return;
    world.note?.(`${file} is uploaded, text ${text}`);
    ledger.uploads.set(file, [...(ledger.uploads.get(file) ?? []), body]);
    world.upload(file, body);
  };
  const reader = plan.quiet ? undefined : new Reader(plan.seed, () => world);
  const meddler = plan.quiet ? undefined : new Meddler(plan.seed, post);
  const world: World = new World({
    ...{ seed: plan.seed, start: START, shop, faults: faults ?? DRAWN, bend },
    watch: {
      ...ledger.watch,
      onCommit: (changed, of) => {
        ledger.watch.onCommit?.(changed, of);
        meddler?.committed(changed, of);
      },
      onTaken: (taken, of) => {
        ledger.watch.onTaken?.(taken, of);
        reader?.got(taken);
      },
      ...(note && { note: (line) => note(`${world.scheduler.now()} ${line}`) }),
    },
  });
  for (const deed of plan.deeds) world.scheduler.at(START + deed.at, () => happen(deed));
  const last = plan.deeds.at(-1)?.at ?? 0;
  for (let at: number = AUDITED.acting; at < last + REST; at += at < last ? AUDITED.acting : AUDITED.resting)
    world.scheduler.at(START + at, () => checkAudit(world, ledger));
  world.scheduler.at(START + (last * 2) / 3, () => world.faults.atLeast(LEAST.faults));
  try {
    world.scheduler.drive(START + last + REST, MOST_STEPS);
    world.faults.end();
    world.stream.hurry();
    world.scheduler.drive(world.scheduler.millis, MOST_STEPS);
    checkAtRest(world, ledger);
  } catch (error) {
    ledger.broken('the world comes to rest', error instanceof Error ? `${error.stack}` : String(error));
  }
  return {
    violations: ledger.violations,
    faults: world.faults.happened,
    steps: world.scheduler.steps,
    events: ledger.events.size,
    mails: world.ses.taken.length,
    passages: ledger.passages,
  };
}

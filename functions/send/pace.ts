import { ConditionFailed, Conflict } from '#shared/errors.ts';
import type { Message } from '#shared/message/message.ts';
import type { Clock } from '#shared/ports.ts';
import { type Flow, type Halt, haltOf, leftOf, rateOf } from '#shared/sending/flow.ts';
import { dateOf, midnightAfter, takenToday, type WarmUp, warmLeft } from '#shared/sending/warm-up.ts';
import { changeFlow, loadFlow, lookAtFlow } from '#shared/store/flow.ts';
import { flowKey } from '#shared/store/keys.ts';
import { shardOf } from '#shared/store/shards.ts';
import type { Table } from '#shared/store/table.ts';
import { type Instant, laterOf, plusMillis, toMillis } from '#shared/time/instant.ts';

/**
 * A batch begins no mail later than so many milliseconds after it began itself. The function may run for twice as long:
 * SES may take ten seconds for the last mail, and a batch that is killed keeps the slots that it has reserved.
 */
export const WORKING = 30_000;

/**
 * While the rate row is further ahead of the clock than this, a lane waits and reserves nothing: marketing stays so close to
 * the clock that an order mail, which takes the next free slot, is never behind more than a second or two of it.
 */
const AHEAD: Readonly<Record<Message['lane'], number>> = { transactional: 10_000, marketing: 1000 };

/** Lambdas that wait for the same moment are spread over so many milliseconds. */
const SPREAD = 64;

export type PaceDeps = {
  readonly table: Table;
  readonly clock: Clock;
  /** Mails a second at most, whatever SES allows the account. */
  readonly rate: number;
  /** The plan by which a new domain becomes known. */
  readonly warmUp?: WarmUp | undefined;
  readonly claimant: string;
};

export type Slots = {
  readonly first: Instant;
  readonly count: number;
  readonly rate: number;
  /** As it stood when they were taken. */
  readonly flow: Flow;
};

/**
 * Reserves consecutive sending slots from the one rate row of a channel, whoever else is sending: the generic cell rate
 * algorithm with no burst. No more than `wanted`, than a second's for marketing, and than begin by `deadline`; `late`
 * when there is none until then, or what the lane stands still for.
 */
export async function reserve(
  lane: Message['lane'],
  wanted: number,
  deadline: Instant,
  { table, clock, rate: most, warmUp, claimant }: PaceDeps,
): Promise<Slots | 'late' | Halt> {
  for (let attempt = 1; ; attempt += 1) {
    const flow = await loadFlow(table);
    const now = clock.now();
    const halt = haltOf(flow, lane, now);
    if (halt) return halt;
    const room = roomOf(flow, lane, warmUp, now);
    if (room <= 0) return restUntilTomorrow(now, table);
    const { next: known } = flow;
    const rate = rateOf(flow, most, now);
    const first = known === undefined ? now : laterOf(known, now);
    const early = millisBetween(now, first) - AHEAD[lane];
    if (first > deadline) return 'late';
    if (early > 0) {
      await clock.sleep(early + shardOf(claimant, SPREAD));
      continue;
    }
    const count = Math.min(wanted, fitting(millisBetween(first, deadline), rate), portion(lane, rate), room);
    // Rounded up: a row that falls behind its own slots would let more through than the account may send.
    const next = plusMillis(first, Math.ceil((count * 1000) / rate));
    try {
      await table.write({
        kind: 'update',
        key: flowKey,
        change: {
          set: [
            [['next'], next],
            [['day'], counted(flow, count, now)],
          ],
          add: [[['reserved'], count]],
        },
        if: known === undefined ? { missing: ['next'] } : { equals: { next: known } },
      });
      return { first, count, rate, flow };
    } catch (error) {
      if (!(error instanceof ConditionFailed || error instanceof Conflict)) throw error;
      await clock.sleep(5 * Math.min(attempt, 20));
    }
  }
}

/** Mails that the day has room for: by the account's quota, and for marketing by the plan of a new domain. */
const roomOf = (flow: Flow, lane: Message['lane'], plan: WarmUp | undefined, now: Instant): number =>
  Math.min(leftOf(flow, lane), lane === 'marketing' ? warmLeft(flow, plan, now) : Number.POSITIVE_INFINITY);

/** Every sender and review see it there, so that nobody asks again before the next day. */
async function restUntilTomorrow(now: Instant, table: Table): Promise<Halt> {
  const until = midnightAfter(now);
  const look = lookAtFlow(until);
  await table.write(changeFlow({ set: [...(look.set ?? []), [['warm'], { until }]] }));
  return 'warm-up';
}

const counted = (flow: Flow, count: number, now: Instant) => ({
  date: dateOf(now),
  mails: takenToday(flow, now) + count,
});

/** Slots that begin within so many milliseconds, the first at once. */
const fitting = (millis: number, rate: number): number => Math.floor((millis * rate) / 1000) + 1;

const portion = (lane: Message['lane'], rate: number): number =>
  lane === 'marketing' ? Math.max(1, Math.floor(rate)) : Number.POSITIVE_INFINITY;

/** The moment of the nth slot, from 0 on. */
export const slotAt = ({ first, rate }: Pick<Slots, 'first' | 'rate'>, n: number): Instant =>
  plusMillis(first, (n * 1000) / rate);

/** Waits until a moment. */
export async function until(clock: Clock, moment: Instant): Promise<void> {
  const wait = millisBetween(clock.now(), moment);
  if (wait > 0) await clock.sleep(wait);
}

const millisBetween = (from: Instant, to: Instant): number => Math.max(0, toMillis(to) - toMillis(from));

import * as z from 'zod';
import type { Message } from '#shared/message/message.ts';
import type { FactDeps } from '#shared/message/record-fact.ts';
import type { Mailer } from '#shared/ports.ts';
import { type Halt, trippedPart } from '#shared/sending/flow.ts';
import { loadFlow } from '#shared/store/flow.ts';
import { type Instant, plusMillis } from '#shared/time/instant.ts';
import type { ComposeDeps } from './compose.ts';
import { deliver } from './deliver.ts';
import { type PaceDeps, reserve, slotAt, until, WORKING } from './pace.ts';
import { prepare, type Ready } from './prepare.ts';
import { park, withoutSlot } from './put-off.ts';

export type SendDeps = FactDeps &
  ComposeDeps &
  PaceDeps & {
    readonly mailer: Mailer;
    /** Names this attempt in the claim. */
    readonly claimant: string;
  };

const hintSchema = z.object({ contact: z.string(), message: z.string() });

type Waiting = { readonly at: number; readonly item: Ready };

/** Transactional first, should a batch ever hold both. */
const LANES: readonly Message['lane'][] = ['transactional', 'marketing'];

/**
 * Works off a batch of hints from the outbox: decides for each whether it may go, takes sending slots for those that may,
 * and makes one attempt each. What gets no slot in time is put off, and review hints again. Positions of the hints that
 * are to come again: those whose rows could not be read or written. The claim keeps one that may have been sent from being
 * sent again.
 */
export async function send(hints: readonly unknown[], deps: SendDeps): Promise<number[]> {
  const deadline = plusMillis(deps.clock.now(), WORKING);
  const flow = await loadFlow(deps.table);
  const failed: number[] = [];
  const ready: Waiting[] = [];
  for (const [at, body] of hints.entries()) {
    await attempt(at, failed, deps, async () => {
      const item = await prepare(hintSchema.parse(body), deps, flow);
      if (item) ready.push({ at, item });
    });
  }
  for (const lane of LANES) {
    const waiting = ready.filter(({ item }) => item.message.lane === lane);
    const { left, halt } = await sendInSlots(lane, waiting, deadline, failed, deps);
    for (const { at, item } of left)
      await attempt(at, failed, deps, () => (halt ? park(item.message, halt, deps) : withoutSlot(item.message, deps)));
  }
  return failed;
}

/** Those for which there is no slot, or no time, before the deadline are left over, and those whose lane stands still. */
async function sendInSlots(
  lane: Message['lane'],
  waiting: readonly Waiting[],
  deadline: Instant,
  failed: number[],
  deps: SendDeps,
): Promise<{ readonly left: readonly Waiting[]; readonly halt: Halt | undefined }> {
  let left = waiting;
  while (left.length > 0) {
    const slots = await reserve(lane, left.length, deadline, deps);
    if (typeof slots === 'string') return { left, halt: slots === 'late' ? undefined : slots };
    for (let n = 0; n < slots.count; n += 1) {
      const [next, ...rest] = left;
      if (!next) break;
      await until(deps.clock, slotAt(slots, n));
      // SES or the table is slow: whoever is killed amid a call does not know whether the mail has gone.
      if (deps.clock.now() > deadline) return { left, halt: undefined };
      const part = trippedPart(slots.flow, next.item.message);
      let isRefused = false;
      await attempt(next.at, failed, deps, async () => {
        if (part) await park(next.item.message, 'breaker', deps, part);
        else isRefused = await sendOne(next.item, deps);
      });
      left = rest;
      // The other slots were taken at a rate that SES does not take now.
      if (isRefused) break;
    }
  }
  return { left, halt: undefined };
}

/** A mail that was asked about seconds ago is asked about again where quiet time has begun since, or its journey was paused. */
async function sendOne(ready: Ready, deps: SendDeps): Promise<boolean> {
  const { contact, id: message } = ready.message;
  const again = () => prepare({ contact, message }, deps);
  const item = (await ready.isOpen(deps.clock.now())) ? ready : await again();
  return item !== undefined && deliver(item, again, deps);
}

async function attempt(at: number, failed: number[], deps: SendDeps, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    failed.push(at);
    deps.log.error('a message could not be worked on; its hint comes again', { position: at }, error);
  }
}

import { type CallDeps, call } from '#functions/call/call.ts';
import { type EnrolDeps, enrol, type Recorded } from '#functions/enrol/enrol.ts';
import { drain } from '#functions/ingest/unread.ts';
import { privacy } from '#functions/privacy/privacy.ts';
import { type PublishDeps, publish } from '#functions/publish/publish.ts';
import type { RespondDeps } from '#functions/respond/respond.ts';
import { recover } from '#functions/review/passage.ts';
import type { ReviewDeps } from '#functions/review/review.ts';
import { type SendDeps, send } from '#functions/send/send.ts';
import { type TellDeps, tell } from '#functions/tell/tell.ts';
import { type TrackDeps, track } from '#functions/track/track.ts';
import { type WalkDeps, walk } from '#functions/walk/walk.ts';
import type { QueueName } from '#functions/wiring.ts';
import { reasonOf, Unprocessable } from '#shared/errors.ts';
import type { Report } from '#shared/publish/print.ts';
import { type Arrival, orTell, unreadArrivals } from '#shared/source/arrival.ts';
import type { Failure, Handler, Message } from './queues.ts';

export type HandlerDeps = EnrolDeps &
  SendDeps &
  CallDeps &
  TrackDeps &
  PublishDeps &
  ReviewDeps &
  RespondDeps &
  WalkDeps &
  TellDeps;

export type Told = {
  /** The storefront sent an event that is known. That a queue delivers one again does not count. */
  readonly duplicate?: () => void;
  readonly published?: (report: Report) => void;
  /** What became of an event; one that a queue has delivered again is told once. */
  readonly enrolled?: (detail: unknown, outcome: Recorded | 'unusable', reason?: string) => void;
  /** What a customer asked by law was done, or is left to a person. */
  readonly asked?: (detail: unknown, outcome: 'answered' | 'parked') => void;
  /** A delivery that nobody can read goes to the dead letters. */
  readonly unread?: (one: Arrival) => void;
};

const failureOf = ({ id }: Message, error: unknown): Failure => ({
  id,
  reason: reasonOf(error),
  hopeless: error instanceof Unprocessable,
});

/** One message after the other; those that fail come again, the others do not. */
const each =
  (work: (body: unknown, receives: number) => Promise<void>): Handler =>
  async (messages) => {
    const failures: Failure[] = [];
    for (const message of messages) {
      try {
        await work(message.body, message.receives);
      } catch (error) {
        failures.push(failureOf(message, error));
      }
    }
    return failures;
  };

const detailOf = (body: unknown): unknown =>
  typeof body === 'object' && body !== null && 'detail' in body ? body.detail : undefined;

/** Each queue's consumer, calling the same use case as the Lambda handler does. */
export function consumers(deps: HandlerDeps, told: Told): Record<QueueName, Handler> {
  const sendBatch: Handler = async (messages: readonly Message[]) => {
    const failed = await send(
      messages.map(({ body }) => body),
      deps,
    );
    return failed.flatMap((position) => {
      const message = messages[position];
      return message ? [{ id: message.id, reason: 'the message could not be worked on' }] : [];
    });
  };
  return {
    enrol: each(async (body, receives) => {
      const detail = detailOf(body);
      const result = await orTell(
        () => enrol(detail, deps),
        (reason) => told.enrolled?.(detail, 'unusable', reason),
      );
      if (result === 'duplicate' && receives > 1) return;
      if (result === 'duplicate') told.duplicate?.();
      told.enrolled?.(detail, result);
    }),
    overflow: async (messages) => {
      const bodies = messages.map(({ body }) => body);
      const failures = await drain(bodies, deps);
      for (const one of unreadArrivals(bodies, failures)) told.unread?.(one);
      return failures.flatMap(({ position, error }) => {
        const message = messages[position];
        return message ? [failureOf(message, error)] : [];
      });
    },
    transactional: sendBatch,
    marketing: sendBatch,
    calls: each((body) => call(body, deps)),
    track: each((body) => track(body, deps)),
    publish: each(async (body) => {
      const after: Report[] = [];
      const report = await publish(body, { ...deps, wentLive: (one) => void after.push(one) });
      for (const one of report ? [report, ...after] : after) told.published?.(one);
    }),
    stranded: each((body) => recover(body, deps)),
    walk: each(async (body) => void (await walk(body, deps))),
    tell: each((body) => tell(body, deps)),
    privacy: each(async (body) => {
      const answered = await privacy(detailOf(body), deps);
      told.asked?.(detailOf(body), answered === 'parked' ? 'parked' : 'answered');
    }),
  };
}

import type { Lying, RedriveRequest, RedriveResult } from '#apps/cli/redrive/request.ts';
import type { DeadLetter } from '#apps/local/queues.ts';
import type { Runtime } from '#apps/local/runtime.ts';
import { deadLetterWirings, QUEUES, type QueueName } from '#functions/wiring.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { Tallied } from './tallied.ts';

/** What lies in every place of a laptop. Its rules and its stream lose nothing. */
export const lyingOnLaptop = (runtime: Runtime): Lying[] =>
  [...deadLetterWirings().keys()].map((what) => {
    const tallied = new Tallied({ what });
    for (const letter of lettersOf(runtime, what)) tallied.take(asideOf(letter));
    return tallied.lying();
  });

const asideOf = ({ reason, died }: DeadLetter) => ({ reason, at: died });
const isQueue = (name: string): name is QueueName => Object.hasOwn(QUEUES, name);
const lettersOf = ({ queues }: Runtime, what: string): DeadLetter[] => (isQueue(what) ? queues.deadLetters(what) : []);

/** Sends dead letters of a laptop's queue through it once more, or takes them away, and waits for what becomes of them. */
export async function redriveLaptop(runtime: Runtime, request: Omit<RedriveRequest, 'target'>): Promise<RedriveResult> {
  const { what, dryRun, discard } = request;
  const tallied = new Tallied(request);
  const ids = new Set(lettersOf(runtime, what).flatMap((one) => (tallied.take(asideOf(one)) ? [one.id] : [])));
  if (dryRun || ids.size === 0 || !isQueue(what)) return tallied.result();
  if (discard)
    tallied.count(
      'discarded',
      runtime.queues.discard(what, ({ id }) => ids.has(id)),
    );
  else await sendAgain(runtime, what, ids, tallied);
  return tallied.result();
}

async function sendAgain(runtime: Runtime, queue: QueueName, ids: ReadonlySet<string>, tallied: Tallied) {
  const { queues, clock } = runtime;
  tallied.count(
    'sent',
    queues.redrive(queue, ({ id }) => ids.has(id)),
  );
  const others = queues.deadLetters(queue).length;
  // As long as the queue may take to give up on them again.
  const { visibility, receives } = QUEUES[queue];
  const patience = plusMillis(clock.now(), (visibility * (receives + 1) + 60) * 1000);
  // What is done at once moves the shop's time by nothing; what is tried again takes its time.
  for (let step = 0; queues.waiting(queue) > 0 && clock.now() < patience; ) {
    await runtime.drive(plusMillis(clock.now(), step));
    step = Math.min(Math.max(1000, step * 4), visibility * 1000);
  }
  tallied.count('diedAgain', queues.deadLetters(queue).length - others);
}

import { LOCAL_BUCKET } from '#apps/local/bucket.ts';
import { type Envelope, LOCAL_ACCOUNT, LOCAL_REGION, type LocalEntry } from '#apps/local/bus.ts';
import { compile } from '#apps/local/patterns.ts';
import { CONFIGURATION_SET } from '#apps/local/ses-events.ts';
import { LOCAL_STATE_MACHINE } from '#apps/local/status-change.ts';
import { type QueueName, ruleWirings } from '#functions/wiring.ts';
import type { Random } from '../random.ts';
import type { Queues } from './queues.ts';
import type { Scheduler } from './scheduler.ts';

type BusName = 'tropa' | 'default';

const RULES = Object.values(
  ruleWirings({
    configurationSet: CONFIGURATION_SET,
    bucket: LOCAL_BUCKET,
    stateMachineArn: LOCAL_STATE_MACHINE.Id,
  }),
).map(({ bus, pattern, queue }) => ({ bus, queue, matches: compile(pattern) }));

/** Both buses of EventBridge: each entry reaches the queues of the rules that match it, once or more. */
export class Buses {
  readonly #queues: Queues;
  readonly #scheduler: Scheduler;
  readonly #random: Random;
  #numbered = 0;

  constructor(queues: Queues, scheduler: Scheduler, random: Random) {
    this.#queues = queues;
    this.#scheduler = scheduler;
    this.#random = random;
  }

  put(bus: BusName, entries: readonly LocalEntry[]): void {
    for (const entry of entries) {
      const envelope = this.#envelope(entry);
      for (const rule of RULES) if (rule.bus === bus && rule.matches(envelope)) this.#deliver(rule.queue, envelope);
    }
  }

  #deliver(queue: QueueName, envelope: Envelope): void {
    this.#queues.send(queue, [envelope]);
    if (this.#random.chance(0.02)) this.#queues.send(queue, [envelope]);
  }

  #envelope({ source, detailType, detail, resources = [] }: LocalEntry): Envelope {
    this.#numbered += 1;
    return {
      ...{ version: '0', id: String(this.#numbered), 'detail-type': detailType, source, account: LOCAL_ACCOUNT },
      ...{ time: `${this.#scheduler.now().slice(0, 19)}Z`, region: LOCAL_REGION, resources, detail },
    };
  }
}

import { describe, expect, it } from 'vitest';
import { openRuntime, type Ports, type Runtime, type Wrap } from '#apps/local/runtime.ts';
import { enrol } from '#functions/enrol/enrol.ts';
import type { Enrolment } from '#shared/enrolment/enrolment.ts';
import { SOURCE } from '#shared/event/put.ts';
import type { Journey } from '#shared/journey/journey.ts';
import type { Message } from '#shared/message/message.ts';
import { readEnrolment } from '#shared/store/enrolments.ts';
import { readMessage } from '#shared/store/messages.ts';
import { type Instant, plusMillis } from '#shared/time/instant.ts';
import { consent, event } from '#test/build/event.ts';
import { journey, send, tag, wait, waitFor } from '#test/build/journey.ts';
import { putPublished } from '#test/build/published.ts';
import { settings } from '#test/build/settings.ts';
import { interrupted } from '#test/faults/interrupted.ts';

const START = '2026-03-02T08:00:00.000Z';
const HOUR = 3_600_000;
const EFFECTS: readonly string[] = ['write', 'transact', 'start', 'succeed', 'fail', 'send'];

type Moment = { readonly at: number; readonly when: 'before' | 'after' };
type Seen = {
  readonly at: Instant;
  readonly passage: Enrolment | undefined;
  readonly messages: Readonly<Record<string, Message['state']>>;
};

/** Puts an action before or after one of all the effects that functions have, once. */
class Between implements Wrap {
  effects = 0;
  readonly #moment: Moment | undefined;
  readonly #action: (ports: Ports) => Promise<void>;
  #own: Ports | undefined;

  constructor(moment: Moment | undefined, action: (ports: Ports) => Promise<void>) {
    this.#moment = moment;
    this.#action = action;
  }

  readonly call: Wrap['call'] = (_, work) => work();
  readonly scheduled: Wrap['scheduled'] = (_, work) => work();

  readonly ports: Wrap['ports'] = (own) => {
    this.#own = own;
    const { transactional, marketing } = own.outbox;
    return {
      table: this.#watched(own.table),
      executions: this.#watched(own.executions),
      mailer: this.#watched(own.mailer),
      outbox: { transactional: this.#watched(transactional), marketing: this.#watched(marketing) },
      bus: own.bus,
    };
  };

  #watched<P extends object>(port: P): P {
    return new Proxy(port, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== 'function') return member;
        if (!EFFECTS.includes(String(name))) return member.bind(target);
        return async (...given: unknown[]) => {
          const at = this.effects;
          this.effects += 1;
          await this.#perhaps({ at, when: 'before' });
          const result: unknown = await member.apply(target, given);
          await this.#perhaps({ at, when: 'after' });
          return result;
        };
      },
    });
  }

  async #perhaps({ at, when }: Moment): Promise<void> {
    if (this.#own && this.#moment?.at === at && this.#moment.when === when) await this.#action(this.#own);
  }
}

const rowsOf = (runtime: Runtime, kind: string) =>
  runtime.db
    .prepare(`SELECT pk, sk, body FROM rows WHERE pk LIKE 'C#%' AND sk LIKE ?`)
    .all(`${kind}%`)
    .map(({ pk, sk, body }) => ({ pk: String(pk), sk: String(sk), ...JSON.parse(String(body)) }));

function look(runtime: Runtime): Seen {
  runtime.transactions.flush();
  const messages = rowsOf(runtime, 'M#').flatMap((row) => readMessage(row) ?? []);
  return {
    at: runtime.clock.now(),
    passage: readEnrolment(rowsOf(runtime, 'J#')[0]),
    messages: Object.fromEntries(messages.map(({ step, state }) => [step, state])),
  };
}

/** Ann's cart, and at the given moment a purchase. What stood in the rows when it was recorded, and what came of it. */
async function tell(definition: Journey, moment?: Moment) {
  let seen: Seen | undefined;
  const between = new Between(moment, async (own) => {
    const purchase = event('purchase', { id: 'buy', at: runtime.clock.now() });
    const table = interrupted(own.table, { methods: ['transact'], nth: 'each' }, () => {
      seen = look(runtime);
    });
    await enrol(purchase, { ...runtime.deps, ...own, table });
  });
  const runtime: Runtime = openRuntime({
    start: START,
    eventDays: 400,
    mailsPerSecond: 100,
    publicUrl: 'https://shop.example',
    engage: () => [],
    wrap: between,
  });
  await putPublished(runtime, settings(), [definition]);
  const cart = event('cart.updated', { id: 'cart', at: START, consents: [consent('offers', START)] });
  await runtime.bus.put([{ source: SOURCE, detailType: cart.type, detail: cart }]);
  await runtime.drive(plusMillis(START, 72 * HOUR));
  const steps = runtime.db.prepare('SELECT step FROM mails ORDER BY n').all();
  const mails = steps.map(({ step }) => String(step));
  const end = { ...look(runtime), mails, tags: rowsOf(runtime, 'PROFILE')[0]?.tags };
  runtime.close();
  return { seen, end, effects: between.effects };
}

/** Every moment of the story that is told without a purchase. */
async function moments(definition: Journey): Promise<Moment[]> {
  const { effects } = await tell(definition);
  return Array.from({ length: effects }, (_, at): Moment[] => [
    { at, when: 'before' },
    { at, when: 'after' },
  ]).flat();
}

const waiting = journey({
  steps: [
    send('first'),
    waitFor('paid', { event: 'purchase' }, { upTo: 'PT6H', then: [tag('bought')], otherwise: [tag('sleepy')] }),
    wait('rest', 'PT1H'),
    tag('end'),
  ],
});
const selling = journey({
  goal: { if: { event: 'purchase' } },
  steps: [send('first'), wait('think', 'PT6H'), send('second'), wait('rest', 'PT6H')],
});

/** A wake that was lost would come with the end of the pause, hours later. */
const isSoonAfter = (then: Instant) => (at: Instant) => at >= then && at < plusMillis(then, 60_000);

describe('a purchase at any moment of a passage', () => {
  it('is acted on exactly once where a step waits for it, and not at all before and after that', async () => {
    const ways = { bought: 0, sleepy: 0 };
    for (const moment of await moments(waiting)) {
      const { seen, end } = await tell(waiting, moment);
      const heard = seen?.passage?.state === 'inside' && seen.passage.cursor?.step === 'paid';
      const said = `${moment.when} effect ${moment.at}`;
      expect(end.passage, said).toMatchObject({ state: 'finished', outcome: 'finished' });
      expect(end.tags, said).toEqual(heard ? ['bought', 'end'] : ['end', 'sleepy']);
      expect(end.mails, said).toEqual(['first']);
      if (heard) expect(end.passage?.ended, said).toSatisfy(isSoonAfter(plusMillis(seen?.at ?? '', HOUR)));
      ways[heard ? 'bought' : 'sleepy'] += 1;
    }
    expect(ways.bought).toBeGreaterThan(10);
    expect(ways.sleepy).toBeGreaterThan(10);
  }, 60_000);

  it('as a goal stops every mail that is not claimed yet, and lets the contact go at once', async () => {
    const ways = { none: 0, first: 0, second: 0 };
    for (const moment of await moments(selling)) {
      const { seen, end } = await tell(selling, moment);
      const said = `${moment.when} effect ${moment.at}`;
      const mayGo = (step: string) => ['claimed', 'done'].includes(seen?.messages[step] ?? '');
      const expected = ['first', 'second'].filter(mayGo);
      expect(end.mails, said).toEqual(expected);
      // The goal counts to the end of its window, for who was inside or has been: not for who has not entered.
      if (seen?.passage) expect(end.passage, said).toMatchObject({ state: 'converted', converted: { event: 'buy' } });
      else expect(end.passage, said).toBeUndefined();
      if (seen?.passage?.state === 'inside') expect(end.passage?.ended, said).toSatisfy(isSoonAfter(seen.at));
      ways[expected.includes('second') ? 'second' : expected.includes('first') ? 'first' : 'none'] += 1;
    }
    expect(Math.min(...Object.values(ways))).toBeGreaterThan(1);
  }, 60_000);
});

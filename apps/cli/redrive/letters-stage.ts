import { createHash } from 'node:crypto';
import { BadInput } from '#apps/cli/bad-input.ts';
import type { Lying, RedriveRequest, RedriveResult, Watch } from '#apps/cli/redrive/request.ts';
import { type Letter, LetterBox, NoLetterBox } from '#apps/cli/target/letter-box.ts';
import { findStage, type Stage } from '#apps/cli/target/stage.ts';
import { deadLetterWirings } from '#functions/wiring.ts';
import { deadLettersOf } from '#shared/dead-letters.ts';
import { fromMillis, type Instant, plusMillis } from '#shared/time/instant.ts';
import { Tallied } from './tallied.ts';

/** Seconds for which a letter is hidden from others; after them it is there again, whatever has happened. */
const HIDDEN = 900;
const HIDDEN_AT_A_GLANCE = 60;
/** Batches that are worked on at the same time. */
const LANES = 4;
/** So many batches in a row that bring nothing new are the end: what was looked at long ago is shown again by and by. */
const VAIN = 20;
/** Of each place the overview looks at so many letters. */
const GLANCE = 1000;
/** How far the clocks of AWS and of this machine may be apart: no request passes beyond it. */
const SKEW = 5 * 60_000;

const NOT_TO_BE_SENT =
  'Letters of the stream cannot be sent again: the counters have gone on, and leave out what comes late. The counts stay too low by them. Take the letters away with --discard --yes.';

/** What lies in every place of a stage. Nothing is changed: letters are hidden for as long as they are looked at. */
export async function lyingOnStage(name: string): Promise<Lying[]> {
  const stage = await findStage(name);
  const all = [...deadLetterWirings().keys()].map(async (what) => {
    const tallied = new Tallied({ what, limit: GLANCE });
    try {
      await work(stage, { what, dryRun: true, discard: false }, tallied);
    } catch (error) {
      if (!(error instanceof NoLetterBox)) throw error;
    }
    return tallied.lying();
  });
  return Promise.all(all);
}

/**
 * Sends dead letters of a stage to their queue once more, or takes them away. Each goes to its queue before it leaves the dead
 * letters: who is cut off in between does it twice, which every consumer bears. The others are there again at the end, or when
 * their time is up.
 */
export async function redriveStage(stage: string, request: Asked, watch: Watch): Promise<RedriveResult> {
  const tallied = new Tallied(request);
  await work(await findStage(stage), request, tallied, watch);
  return tallied.result();
}

type Asked = Omit<RedriveRequest, 'target'>;

/** Without a watch it is a glance. */
async function work({ facts, options }: Stage, request: Asked, tallied: Tallied, watch?: Watch): Promise<void> {
  const { what, dryRun, discard } = request;
  const to = deadLetterWirings().get(what)?.to;
  if (to === undefined && !discard && !dryRun) throw new BadInput(NOT_TO_BE_SENT);
  const box = new LetterBox(`${facts.queues}${deadLettersOf(what)}`, watch ? HIDDEN : HIDDEN_AT_A_GLANCE, options);
  const about = watch && (await box.about());
  const round = new Round(box, { ...request, queue: to && `${facts.queues}${to}` }, tallied);
  const lane = () => round.lane(() => watch?.seen(tallied.looked, about), watch?.signal);
  const done = await Promise.allSettled(Array.from({ length: watch ? LANES : 1 }, lane));
  // What went wrong first is the news; that letters stay hidden for a while, where nothing else did.
  const released = await Promise.allSettled([box.release(round.held())]);
  if (discard) round.countDiscarded();
  for (const one of [...done, ...released]) if (one.status === 'rejected') throw one.reason;
}

/** One way through the dead letters of one place. */
class Round {
  readonly #box: LetterBox;
  readonly #asked: Asked & { readonly queue: string | undefined };
  readonly #tallied: Tallied;
  readonly #began: Instant = fromMillis(Date.now());
  /** Letters that were received, by id: hidden with this handle, or sent on and gone. */
  readonly #held = new Map<string, string>();
  readonly #done = new Set<string>();
  readonly #gone = new Set<string>();
  readonly #bodies = new Set<string>();
  #isBroken = false;

  constructor(box: LetterBox, asked: Asked & { readonly queue: string | undefined }, tallied: Tallied) {
    this.#box = box;
    this.#asked = asked;
    this.#tallied = tallied;
  }

  /** Takes batch after batch until there is nothing new. */
  async lane(seen: () => void, signal: AbortSignal | undefined): Promise<void> {
    for (let vain = 0; vain < VAIN && !this.#isBroken && !this.#tallied.isOver; ) {
      if (signal?.aborted) return this.#tallied.stop('interrupted');
      try {
        const letters = await this.#box.receive();
        if (letters.length === 0) return;
        vain = (await this.#workOff(letters)) ? 0 : vain + 1;
      } catch (error) {
        this.#isBroken = true;
        throw error;
      }
      seen();
    }
  }

  held(): string[] {
    return [...this.#held.values()];
  }

  /** At the end: what SQS was slow to forget may have been taken away when it came again. */
  countDiscarded(): void {
    this.#tallied.count('discarded', this.#gone.size);
    this.#tallied.count('refused', this.#done.size - this.#gone.size);
  }

  /** Whether there was anything new among them. */
  async #workOff(letters: readonly Letter[]): Promise<boolean> {
    const known = letters.filter(({ id }) => this.#held.has(id) || this.#done.has(id));
    const fresh = letters.filter(({ id }) => !this.#held.has(id) && !this.#done.has(id));
    for (const { id, handle } of letters) if (!this.#done.has(id)) this.#held.set(id, handle);
    const meant = fresh.filter((letter) => this.#take(letter));
    // SQS has brought again what it was to forget.
    await this.#remove(known.filter(({ id }) => this.#done.has(id)));
    if (!this.#asked.dryRun && meant.length > 0) await this.#move(meant);
    return fresh.length > 0;
  }

  #take(letter: Letter): boolean {
    if (!this.#hasDiedAgain(letter)) return this.#tallied.take({ reason: letter.reason, at: letter.sent });
    this.#tallied.count('diedAgain');
    return false;
  }

  /** What came here since the round began; by a clock that is behind this one, too, where it was sent in this round. */
  #hasDiedAgain({ sent, body }: Letter): boolean {
    return sent >= this.#began || (sent >= plusMillis(this.#began, -SKEW) && this.#bodies.has(digestOf(body)));
  }

  async #move(letters: readonly Letter[]): Promise<void> {
    const { queue, discard } = this.#asked;
    for (const { body } of letters) this.#bodies.add(digestOf(body));
    const taken = discard || queue === undefined ? letters : await this.#box.send(queue, letters);
    // Not to be sent once more in this round, whether or not they can be taken away.
    for (const { id } of taken) this.#done.add(id);
    this.#tallied.count('refused', letters.length - taken.length);
    if (!discard) this.#tallied.count('sent', taken.length);
    await this.#remove(taken);
  }

  async #remove(letters: readonly Letter[]): Promise<void> {
    for (const id of await this.#box.remove(letters)) {
      this.#held.delete(id);
      this.#gone.add(id);
    }
  }
}

const digestOf = (body: string): string => createHash('sha256').update(body).digest('base64');

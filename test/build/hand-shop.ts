import { advance } from '#functions/advance/advance.ts';
import { type CallDeps, call } from '#functions/call/call.ts';
import { type EnrolDeps, enrol } from '#functions/enrol/enrol.ts';
import { pause } from '#functions/pause/pause.ts';
import type { RespondDeps } from '#functions/respond/respond.ts';
import { type ReviewDeps, review } from '#functions/review/review.ts';
import { type SendDeps, send } from '#functions/send/send.ts';
import { type TrackDeps, track } from '#functions/track/track.ts';
import { type WalkDeps, walk } from '#functions/walk/walk.ts';
import type { FunctionName } from '#functions/wiring.ts';
import type { Profile } from '#shared/contact/profile.ts';
import { type Enrolment, legInputSchema, type TurnOutput, turnOutputSchema } from '#shared/enrolment/enrolment.ts';
import type { Journey } from '#shared/journey/journey.ts';
import type { Message } from '#shared/message/message.ts';
import type { Metrics } from '#shared/ports.ts';
import type { Settings } from '#shared/settings/settings.ts';
import { readEnrolment } from '#shared/store/enrolments.ts';
import { identityKey } from '#shared/store/keys.ts';
import { readMessage } from '#shared/store/messages.ts';
import { emailHash, loadProfile } from '#shared/store/profiles.ts';
import { Published } from '#shared/store/published.ts';
import type { Table } from '#shared/store/table.ts';
import { TemplateLibrary } from '#shared/template/library.ts';
import { permitted } from './permitted.ts';
import {
  CollectingBus,
  CollectingQueue,
  CountingMetrics,
  ENDPOINT_SECRET,
  HandExecutions,
  MemoryBucket,
  quiet,
  RecordingMailer,
  RecordingWeb,
} from './ports.ts';
import { CONTENT, putPublished } from './published.ts';
import { settings } from './settings.ts';
import { memoryTable } from './table.ts';

type Deps = EnrolDeps & SendDeps & CallDeps & TrackDeps & ReviewDeps & RespondDeps & WalkDeps;

/**
 * A shop whose functions run when the test calls them and in no other order: nothing is started, woken or sent by
 * itself. The table is real; the other ports are kept in memory.
 */
export class HandShop {
  readonly clock;
  readonly table;
  readonly scan;
  readonly executions = new HandExecutions();
  readonly mailer = new RecordingMailer();
  readonly bus = new CollectingBus();
  readonly bucket = new MemoryBucket();
  readonly outbox = { transactional: new CollectingQueue(), marketing: new CollectingQueue() };
  readonly overflow = new CollectingQueue();
  readonly walking = new CollectingQueue();
  readonly calls = new CollectingQueue();
  readonly tell = new CollectingQueue();
  readonly web = new RecordingWeb();
  readonly metrics = new CountingMetrics();
  readonly deps: Deps;
  /** What each function counts with: all with the same, unless a test asks who counted. */
  counting: (name: FunctionName) => Metrics = () => this.metrics;

  constructor() {
    const { table, clock, scan } = memoryTable();
    this.clock = { now: clock.now, sleep: (ms: number) => clock.sleep(ms), pass: (ms: number) => clock.pass(ms) };
    this.table = table;
    this.scan = scan;
    this.deps = {
      table,
      clock: this.clock,
      published: new Published(table, this.clock),
      executions: this.executions,
      mailer: this.mailer,
      bus: this.bus,
      overflow: this.overflow,
      outbox: this.outbox,
      walk: this.walking,
      calls: this.calls,
      tell: this.tell,
      web: this.web,
      secretPrefix: 'endpoint-',
      metrics: this.metrics,
      log: quiet,
      secrets: { get: async (name) => [name === 'link' ? 'secret' : ENDPOINT_SECRET] },
      linkSecretId: 'link',
      publicUrl: 'https://shop.example',
      sender: 'Shop <hello@shop.example>',
      templates: new TemplateLibrary(this.bucket),
      retention: { eventDays: 400, receiptDays: 35 },
      rate: 100,
      claimant: 'test',
    };
  }

  /** A shop where these journeys are live. */
  static async open(journeys: readonly Journey[], given: Settings = settings(), content = CONTENT): Promise<HandShop> {
    const shop = new HandShop();
    await putPublished(shop, given, journeys, content);
    return shop;
  }

  /** What one of the functions is given: of the table no more than it has a right to. */
  given = (name: FunctionName): Deps => ({
    ...this.deps,
    table: permitted(this.deps.table, name),
    metrics: this.counting(name),
  });

  enrol = (event: unknown, deps: Partial<EnrolDeps> = {}) => enrol(event, { ...this.given('enrol'), ...deps });
  track = (detail: object) => track({ detail }, this.given('track'));
  review = (deps: Partial<ReviewDeps> = {}) => review({ ...this.given('review'), ...deps });
  /** Walks all stretches that lie in the queue, and those that follow from them. */
  async walk(): Promise<void> {
    for (let bodies = this.walking.take(); bodies.length > 0; bodies = this.walking.take())
      for (const body of bodies) await walk(body, this.given('walk'));
  }
  /** Works off what lies in the outbox. */
  send = (deps: Partial<SendDeps> = {}) =>
    send([...this.outbox.transactional.take(), ...this.outbox.marketing.take()], { ...this.given('send'), ...deps });

  /** Makes the calls that somebody has hinted at. */
  async call(deps: Partial<CallDeps> = {}): Promise<void> {
    for (const hint of this.calls.take()) await call(hint, { ...this.given('call'), ...deps });
  }

  /** All executions that were started, each at its beginning. */
  legs = (): HandLeg[] => this.executions.started.map(({ name, input }) => new HandLeg(this, name, input));

  /** The execution that was started last. */
  leg = (): HandLeg => {
    const leg = this.legs().at(-1);
    if (!leg) throw new Error('no execution was started');
    return leg;
  };

  async contact(email = 'ann@shop.example'): Promise<Profile> {
    const row = await this.table.get(identityKey('email', emailHash(email)));
    const profile = row && (await loadProfile(this.table, String(row['contact'])));
    if (!profile) throw new Error(`${email} is nobody's`);
    return profile;
  }

  async passages(email?: string): Promise<Enrolment[]> {
    return (await this.#rows('J#', email)).flatMap((row) => readEnrolment(row) ?? []);
  }

  async passage(email?: string): Promise<Enrolment> {
    const [passage] = await this.passages(email);
    if (!passage) throw new Error('there is no passage');
    return passage;
  }

  /** What the passages of all contacts have said. */
  async messages(): Promise<Message[]> {
    const contacts = new Set(this.executions.started.map(({ input }) => legInputSchema.parse(input).contact));
    const rows = [...contacts].map((contact) => this.table.query({ pk: `C#${contact}`, prefix: 'M#' }));
    return (await Promise.all(rows)).flat().flatMap((row) => readMessage(row) ?? []);
  }

  async message(step: string): Promise<Message> {
    const found = (await this.messages()).find((message) => message.step === step);
    if (!found) throw new Error(`step ${step} said nothing`);
    return found;
  }

  async events(email?: string) {
    return this.#rows('E#', email);
  }

  async #rows(prefix: string, email?: string) {
    return this.table.query({ pk: `C#${(await this.contact(email)).contact}`, prefix });
  }
}

/** One execution, moved on by hand. */
export class HandLeg {
  readonly name: string;
  readonly #shop: HandShop;
  #state: object;
  #attempt = 0;
  token = '';

  constructor(shop: HandShop, name: string, input: object) {
    this.#shop = shop;
    this.name = name;
    this.#state = input;
  }

  async advance({ timedOut = false, ...deps }: { timedOut?: boolean; table?: Table } = {}): Promise<TurnOutput> {
    const input = timedOut ? { ...this.#state, timedOut } : this.#state;
    const output = await advance(input, { ...this.#shop.given('advance'), ...deps });
    this.#state = turnOutputSchema.parse(output);
    this.#attempt = 0;
    return output;
  }

  /** A new attempt of the pause; the token of an earlier one counts no more. */
  async pause(deps: { table?: Table } = {}): ReturnType<typeof pause> {
    this.#shop.executions.endToken(this.token);
    this.token = this.#shop.executions.newToken();
    const attempt = this.#attempt;
    this.#attempt += 1;
    return pause({ ...this.#state, token: this.token, attempt }, { ...this.#shop.given('pause'), ...deps });
  }

  /** Whether the pause still lasts. */
  get isPaused(): boolean {
    return this.#shop.executions.isWaiting(this.token);
  }

  /** The time-out of the pause; false when it had been answered. */
  timeOut(): boolean {
    return this.#shop.executions.endToken(this.token);
  }

  /** Turns and pauses until a pause lasts or nothing is left, as the state machine would. */
  async run(): Promise<'parked' | 'finished'> {
    for (;;) {
      await this.advance();
      const paused = await this.pause();
      if (paused === 'parked' || paused === 'finished') return paused;
    }
  }

  /** Lets the pause time out, at its moment or after it, and goes on. */
  async runOut(): Promise<'parked' | 'finished'> {
    const { cursor } = await this.#shop.passage();
    const left = Date.parse(cursor?.wakeAt ?? '') - Date.parse(this.#shop.clock.now());
    if (left > 0) this.#shop.clock.pass(left);
    if (!this.timeOut()) throw new Error('the pause had been answered');
    await this.advance({ timedOut: true });
    const paused = await this.pause();
    return paused === 'parked' || paused === 'finished' ? paused : this.run();
  }
}

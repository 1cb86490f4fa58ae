import { createdEntry } from '#apps/local/bucket.ts';
import type { HandlerDeps } from '#apps/local/handlers.ts';
import { type IngestDeps, ingest } from '#functions/ingest/ingest.ts';
import { respond } from '#functions/respond/respond.ts';
import type { FunctionName } from '#functions/wiring.ts';
import type { Event } from '#shared/event/event.ts';
import { keepEvents } from '#shared/event/keep.ts';
import { isOwnType } from '#shared/event/own.ts';
import { type PrivacyRequest, privacyRequested } from '#shared/event/privacy.ts';
import type { HttpRequest } from '#shared/http.ts';
import { type LinkPayload, linkPath } from '#shared/link/token.ts';
import { RECEIPT_DAYS } from '#shared/store/events.ts';
import { TemplateLibrary } from '#shared/template/library.ts';
import type { Instant } from '#shared/time/instant.ts';
import { standardWebhooks } from '#shared/webhook/standard-webhooks.ts';
import { CountingMetrics, ENDPOINT_SECRET, MemoryBucket, quiet } from '#test/build/ports.ts';
import { compiler } from '#test/build/publishing.ts';
import type { Shop } from '../plan/shop.ts';
import { Random } from '../random.ts';
import { tellCommit } from '../tell.ts';
import type { Actor } from './actor.ts';
import { Buses } from './buses.ts';
import { Endpoint } from './endpoint.ts';
import { type Fault, Faults } from './faults.ts';
import { type Invoke, lambda } from './lambda.ts';
import { StepFunctions } from './machine.ts';
import { type Changed, MemoryTable } from './memory-table.ts';
import { Past } from './past.ts';
import { portsOf, type Services } from './ports.ts';
import { Queues } from './queues.ts';
import { Rhythm } from './rhythm.ts';
import { Scheduler } from './scheduler.ts';
import { Ses, type Taken } from './ses.ts';
import { SharedPublished } from './shared-published.ts';
import { Stream } from './stream.ts';

/** What else a world does while it goes on: for laws that are held all along, and for planted bugs. */
export type Watch = {
  readonly onCommit?: (changed: readonly Changed[], world: World) => void;
  readonly onTaken?: (taken: Taken, world: World) => void;
  /** A page has answered that it is so. `by`: the button. */
  readonly onAnswered?: (link: LinkPayload, by: string, world: World) => void;
  readonly note?: (line: string) => void;
};
/** What all functions work with, and ingest beside them. */
export type WorldDeps = HandlerDeps & IngestDeps;
export type Bend = (deps: WorldDeps, actor: Actor) => WorldDeps;

export type WorldOptions = {
  readonly seed: number;
  readonly start: number;
  readonly shop: Shop;
  readonly faults: { readonly faults: number; readonly over: number } | readonly Fault[];
  readonly watch?: Watch;
  readonly bend?: Bend | undefined;
};

/** Streams of chance: each is drawn from by one part of the world. */
const STREAM = { schedule: 1, faults: 2, environment: 3 } as const;
const CONTAINERS = 2;
/** A storefront that hears nothing posts again. */
const POSTS_AGAIN = [2000, 60_000, 600_000] as const;

const [LINK, LINK_SECRET, WEBHOOKS] = ['link', 'secret', 'webhooks'];

/** As a storefront signs it. */
function posted({ source: _, ...event }: Event, now: Instant): HttpRequest {
  const body = JSON.stringify(event);
  return {
    headers: standardWebhooks.sign({ id: `msg_${event.id}`, now, body }, ENDPOINT_SECRET),
    pathParameters: { source: 'generic' },
    requestContext: { http: { method: 'POST' } },
    ...{ body, isBase64Encoded: false },
  };
}

/** The whole system in memory: the real use cases and the real machine file among services that keep no more than AWS promises. */
export class World {
  readonly scheduler: Scheduler;
  readonly faults: Faults;
  readonly table: MemoryTable;
  readonly queues: Queues;
  readonly buses: Buses;
  readonly machine: StepFunctions;
  readonly ses: Ses;
  readonly endpoint: Endpoint;
  readonly stream: Stream;
  readonly rhythm: Rhythm;
  readonly shop: Shop;
  readonly metrics = new CountingMetrics();
  readonly invoke: Invoke;
  readonly bucket: MemoryBucket;
  readonly note: ((line: string) => void) | undefined;
  readonly #random: Random;
  readonly #watch: Watch;

  constructor({ seed, start, shop, faults, watch = {}, bend }: WorldOptions) {
    const random = new Random(seed, STREAM.environment);
    const scheduler = new Scheduler(start, new Random(seed, STREAM.schedule), (millis) => {
      random.moment(millis);
      this.faults.moment(millis);
    });
    this.shop = shop;
    this.note = watch.note;
    this.#watch = watch;
    this.#random = random;
    this.scheduler = scheduler;
    this.faults = new Faults('over' in faults ? { ...faults, random: new Random(seed, STREAM.faults) } : faults);
    const acting = { by: '' };
    let past: Past | undefined;
    this.table = new MemoryTable({
      now: () => scheduler.millis,
      onCommit: (changed) => {
        past?.written(changed);
        watch.onCommit?.(changed, this);
        if (watch.note) {
          const line = tellCommit(changed);
          if (line) watch.note(`  ${acting.by}: ${line}`);
        }
        this.rhythm.written(changed);
        this.stream.written(changed);
      },
    });
    past = new Past(this.table, scheduler);
    this.table.seed(shop.rows);
    this.bucket = new MemoryBucket();
    for (const [key, bodies] of shop.files) this.bucket.versions.set(key, [...bodies]);
    const clock = { now: () => scheduler.now(), sleep: async () => {} };
    const containers = Array.from({ length: CONTAINERS }, () => new SharedPublished(this.table, clock));
    const base = this.#base();
    const depsOf = (actor: Actor): WorldDeps => {
      const published = random.pick(containers);
      const deps: WorldDeps = Object.assign({ ...base, published }, portsOf(actor, services));
      return bend ? bend(deps, actor) : deps;
    };
    const told: Parameters<typeof lambda>[0]['told'] = (fault, by, call) =>
      watch.note?.(`! ${fault} befalls ${call} of ${by}`);
    this.invoke = lambda({ scheduler, faults: this.faults, acting, told }, random, depsOf);
    const { invoke, table } = this;
    this.queues = new Queues({ scheduler, random, invoke });
    this.buses = new Buses(this.queues, scheduler, random);
    const { buses } = this;
    this.machine = new StepFunctions({
      scheduler,
      random,
      invoke,
      note: watch.note,
      onFailed: (entry) => buses.put('default', [entry]),
    });
    this.ses = new Ses({
      scheduler,
      random,
      put: (entry) => buses.put('default', [entry]),
      onTaken: (taken) => {
        watch.onTaken?.(taken, this);
        watch.note?.(
          `  ${acting.by}: SES takes mail ${taken.mail.tags['step']} ${taken.mail.tags['message']?.slice(0, 6)} to ${taken.mail.to}`,
        );
      },
    });
    this.endpoint = new Endpoint(scheduler, random);
    this.stream = new Stream(scheduler, random, invoke);
    this.rhythm = new Rhythm({ scheduler, random, table, invoke });
    const services: Services = {
      table,
      past,
      queues: this.queues,
      buses,
      machine: this.machine,
      ses: this.ses,
      endpoint: this.endpoint,
    };
    this.rhythm.look();
  }

  /** A storefront posts an event, signed, again and again until somebody has said yes. What only Tropa says it puts on the bus. */
  post(event: Event): void {
    if (isOwnType(event.type)) this.#insist('ingest', async (deps) => void (await keepEvents([event], deps)));
    else
      this.#insist('ingest', async (deps) => {
        const { statusCode } = await ingest(posted(event, this.scheduler.now()), deps);
        if (statusCode !== 202) throw new Error(`a storefront was answered ${statusCode}`);
      });
  }

  /** A storefront passes on that a customer asks to be forgotten. */
  forget({ id, identities }: Pick<PrivacyRequest, 'id' | 'identities'>): void {
    const at = this.scheduler.now();
    const request = { id, kind: 'erase', at, identities, requestId: id, shop: 'shop' } as const;
    this.#insist('ingest', async (deps) => void (await keepEvents([privacyRequested(request, 'shopify')], deps)));
  }

  /** Somebody follows a link of a mail and presses a button. Who is told that it failed mostly goes away. */
  press(link: LinkPayload, fields: readonly (readonly [string, string])[]): void {
    const body = new URLSearchParams(fields.map(([name, value]): [string, string] => [name, value])).toString();
    const token = linkPath(link, LINK_SECRET).slice('/u/'.length);
    const request = { headers: {}, pathParameters: { token }, requestContext: { http: { method: 'POST' } } };
    this.invoke(
      'respond',
      (deps) => respond({ ...request, isBase64Encoded: false, body }, deps),
      (ended) => {
        const status = 'result' in ended ? ended.result.statusCode : 'with an error';
        this.note?.(`  ${link.act} is answered ${status}`);
        if (status === 200) this.#watch.onAnswered?.(link, String(fields[0]?.[1]), this);
      },
    );
  }

  #insist(name: FunctionName, work: (deps: WorldDeps) => Promise<void>, attempt = 0): void {
    this.invoke(name, work, (ended) => {
      if ('result' in ended) return;
      const wait = POSTS_AGAIN[Math.min(attempt, POSTS_AGAIN.length - 1)] ?? 0;
      this.scheduler.after(wait, () => this.#insist(name, work, attempt + 1));
    });
  }

  /** Somebody uploads a file. */
  upload(key: string, body: string): void {
    const version = Number(this.bucket.store(key, body));
    this.buses.put('default', [createdEntry(key, version)]);
  }

  #base(): Omit<WorldDeps, keyof ReturnType<typeof portsOf> | 'published'> {
    return {
      log: quiet,
      metrics: this.metrics,
      bucket: this.bucket,
      secrets: { get: async (id) => [id === LINK ? LINK_SECRET : ENDPOINT_SECRET] },
      secretId: WEBHOOKS,
      sourceSecrets: 'source-',
      compiler,
      secretPrefix: 'endpoint-',
      retention: { eventDays: 400, receiptDays: RECEIPT_DAYS },
      templates: new TemplateLibrary(this.bucket),
      linkSecretId: LINK,
      publicUrl: 'https://shop.example',
      sender: 'Shop <hello@shop.example>',
      dry: true,
      rate: 100,
    };
  }

  /** Chance of the world around, for deeds that are not planned. */
  get random(): Random {
    return this.#random;
  }
}

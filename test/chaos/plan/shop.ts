import { createdEntry } from '#apps/local/bucket.ts';
import { type PublishDeps, publish } from '#functions/publish/publish.ts';
import type { Stored } from '#shared/adapters/sqlite/apply.ts';
import { type Journey, journeySchema } from '#shared/journey/journey.ts';
import type { Settings } from '#shared/settings/settings.ts';
import { Published } from '#shared/store/published.ts';
import { CollectingBus, CollectingQueue, CountingMetrics, MemoryBucket, quiet } from '#test/build/ports.ts';
import { compiler, shopFile } from '#test/build/publishing.ts';
import { StillClock } from '#test/build/table.ts';
import { Choices, SEGMENTS, SHOP, writtenBy } from '#test/build/valid-journey.ts';
import { Random } from '../random.ts';
import { MemoryTable } from '../world/memory-table.ts';

/** A shop whose files are live: what lies in its table and in its bucket, and further versions of its journeys. */
export type Shop = {
  readonly number: number;
  readonly settings: Settings;
  readonly rows: readonly Stored[];
  readonly files: ReadonlyMap<string, string[]>;
  /** By file: what is live, then edits of it. */
  readonly texts: Readonly<Record<string, readonly string[]>>;
  /** What is live, by id. */
  readonly definitions: Readonly<Record<string, Journey>>;
};

/** When the shops were opened: the day before their stories begin. */
const OPENED = '2026-03-01T09:00:00.000Z';
export const START = Date.parse('2026-03-02T09:00:00.000Z');

const CODES = 6;
const IDS = ['j', 'k'] as const;
const TRIES = 40;

/** Each third shop asks who says yes to offers to confirm it; each third sends little, and each third not at night. */
const settingsOf = (number: number, limits: Limits = LIMITS[number % LIMITS.length] ?? {}): Settings =>
  shopFile({
    ...SHOP,
    ...limits,
    endpoints: { crm: { https: 'https://crm.shop.example/tropa', secret: 'crm' } },
    topics: { ...SHOP.topics, offers: { kind: 'marketing', optIn: number % 3 === 0 ? 'double' : 'single' } },
  });

/** The texts of a journey: the first, and its edits; then those in which its status is another. */
export const TEXTS = { live: 4, paused: 4, closing: 5, archived: 6 } as const;
export const [SETTINGS, SEGMENT, MAIL] = ['settings.json', 'segments/vip.json', 'templates/hello/email.mjml'] as const;
/** Texts of files of other kinds that are edited: so many that go live, and those that publish refuses. */
export const OTHERS = {
  [SETTINGS]: { good: 3, all: 5 },
  [SEGMENT]: { good: 2, all: 2 },
  [MAIL]: { good: 2, all: 3 },
} as const;

type Limits = Pick<Parameters<typeof shopFile>[0] & object, 'caps' | 'quiet'>;
/** What bounds the mails of a contact, by shop and by edit. */
const LIMITS: readonly Limits[] = [
  {},
  {
    caps: [
      { count: 2, per: 'P1D' },
      { count: 3, per: 'P3D', topic: 'offers' },
    ],
  },
  { quiet: [{ from: '21:00', to: '08:00' }], caps: [{ count: 1, per: 'PT6H' }] },
];

export const journeyFile = (id: string): string => `journeys/${id}.json`;

/** An often heard trigger and a door that is open: what a random journey alone hardly ever has. */
const EAGER = [
  { type: 'event', event: 'cart.updated' },
  { type: 'event', event: ['cart.updated', 'purchase'] },
  { type: 'event', event: 'cart.updated', quietFor: 'PT1H' },
  { type: 'event', event: 'registration' },
] as const;

/** A walk through the directory takes many calls: one shop in so many has journeys that begin one. */
const WALKS_IN = 240;
const WALKING = ['date', 'schedule', 'segment'];

function written(id: string, random: Random, walks: boolean): string {
  const choices = Array.from({ length: 160 }, () => random.below(9999));
  const journey: Record<string, unknown> = { ...writtenBy(new Choices(choices.slice(0, 30 + random.below(130)))), id };
  const { type } = journey['trigger'] as { type: string };
  const isWalking = WALKING.includes(type);
  if (isWalking ? !walks : random.chance(0.7)) {
    journey['trigger'] = random.pick(EAGER);
    journey['entry'] = random.chance(0.5) ? { again: { after: random.pick(['PT1H', 'P1D']) } } : {};
    delete journey['exits'];
  }
  if (random.chance(0.4)) journey['goal'] = { if: { event: 'purchase' } };
  if (random.chance(0.5)) journey['topic'] = random.pick(['news', 'offers', 'orders']);
  if (random.chance(0.3)) {
    const steps = journey['steps'] as object[];
    steps.splice(random.below(steps.length + 1), 0, telling(random));
  }
  return JSON.stringify(journey);
}

const telling = (random: Random): object => ({
  ...{ type: 'call', id: 'crm', endpoint: 'crm', body: { points: { trait: 'points' } } },
  ...(random.chance(0.5) && { answer: true, otherwise: [{ type: 'send', id: 'sorry', template: 'hello' }] }),
});

const TEMPLATE = `---
{ "subject": "Hello", "preheader": "For you" }
---
Hi {{ message.unsubscribe_url }} {{ shop.address }}`;

const NEXT = JSON.stringify({
  ...{ id: 'next', name: 'Next', status: 'live', topic: 'news', trigger: { type: 'manual' }, entry: { again: {} } },
  steps: [
    { type: 'wait', id: 'w', for: 'P3D' },
    { type: 'send', id: 'hi', template: 'hello' },
  ],
});

const CONFIRM = JSON.stringify({
  ...{ id: 'confirm', name: 'Confirm', status: 'live', topic: 'orders' },
  ...{ trigger: { type: 'event', event: 'consent.pending' }, entry: { again: { after: 'PT10M' } } },
  steps: [{ type: 'send', id: 'ask', template: 'hello' }],
});

/** What somebody might make of it: waits become shorter, it goes on a while longer, and those inside move, leave or stay. */
function editsOf(text: string): string[] {
  const journey = JSON.parse(text);
  const sooner = JSON.parse(text.replaceAll('"for":"P1D"', '"for":"PT20H"').replaceAll('"upTo":"P2D"', '"upTo":"P1D"'));
  const longer = [...sooner.steps, { type: 'wait', id: 'tail', for: 'PT3H' }];
  return [
    { ...sooner, steps: longer, publish: { inside: 'move' } },
    { ...sooner, name: 'Edited', publish: { inside: 'leave' } },
    { ...journey, steps: longer, publish: { inside: 'finish' } },
    ...['paused', 'closing', 'archived'].map((status) => ({ ...journey, status })),
  ].map((edit) => JSON.stringify(edit));
}

/** Settings that bound what a contact gets, and two that publish refuses; another segment; other words of a mail. */
function othersOf(number: number): Record<keyof typeof OTHERS, string[]> {
  const settings = LIMITS.map((limits) => JSON.stringify(settingsOf(number, limits)));
  const { shop: _, ...nameless } = settingsOf(number);
  const vip = [SEGMENTS.vip, { event: 'purchase', gte: 2 }];
  return {
    [SETTINGS]: [...settings, JSON.stringify(nameless), '{ "shop": '],
    [SEGMENT]: vip.map((definition) => JSON.stringify({ id: 'vip', name: 'vip', if: definition })),
    [MAIL]: [TEMPLATE, TEMPLATE.replace('Hello', 'Hi'), TEMPLATE.replace('"subject"', 'subject')],
  };
}

class Opening {
  readonly table = new MemoryTable({ now: () => Date.parse(OPENED) });
  readonly bucket = new MemoryBucket();
  readonly #again = new CollectingQueue();
  readonly #deps: PublishDeps;

  constructor() {
    const clock = new StillClock(OPENED);
    this.#deps = {
      ...{ table: this.table, clock, bucket: this.bucket, compiler, bus: new CollectingBus() },
      published: new Published(this.table, clock),
      ...{ log: quiet, metrics: new CountingMetrics(), again: this.#again, tell: new CollectingQueue() },
    };
  }

  /** Whether it went live. */
  async put(key: string, body: string): Promise<boolean> {
    const version = Number(this.bucket.store(key, body));
    const report = await publish(createdEntry(key, version), this.#deps);
    while (this.#again.bodies.length > 0) for (const one of this.#again.take()) await publish(one, this.#deps);
    return report !== undefined && report.published !== undefined;
  }
}

/** A shop by its number; equal numbers are equal shops. */
export async function openShop(number: number): Promise<Shop> {
  const random = new Random(number, 100);
  const opening = new Opening();
  const settings = settingsOf(number);
  const others = othersOf(number);
  await opening.put(SETTINGS, JSON.stringify(settings));
  for (const [id, segment] of Object.entries(SEGMENTS))
    await opening.put(`segments/${id}.json`, JSON.stringify({ id, name: id, if: segment }));
  await opening.put('pools/cart-10.csv', Array.from({ length: CODES }, (_, i) => `CODE-${i}`).join('\n'));
  await opening.put(MAIL, TEMPLATE);
  await opening.put('journeys/next.json', NEXT);
  await opening.put('journeys/confirm.json', CONFIRM);
  const texts: Record<string, string[]> = {};
  for (const id of IDS) {
    const file = journeyFile(id);
    for (let n = 0; n < TRIES && (texts[file]?.length ?? 0) < 1; n += 1) {
      const text = written(id, random, number % WALKS_IN === WALKS_IN - 1);
      if (await opening.put(file, text)) texts[file] = [text];
    }
  }
  const live = [
    ['next', NEXT],
    ['confirm', CONFIRM],
    ...IDS.flatMap((id) => (texts[journeyFile(id)] ?? []).map((text) => [id, text])),
  ];
  const definitions = Object.fromEntries(live.map(([id, text = '']) => [id, journeySchema.parse(JSON.parse(text))]));
  const rows = [...opening.table.all()];
  const files = new Map(opening.bucket.versions);
  for (const [file, all] of Object.entries(texts))
    for (const edit of editsOf(all[0] ?? '')) if (await opening.put(file, edit)) all.push(edit);
  return { number, settings, texts: { ...others, ...texts }, definitions, rows, files };
}

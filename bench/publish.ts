import { checkTemplate } from '#functions/publish/compile-template.ts';
import { mjmlCompiler } from '#shared/adapters/mjml/compiler.ts';
import { checkJourney } from '#shared/publish/check.ts';
import { checkSettings } from '#shared/publish/check-settings.ts';
import type { CheckContext } from '#shared/publish/context.ts';
import { type Settings, settingsSchema } from '#shared/settings/settings.ts';
import { HARMS, KINDS, POOL_HARMS, poolRemarks } from '#test/build/hostile.ts';
import { largeJourney } from './large-journey.ts';

const ROUNDS = 9;
/** Of what is made to do harm, in each kind of file. */
const ROUNDS_OF_HARM = 3;

const settings: Settings = settingsSchema.parse({
  shop: { name: 'Bench', timeZone: 'Europe/Warsaw', locale: 'en', currency: 'EUR' },
  topics: { offers: { kind: 'marketing' } },
  senders: { default: { email: 'hello@bench.example' } },
  events: {
    'cart.updated': { total: 'number' },
    'product.viewed': { category: 'text' },
    purchase: { total: 'number' },
  },
});
const context: CheckContext = {
  settings,
  templates: { hello: { channels: ['email'], hasUnsubscribe: true } },
  journeys: {},
  segments: {},
};

const large = largeJourney();
const of = (text: string) => (): unknown => checkJourney('journeys/j.json', text, context);
const repeated = (piece: string) => piece.repeat(250_000 / piece.length);
const template = `---\n{ "subject": "Hello", "topic": "offers" }\n---\n<mjml><mj-body>${'<mj-section><mj-column><mj-text>Hello {{ contact.name.first | default: "you" }}</mj-text></mj-column></mj-section>'.repeat(40)}<mj-section><mj-column><mj-text>{{ message.unsubscribe_url }}</mj-text></mj-column></mj-section></mj-body></mjml>`;

const CASES: Readonly<Record<string, () => unknown>> = {
  'journey of 256 KB': of(large),
  'the same with a fault in each step': of(large.replaceAll('"P2D"', '"2 days"')),
  'the same with a fault in each condition': of(large.replaceAll('"gte"', '"get"')),
  'brackets 100,000 deep': of('['.repeat(100_000)),
  '10 MB': of(large.repeat(40)),
  'one key 40,000 times': of(`{${repeated('"a":1,')}"a":1}`),
  '__proto__ in each object': of(large.replaceAll('"type"', '"__proto__": {}, "type"')),
  'half letters': of(large.replaceAll('case ', '\ud800')),
  'comments that do not end': of(repeated('/*')),
  'quotes that do not end': of(repeated('"\n')),
  'settings with 2,000 traits': () =>
    checkSettings(JSON.stringify({ ...settings, traits: Object.fromEntries(traits(2000)) })),
  'template of 40 sections': () =>
    checkTemplate('templates/hello/email.mjml', template, { compiler: mjmlCompiler, settings }),
};

const traits = (count: number): [string, string][] => Array.from({ length: count }, (_, i) => [`trait.${i}`, 'number']);

const HOSTILE: Readonly<Record<string, () => unknown>> = Object.fromEntries([
  ...Object.entries(KINDS).flatMap(([kind, check]) =>
    Object.entries(HARMS).map(([harm, [text]]) => [`${kind} ${harm}`, () => check(text)] as const),
  ),
  ...Object.entries(POOL_HARMS).map(([harm, [text]]) => [`pool ${harm}`, () => poolRemarks(text)] as const),
]);

async function milliseconds(work: () => unknown, rounds: number): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const before = performance.now();
    await work();
    times.push(performance.now() - before);
  }
  return times.sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? 0;
}

/** What publish takes to check one file: the largest that the language allows, and files that are made to do harm. */
export async function run(): Promise<object> {
  const figures: Record<string, number> = {};
  const all = [
    ...Object.entries(CASES).map((one) => [...one, ROUNDS] as const),
    ...Object.entries(HOSTILE).map((one) => [...one, ROUNDS_OF_HARM] as const),
  ];
  for (const [name, work, rounds] of all) {
    figures[name] = await milliseconds(work, rounds);
    console.error(`${name.padEnd(42)} ${figures[name].toFixed(1).padStart(8)} ms`);
  }
  return { median: figures, peakMemoryMB: process.resourceUsage().maxRSS / 1024 };
}

import type { Wrap } from '#apps/local/runtime.ts';
import { openRuntime, type Runtime } from '#apps/local/runtime.ts';
import type { Event } from '#shared/event/event.ts';
import { SOURCE } from '#shared/event/put.ts';
import type { Mail } from '#shared/ports.ts';
import { addCodes } from '#shared/store/codes.ts';
import { readEnrolment } from '#shared/store/enrolments.ts';
import { readMessage } from '#shared/store/messages.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { consent, event } from '#test/build/event.ts';
import { journey, send, tag, wait, waitFor } from '#test/build/journey.ts';
import { putPublished } from '#test/build/published.ts';
import { settings } from '#test/build/settings.ts';

export const START = '2026-03-02T08:00:00.000Z';
const HOUR = 3_600_000;

/**
 * A marketing journey with two arms and a goal, one that is armed by quiet time, has a cap and gives a coupon code, and a
 * transactional one by key.
 */
const JOURNEYS = [
  journey({
    entry: { if: { consent: 'offers' } },
    goal: { if: { event: 'purchase' }, value: 'total' },
    steps: [
      send('first'),
      waitFor(
        'looked',
        { any: [{ event: 'page.viewed' }, { message: 'first', is: 'clicked' }] },
        { upTo: 'PT6H', then: [tag('curious')], otherwise: [send('nudge')] },
      ),
      wait('rest', 'PT12H'),
      send('last'),
    ],
  }),
  journey({
    id: 'browse',
    trigger: { type: 'event', event: 'product.viewed', quietFor: 'PT1H' },
    entry: { cap: [{ count: 4, per: 'P7D' }] },
    steps: [
      { type: 'coupon', id: 'code', pool: 'gift', valid: 'P9D', otherwise: [tag('unlucky')] },
      send('seen'),
      waitFor('read', { message: 'seen', is: 'clicked' }, { upTo: 'PT9H', otherwise: [tag('silent')] }),
    ],
  }),
  journey({
    id: 'order',
    topic: 'orders',
    trigger: { type: 'event', event: 'purchase' },
    entry: { key: 'orderId' },
    steps: [
      send('receipt'),
      waitFor('sent', { message: 'receipt', is: 'sent' }, { upTo: 'PT1H', then: [tag('served')] }),
    ],
  }),
];

const who = (name: string) => ({ identities: { email: `${name}@shop.example` } });
const BROWSER = { identities: { anonymousId: 'browser' } };
const at = (hours: number) => ({ at: plusMillis(START, hours * HOUR) });

/** Ann looks and buys nothing; Bob needs a nudge and buys; Eva clicks; Dan never asked for mail; Fay was a visitor. */
const EVENTS: readonly Event[] = [
  ...['ann', 'bob', 'eva'].map((name) =>
    event('cart.updated', { id: `cart-${name}`, ...who(name), ...at(1), consents: [consent('offers', START)] }),
  ),
  event('page.viewed', { id: 'view', ...who('ann'), ...at(4) }),
  event('purchase', { id: 'buy', ...who('bob'), ...at(9), data: { orderId: '77', total: 40 } }),
  event('product.viewed', { id: 'product', ...who('eva'), ...at(10) }),
  event('product.viewed', { id: 'unasked', ...who('dan'), ...at(11) }),
  event('cart.updated', { id: 'cart-fay', ...who('fay'), ...at(1), consents: [consent('offers', START)] }),
  event('product.viewed', { id: 'visit', ...BROWSER, ...at(2) }),
  event('page.viewed', {
    id: 'login',
    identities: { externalId: 'fay', ...who('fay').identities, ...BROWSER.identities },
    ...at(5),
  }),
  event('product.viewed', { id: 'again', ...BROWSER, ...at(8) }),
];

export type Story = {
  readonly rows: object;
  readonly mails: Record<string, number>;
  readonly unknown: readonly string[];
  /** When each passage ended, in minutes since 1970. */
  readonly ended: Record<string, number>;
};

/** Eva clicks an hour after she got the first mail; SES tells of every mail that it took. */
const engage = ({ to, tags }: Mail) =>
  to.startsWith('eva') && tags['step'] === 'first' ? [{ after: HOUR, kind: 'Click' as const }] : [];

export async function openStory(wrap?: Wrap): Promise<Runtime> {
  const runtime = openRuntime({
    start: START,
    eventDays: 400,
    mailsPerSecond: 100,
    publicUrl: 'https://shop.example',
    engage,
    ...(wrap && { wrap }),
  });
  await putPublished(runtime, settings(), JOURNEYS);
  await addCodes(runtime.table, 'gift', [{ code: 'ONE' }, { code: 'TWO' }, { code: 'THREE' }], 'u1');
  for (const one of EVENTS)
    runtime.clock.at(one.at, () => void runtime.bus.put([{ source: SOURCE, detailType: one.type, detail: one }]));
  return runtime;
}

/** Tells the whole story, and what is left of it: without times, which depend on who had to be called again. */
export async function tell(wrap?: Wrap): Promise<Story> {
  const runtime = await openStory(wrap);
  await runtime.drive(plusMillis(START, 72 * HOUR));
  const story = read(runtime);
  runtime.close();
  return story;
}

function read(runtime: Runtime): Story {
  const rows = runtime.db
    .prepare(`SELECT pk, sk, body FROM rows WHERE pk LIKE 'C#%' ORDER BY pk, sk`)
    .all()
    .map(({ pk, sk, body }) => ({ pk: String(pk), sk: String(sk), ...JSON.parse(String(body)) }));
  const kept: Record<string, object> = {};
  const unknown: string[] = [];
  const ended: Record<string, number> = {};
  for (const row of rows) {
    const [kind = ''] = row.sk.split('#');
    const name = `${row.pk} ${row.sk}`;
    if (kind === 'PROFILE') kept[name] = profileOf(row);
    if (kind === 'J') kept[name] = passageOf(row);
    if (kind === 'J') ended[name] = Date.parse(row.ended) / 60_000;
    if (kind === 'M') kept[name] = messageOf(row);
    if (kind === 'D') kept[name] = { entries: row.entries, outcomes: Object.keys(row.outcomes), quiet: row.quiet };
    if (kind === 'U') kept[name] = { ...row, at: undefined, expiresAt: undefined };
    if (kind === 'E') kept[name] = { ...row, arrived: undefined };
    if (kind === 'M' && row.facts.unknown) unknown.push(row.step);
  }
  const mails = runtime.db
    .prepare('SELECT to_address, step, count(*) AS n FROM mails GROUP BY 1, 2 ORDER BY 1, 2')
    .all();
  const counted = Object.fromEntries(mails.map(({ to_address: to, step, n }) => [`${to} ${step}`, Number(n)]));
  kept['codes'] = codesIn(runtime);
  kept['entries'] = placesIn(runtime);
  return { rows: kept, mails: counted, unknown, ended };
}

/** Which codes are free and which were given, and to whom. */
const codesIn = ({ db }: Runtime) =>
  db
    .prepare(`SELECT sk, body FROM rows WHERE pk LIKE 'U#%' ORDER BY sk`)
    .all()
    .map(({ sk, body }) => [sk, JSON.parse(String(body)).contact]);

/** How many places of caps are taken. */
const placesIn = ({ db }: Runtime) =>
  db
    .prepare(`SELECT body FROM rows WHERE pk LIKE 'N#%'`)
    .all()
    .flatMap(({ body }) => Object.entries(JSON.parse(String(body))).filter(([name]) => name.startsWith('n:')))
    .map(([, n]) => n);

const profileOf = ({ rev: _, watching, ...profile }: Record<string, object>) => ({
  ...profile,
  watching: Object.keys(watching ?? {}),
});

function passageOf(row: Parameters<typeof readEnrolment>[0]) {
  const passage = readEnrolment(row);
  if (!passage) throw new Error('a passage is gone');
  const { journey: id, key, n, version, state, outcome, visits, left, converted, cursor, heard } = passage;
  const done = Object.entries(left).map(([step, { at: _, expiresAt: __, ...rest }]) => [step, rest]);
  const { at: _, ...worth } = converted ?? { at: '' };
  return { id, key, n, version, state, outcome, visits, done, worth, cursor, heard: Object.keys(heard) };
}

function messageOf(row: Parameters<typeof readMessage>[0]) {
  const message = readMessage(row);
  if (!message) throw new Error('a message is gone');
  const { step, state, lane, reason, facts } = message;
  return { step, state, lane, reason, facts: Object.keys(facts).sort(), due: row?.['due'] };
}

import { beforeAll, expect, it } from 'vitest';
import { openRuntime, type Wrap } from '#apps/local/runtime.ts';
import type { Condition } from '#shared/condition/condition.ts';
import { SOURCE } from '#shared/event/put.ts';
import { readEnrolment } from '#shared/store/enrolments.ts';
import { putSegments } from '#shared/store/segments.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { event } from '#test/build/event.ts';
import { journey, tag, wait, waitFor } from '#test/build/journey.ts';
import { putPublished } from '#test/build/published.ts';
import { settings } from '#test/build/settings.ts';
import { Mortals } from '#test/faults/mortal.ts';

const START = '2026-03-02T08:00:00.000Z';
const HOUR = 3_600_000;

const segment = (id: string, condition: Condition) => ({
  [id]: { definition: { id, name: id, if: condition }, sequencer: '0' },
});
const SEGMENTS = {
  ...segment('vips', { tag: 'vip' }),
  ...segment('gone', { all: [{ event: 'page.viewed' }, { not: { event: 'page.viewed', within: 'PT9H' } }] }),
};
/** One journey tags; the tag starts a second, ends a third and lets a fourth go on; a silence of nine hours starts a fifth. */
const JOURNEYS = [
  journey({ id: 'marks', trigger: { type: 'event', event: 'page.viewed' }, steps: [wait('m', 'PT1H'), tag('vip')] }),
  journey({ id: 'welcome', trigger: { type: 'segment', segment: 'vips', when: 'enters' }, steps: [tag('welcome')] }),
  journey({ id: 'yields', exits: [{ if: { tag: 'vip' }, outcome: 'vip' }], steps: [wait('y', 'P2D')] }),
  journey({ id: 'waits', steps: [waitFor('w', { segment: 'vips' }, { upTo: 'P2D', then: [tag('met')] })] }),
  journey({ id: 'sleepy', trigger: { type: 'segment', segment: 'gone', when: 'enters' }, steps: [tag('sleepy')] }),
];

async function tell(wrap?: Wrap) {
  const runtime = openRuntime({
    start: START,
    eventDays: 400,
    mailsPerSecond: 100,
    publicUrl: 'https://shop.example',
    engage: () => [],
    ...(wrap && { wrap }),
  });
  await putPublished(runtime, settings(), JOURNEYS);
  await runtime.table.write(putSegments({ rev: 0, segments: SEGMENTS }));
  const at = (hours: number) => plusMillis(START, hours * HOUR);
  const events = [
    event('cart.updated', { id: 'cart', at: at(1) }),
    event('page.viewed', { id: 'view', at: at(2) }),
    event('page.viewed', { id: 'again', at: at(4) }),
  ];
  for (const one of events)
    runtime.clock.at(one.at, () => void runtime.bus.put([{ source: SOURCE, detailType: one.type, detail: one }]));
  await runtime.drive(at(60));
  runtime.transactions.flush();
  const rows = runtime.db
    .prepare(`SELECT pk, sk, body FROM rows WHERE pk LIKE 'C#%' ORDER BY sk`)
    .all()
    .map(({ pk, sk, body }) => ({ pk: String(pk), sk: String(sk), ...JSON.parse(String(body)) }));
  const passages = rows
    .filter(({ sk }) => sk.startsWith('J#'))
    .map((row) => readEnrolment(row))
    .map((one) => ({ name: `${one?.journey} ${one?.n}`, outcome: one?.outcome, ended: one?.ended ?? '' }));
  const { tags } = rows.find(({ sk }) => sk === 'PROFILE') ?? {};
  const left = rows.filter(({ sk }) => sk.startsWith('L#')).map(({ sk }) => sk);
  runtime.close();
  return { passages: passages.map(({ ended: _, ...rest }) => rest), tags, left, ended: passages.map((p) => p.ended) };
}

let undisturbed: Awaited<ReturnType<typeof tell>>;
let effects: number;

beforeAll(async () => {
  const mortals = new Mortals();
  undisturbed = await tell(mortals);
  effects = mortals.effects.length;
});

it('a tag by one journey starts, ends and wakes others, and a silence starts one, each once and in time', () => {
  const { ended, ...rest } = undisturbed;
  expect(rest).toEqual({
    passages: [
      { name: 'marks 1', outcome: 'finished' },
      { name: 'sleepy 1', outcome: 'finished' },
      { name: 'waits 1', outcome: 'finished' },
      { name: 'welcome 1', outcome: 'finished' },
      { name: 'yields 1', outcome: 'vip' },
    ],
    tags: ['met', 'sleepy', 'vip', 'welcome'],
    left: [],
  });
  const hours = ended.map((at) => (Date.parse(at) - Date.parse(START)) / HOUR);
  const expected = [3, 13, 3, 3, 3];
  hours.forEach((at, i) => {
    expect(at - (expected[i] ?? 0)).toBeGreaterThanOrEqual(0);
    expect(at - (expected[i] ?? 0)).toBeLessThan(0.05);
  });
});

it('so do they when a function dies before or after any of its effects', async () => {
  expect(effects).toBeGreaterThan(30);
  for (let at = 0; at < effects; at += 1) {
    for (const when of ['before', 'after'] as const) {
      const mortals = new Mortals((effect) => (effect === at ? when : undefined));
      const { ended, ...rest } = await tell(mortals);
      const { ended: then, ...expected } = undisturbed;
      expect(rest, `${when} effect ${at}`).toEqual(expected);
      ended.forEach((moment, i) => {
        const late = Date.parse(moment) - Date.parse(then[i] ?? '');
        expect(late, `${when} effect ${at}`).toBeLessThan(HOUR / 2);
      });
    }
  }
}, 60_000);

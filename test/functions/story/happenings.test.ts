import { describe, expect, it } from 'vitest';
import { openRuntime, type Runtime, type Wrap } from '#apps/local/runtime.ts';
import type { Event } from '#shared/event/event.ts';
import { SOURCE } from '#shared/event/put.ts';
import type { Journey } from '#shared/journey/journey.ts';
import type { Mail } from '#shared/ports.ts';
import { readEnrolment } from '#shared/store/enrolments.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { consent, event } from '#test/build/event.ts';
import { journey, send, tag, waitFor } from '#test/build/journey.ts';
import { putPublished } from '#test/build/published.ts';
import { settings } from '#test/build/settings.ts';
import { Mortals } from '#test/faults/mortal.ts';

const START = '2026-03-02T08:00:00.000Z';
const HOUR = 3_600_000;
const later = (hours: number) => plusMillis(START, hours * HOUR);

const by = (type: string, where?: object) =>
  ({ type: 'event' as const, event: type, ...(where && { where }) }) as never;
const is = (data: string, value: string) => ({ data, is: value });

const untag = (gone: string) => ({ type: 'update', id: `no-${gone}`, untag: [gone] });

/** A subscription begins it; all others follow from what Tropa itself notices. */
const JOURNEYS = [
  journey({
    id: 'welcome',
    trigger: by('subscribed', is('topic', 'offers')),
    steps: [
      send('first'),
      waitFor('read', { message: 'first', is: 'clicked' }, { then: [tag('reader')] }),
      { type: 'update', id: 'promote', set: { tier: 'gold' }, tag: ['vip'] },
    ],
  }),
  journey({ id: 'after-click', trigger: by('message.clicked', is('step', 'first')), steps: [tag('clicker')] }),
  journey({
    id: 'gold',
    trigger: by('trait.changed', { all: [is('trait', 'tier'), { data: 'value', is: 'gold' }] }),
    steps: [send('congratulations')],
  }),
  journey({ id: 'vip', trigger: by('tag.added', is('tag', 'vip')), steps: [tag('greeted')] }),
  journey({ id: 'refused', trigger: by('message.withheld', is('reason', 'no-consent')), steps: [untag('lost')] }),
  journey({ id: 'found', trigger: by('tag.removed', is('tag', 'lost')), steps: [tag('silent')] }),
  journey({ id: 'lost', trigger: by('unsubscribed'), steps: [tag('lost'), send('farewell')] }),
];

const EVENTS = [
  event('registration', { id: 'r', at: later(0), consents: [consent('offers', START)], traits: { city: 'Riga' } }),
  event('registration', { id: 'n', at: later(9), consents: [consent('offers', later(9), 'denied')] }),
];

const engage = ({ tags }: Mail) =>
  tags['step'] === 'first'
    ? [
        { after: HOUR, kind: 'Click' as const },
        { after: 2 * HOUR, kind: 'Click' as const },
      ]
    : [];

async function tell(journeys: readonly Journey[], events: readonly Event[], wrap?: Wrap) {
  const runtime = openRuntime({
    start: START,
    eventDays: 400,
    mailsPerSecond: 100,
    publicUrl: 'https://shop.example',
    engage,
    ...(wrap && { wrap }),
  });
  await putPublished(runtime, settings(), journeys);
  for (const one of events)
    runtime.clock.at(one.at, () => void runtime.bus.put([{ source: SOURCE, detailType: one.type, detail: one }]));
  await runtime.drive(later(48));
  const told = read(runtime);
  runtime.close();
  return told;
}

function read({ db }: Runtime) {
  const rows = db.prepare(`SELECT pk, sk, body FROM rows WHERE pk LIKE 'C#%' OR pk LIKE 'P#%' ORDER BY pk, sk`).all();
  const all = rows.map(({ pk, sk, body }) => ({ pk: String(pk), sk: String(sk), ...JSON.parse(String(body)) }));
  const of = (kind: string) => all.filter(({ sk }) => sk.startsWith(kind));
  return {
    happened: of('E#').map(({ type }) => type),
    // In an order that does not depend on moments.
    data: of('E#')
      .map(({ type, data }) => ({ type, ...data }))
      .toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
    passages: of('J#').map((row) => `${readEnrolment(row)?.journey} ${readEnrolment(row)?.outcome}`),
    tags: of('PROFILE').flatMap(({ tags }) => tags),
    parked: all.filter(({ pk }) => pk.startsWith('P#')).map(({ reason }) => reason),
    mails: db
      .prepare('SELECT step, count(*) AS n FROM mails GROUP BY 1 ORDER BY 1')
      .all()
      .map(({ step, n }) => [step, n]),
  };
}

const once = await tell(JOURNEYS, EVENTS);

describe('what Tropa notices of a contact', () => {
  it('starts journeys like any other event', () => {
    const names = ['after-click', 'found', 'gold', 'lost', 'refused', 'vip', 'welcome'];
    expect(once.passages).toEqual(names.map((name) => `${name} finished`));
    expect(once.tags).toEqual(['clicker', 'greeted', 'reader', 'silent', 'vip']);
    expect(once.mails).toEqual([
      ['congratulations', 1],
      ['first', 1],
    ]);
  });

  it('says what it is about', () => {
    const mail = { journey: 'welcome', step: 'first', channel: 'email', topic: 'offers', template: 'hello' };
    for (const data of [
      { type: 'subscribed', topic: 'offers', channel: 'email' },
      { type: 'unsubscribed', topic: 'offers', channel: 'email' },
      { type: 'tag.added', tag: 'vip' },
      { type: 'tag.removed', tag: 'lost' },
      { type: 'trait.changed', trait: 'tier', value: 'gold' },
      { type: 'message.clicked', ...mail },
      { type: 'message.withheld', journey: 'lost', step: 'farewell', reason: 'no-consent' },
    ])
      expect(once.data).toContainEqual(expect.objectContaining(data));
  });

  it('is noted where somebody asks for it only', async () => {
    expect([...new Set(once.happened)].filter((type) => type !== 'registration')).toEqual([
      'message.clicked',
      'message.withheld',
      'subscribed',
      'tag.added',
      'tag.removed',
      'trait.changed',
      'unsubscribed',
    ]);
    // Of traits only the one that is asked for.
    expect(once.happened.filter((type) => type === 'trait.changed')).toHaveLength(1);
    const [welcome] = JOURNEYS;
    const alone = await tell(welcome ? [welcome] : [], EVENTS);
    expect([...new Set(alone.happened)]).toEqual(['registration', 'subscribed']);
  });

  it('is told once, whoever dies before or after any effect', async () => {
    const counting = new Mortals();
    expect(await tell(JOURNEYS, EVENTS, counting)).toEqual(once);
    for (const [i, effect] of counting.effects.entries()) {
      // Of a marketing mail that was cut off inside the call nobody knows whether it went.
      if (counting.effects.slice(i, i + 2).some(({ call }) => call === 'mailer.send')) continue;
      for (const when of ['before', 'after'] as const) {
        const mortals = new Mortals((n) => (n === i ? when : undefined));
        expect(await tell(JOURNEYS, EVENTS, mortals), `${when} ${i} ${effect.by} ${effect.call}`).toEqual(once);
        // What fails by itself kills nobody after it.
        if (when === 'before') expect(mortals.deaths).toBe(1);
      }
    }
  }, 60_000);
});

describe('journeys that start each other', () => {
  const again = { again: {} };

  it('by a trait end after some hops', async () => {
    const flip = (id: string, from: string, to: string) =>
      journey({
        id,
        entry: again,
        trigger: by('trait.changed', { all: [is('trait', 'side'), is('value', from)] }),
        steps: [{ type: 'update', id: 'flip', set: { side: to } }],
      });
    const told = await tell(
      [flip('a', 'left', 'right'), flip('b', 'right', 'left')],
      [event('registration', { at: later(0), traits: { side: 'left' } })],
    );
    expect(told.happened.filter((type) => type === 'trait.changed')).toHaveLength(5);
    expect(told.parked).toEqual(['too-many-hops']);
  });

  it('by the mails that they send do, too', async () => {
    const told = await tell(
      [
        journey({ entry: again, topic: 'orders', trigger: by('message.sent'), steps: [send('more')] }),
        journey({ id: 'begin', topic: 'orders', trigger: by('registration'), steps: [send('one')] }),
      ],
      [event('registration', { at: later(0) })],
    );
    expect(told.mails).toEqual([
      ['more', 5],
      ['one', 1],
    ]);
    expect(told.parked).toEqual(['too-many-hops']);
  });
});

import { describe, expect, it } from 'vitest';
import type { Event } from '#shared/event/event.ts';
import { ContactPlay } from '#shared/simulation/contact-play.ts';
import type { Line } from '#shared/simulation/line.ts';
import { worldOf } from '#shared/simulation/world.ts';
import { addDuration } from '#shared/time/duration.ts';
import type { Instant } from '#shared/time/instant.ts';
import { localInstant } from '#shared/time/local.ts';
import { journey, send, tag, wait, waitFor } from '#test/build/journey.ts';
import { settings } from '#test/build/settings.ts';

const START = '2026-03-02T09:00:00.000Z';
const later = (iso: string): Instant => addDuration(START, iso, 'Europe/Warsaw');

let ids = 0;
const event = (type: string, at: Instant, more: Partial<Event> = {}): Event => {
  ids += 1;
  return { id: `e${ids}`, type, at, source: 'test', identities: { email: 'ann@shop.example' }, data: {}, ...more };
};
const consent = {
  channel: 'email' as const,
  topic: 'offers',
  state: 'granted' as const,
  at: START,
  source: 't',
  wording: 't',
};
const registered = () => event('registration', START, { consents: [consent], traits: { timeZone: 'Europe/Warsaw' } });

function played(journeys: Parameters<typeof journey>[0][], more: Partial<Parameters<typeof worldOf>[0]> = {}) {
  const lines: Line[] = [];
  const shop = settings({ topics: { offers: { kind: 'marketing' }, orders: { kind: 'transactional' } } });
  const world = worldOf({
    settings: shop,
    segments: {},
    journeys: journeys.map(journey),
    tell: (line) => lines.push(line),
    ...more,
  });
  const play = new ContactPlay(world, 'c1', START);
  play.hear(registered(), START);
  const told = (what: Line['what']) => lines.filter((line) => line.what === what);
  return { play, lines, told };
}

const sent = ({ messages }: ContactPlay) =>
  messages.flatMap(({ step, facts }) => (facts.sent ? [[step, facts.sent]] : []));

describe('the simulation of a contact', () => {
  it('waits in virtual time, to the millisecond', () => {
    const { play } = played([{ steps: [send('a'), wait('w', 'P2D'), send('b')] }]);
    play.hear(event('cart.updated', START), START);
    play.reach(later('P10D'));
    expect(sent(play)).toEqual([
      ['a', START],
      ['b', later('P2D')],
    ]);
    expect(play.passages[0]).toMatchObject({ state: 'finished', outcome: 'finished', ended: later('P2D') });
  });

  it('arms a quiet time and judges the entry when it is over, with the newest match', () => {
    const trigger = { type: 'event' as const, event: 'cart.updated', quietFor: 'PT1H' };
    const { play, told } = played([{ trigger, steps: [send('a')] }]);
    play.hear(event('cart.updated', START), START);
    play.hear(event('cart.updated', later('PT40M')), later('PT40M'));
    expect(play.due).toBe(later('PT1H40M'));
    play.reach(later('P1D'));
    expect(sent(play)).toEqual([['a', later('PT1H40M')]]);
    expect(told('armed')).toHaveLength(2);
  });

  it('tells why somebody was not let in', () => {
    const { play, told } = played([{ entry: { if: { tag: 'vip' } }, steps: [send('a')] }]);
    play.hear(event('cart.updated', START), START);
    expect(told('refused')).toMatchObject([{ reason: 'condition', because: ['not so: they are tagged "vip"'] }]);
  });

  it('hears the goal and what becomes of messages', () => {
    const steps = [
      send('a'),
      waitFor('w', { message: 'a', is: 'clicked' }, { then: [tag('clicked')], upTo: 'P1D' }),
      wait('x'),
    ];
    const { play, told } = played([{ goal: { if: { event: 'purchase' }, value: 'total' }, steps }]);
    play.hear(event('cart.updated', START), START);
    expect(play.tell('cart', 'a', { fact: 'clicked' }, later('PT2H'))).toBe(true);
    expect(play.profile?.tags).toEqual(['clicked']);
    play.hear(event('purchase', later('PT5H'), { data: { total: 12 } }), later('PT5H'));
    expect(play.passages[0]).toMatchObject({ state: 'converted', converted: { at: later('PT5H'), value: 12 } });
    expect(told('converted')).toMatchObject([{ value: 12 }]);
  });

  it('does not look for a goal that time would bring when it counts no more', () => {
    const goal = { if: { trait: 'birthday', every: 'P1Y' as const, next: 'P30D' }, window: 'P14D' };
    const { play } = played([{ goal, steps: [wait('w', 'P90D')] }]);
    play.hear(event('profile', START, { traits: { birthday: '1990-05-17' } }), START);
    play.hear(event('cart.updated', later('P1D')), later('P1D'));
    play.reach(later('P60D'));
    expect(play.passages[0]).toMatchObject({ state: 'inside' });
  });

  it('withholds what may not go at the moment of sending', () => {
    const { play } = played([{ topic: 'offers', steps: [wait('w'), send('a')] }]);
    play.hear(event('cart.updated', START), START);
    play.hear(
      event('preferences', later('PT1H'), { consents: [{ ...consent, topic: 'marketing', state: 'denied' }] }),
      later('PT1H'),
    );
    expect(play.passages[0]).toMatchObject({ state: 'exited', outcome: 'unsubscribed' });
    play.reach(later('P3D'));
    expect(sent(play)).toEqual([]);
  });

  it('lets journeys start and end each other', () => {
    const { play } = played([
      {
        id: 'a',
        steps: [
          { type: 'enrol', id: 'e', journey: 'b' },
          { type: 'leave', id: 'l', journey: 'c' },
        ],
      },
      { id: 'b', trigger: { type: 'manual' }, steps: [send('hello')] },
      { id: 'c', trigger: { type: 'event', event: 'registration' }, steps: [wait('w', 'P9D')] },
    ]);
    play.hear(event('cart.updated', later('PT1H')), later('PT1H'));
    const outcomes = play.passages.map(({ journey: id, outcome }) => [id, outcome]);
    expect(outcomes).toEqual([
      ['c', 'left'],
      ['a', 'finished'],
      ['b', 'finished'],
    ]);
  });

  it('that answers itself for ever comes to an end', () => {
    const ping = { id: 'a', trigger: { type: 'event' as const, event: 'ping' }, entry: { again: {} } };
    const { play, told } = played([{ ...ping, steps: [{ type: 'emit', id: 'e', event: 'ping' }] }]);
    play.hear(event('ping', START), START);
    expect(told('entered')).toHaveLength(6);
    expect(told('parked')).toMatchObject([{ type: 'ping', reason: 'too-many-hops' }]);
  });

  it('keeps birthdays and broadcasts', () => {
    const birthday = { type: 'date' as const, trait: 'birthday', every: 'P1Y' as const, at: '10:00' };
    const tuesdays = {
      type: 'schedule' as const,
      segment: 'all',
      every: 'P1W' as const,
      on: ['tue' as const],
      at: '18:00',
    };
    const { play } = played(
      [
        { id: 'b', trigger: birthday, steps: [send('cake')] },
        { id: 't', trigger: tuesdays, steps: [send('letter')] },
      ],
      { segments: { all: { sample: 100 } } },
    );
    play.hear(event('profile', START, { traits: { birthday: '1990-03-12' } }), START);
    play.reach(later('P16D'));
    const at = (time: string) => localInstant(time, 'Europe/Warsaw');
    expect(sent(play)).toEqual([
      ['letter', at('2026-03-03T18:00')],
      ['letter', at('2026-03-10T18:00')],
      ['cake', at('2026-03-12T10:00')],
      ['letter', at('2026-03-17T18:00')],
    ]);
  });

  it('takes the arm that is asked for', () => {
    const arms = ['x', 'y'].map((name) => ({ name, weight: 50, steps: [tag(name)] }));
    for (const arm of ['x', 'y']) {
      const { play } = played([{ steps: [{ type: 'split', id: 's', arms }] }], { arms: { s: arm } });
      play.hear(event('cart.updated', START), START);
      expect(play.profile?.tags).toEqual([arm]);
    }
  });
});

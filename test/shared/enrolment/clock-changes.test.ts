import { describe, expect, it } from 'vitest';
import { zoneOf } from '#shared/contact/zone.ts';
import type { Enrolment } from '#shared/enrolment/enrolment.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { compiled, tag } from '#test/build/journey.ts';
import { profile } from '#test/build/profile.ts';
import { settings } from '#test/build/settings.ts';
import { turn } from '#test/build/turn.ts';

/**
 * Where clocks change in 2026: Warsaw on 29 March at 02:00 and on 25 October at 03:00, New York on 8 March at 02:00 and on
 * 1 November at 02:00, Cairo on 24 April at 00:00 and on 29 October at 24:00. Worked out by hand.
 */
const CHANGES = [
  {
    zone: 'Europe/Warsaw',
    change: 'forward',
    noon: '2026-03-28T11:00Z',
    nextNoon: '2026-03-29T10:00Z',
    monthAfter: '2026-04-28T10:00Z',
    /** A time that the day of the change lacks or has twice, on the day before; and what it is on the day itself. */
    odd: ['2026-03-28T01:30Z', '2026-03-29T02:30', '2026-03-29T01:30Z'],
    nineNextDay: '2026-03-29T07:00Z',
  },
  {
    zone: 'Europe/Warsaw',
    change: 'back',
    noon: '2026-10-24T10:00Z',
    nextNoon: '2026-10-25T11:00Z',
    monthAfter: '2026-11-24T11:00Z',
    odd: ['2026-10-24T00:30Z', '2026-10-25T02:30', '2026-10-25T00:30Z'],
    nineNextDay: '2026-10-25T08:00Z',
  },
  {
    zone: 'America/New_York',
    change: 'forward',
    noon: '2026-03-07T17:00Z',
    nextNoon: '2026-03-08T16:00Z',
    monthAfter: '2026-04-07T16:00Z',
    odd: ['2026-03-07T07:30Z', '2026-03-08T02:30', '2026-03-08T07:30Z'],
    nineNextDay: '2026-03-08T13:00Z',
  },
  {
    zone: 'America/New_York',
    change: 'back',
    noon: '2026-10-31T16:00Z',
    nextNoon: '2026-11-01T17:00Z',
    // 31 October and a month: November has 30 days.
    monthAfter: '2026-11-30T17:00Z',
    odd: ['2026-10-31T05:30Z', '2026-11-01T01:30', '2026-11-01T05:30Z'],
    nineNextDay: '2026-11-01T14:00Z',
  },
  {
    zone: 'Africa/Cairo',
    change: 'forward',
    noon: '2026-04-23T10:00Z',
    nextNoon: '2026-04-24T09:00Z',
    monthAfter: '2026-05-23T09:00Z',
    odd: ['2026-04-22T22:30Z', '2026-04-24T00:30', '2026-04-23T22:30Z'],
    nineNextDay: '2026-04-24T06:00Z',
  },
  {
    zone: 'Africa/Cairo',
    change: 'back',
    noon: '2026-10-29T09:00Z',
    nextNoon: '2026-10-30T10:00Z',
    monthAfter: '2026-11-29T10:00Z',
    odd: ['2026-10-28T20:30Z', '2026-10-29T23:30', '2026-10-29T20:30Z'],
    nineNextDay: '2026-10-30T07:00Z',
  },
] as const;

const canonical = (text: string) => new Date(text).toISOString();

/** A contact who says where they live, to a shop elsewhere; and one who does not, to a shop there. */
const contacts = (zone: string) => [
  { of: 'with a zone', traits: { timeZone: zone }, shop: 'Asia/Tokyo' },
  { of: 'without a zone', traits: {}, shop: zone },
  { of: 'with a zone that is none', traits: { timeZone: 'Mars/Olympus' }, shop: zone },
];

const CASES = CHANGES.flatMap(({ zone, change, ...times }) =>
  contacts(zone).map((contact) => ({ zone, change, ...contact, ...times })),
);

/** When a step ends, after having made sure that each of its pauses lasts until its moment and no longer. */
function endOf(step: object, began: string, { traits, shop }: (typeof CASES)[number]): string {
  const given = { profile: { traits }, settings: settings({ shop: { timeZone: shop } }) };
  const zone = zoneOf(profile(given.profile), given.settings);
  const journey = compiled({ steps: [step, tag('through')] });
  const run = (passage: Partial<Enrolment>, now: string) => turn(journey, passage, { ...given, zone, now });
  let end = canonical(began);
  let { enrolment } = run({ entered: end }, end);
  while (enrolment.cursor) {
    const early = plusMillis(enrolment.cursor.wakeAt, -1);
    // A turn that comes too early notes when it came, and nothing else.
    expect(run(enrolment, early).enrolment).toEqual({ ...enrolment, cursor: { ...enrolment.cursor, turned: early } });
    end = enrolment.cursor.wakeAt;
    enrolment = run(enrolment, end).enrolment;
  }
  expect(enrolment.state).toBe('finished');
  return end;
}

const wait = (more: object) => ({ type: 'wait', id: 'w', ...more });
const waitFor = (upTo: string) => ({ type: 'waitFor', id: 'w', for: { event: 'purchase' }, upTo });

describe.each(CASES)('when clocks go $change in $zone, for a contact $of,', (one) => {
  it('a day keeps the time of day', () => {
    expect(endOf(wait({ for: 'P1D' }), one.noon, one)).toBe(canonical(one.nextNoon));
    expect(endOf(waitFor('P1D'), one.noon, one)).toBe(canonical(one.nextNoon));
  });

  it('a month keeps the day and the time of day', () => {
    expect(endOf(wait({ for: 'P1M' }), one.noon, one)).toBe(canonical(one.monthAfter));
    expect(endOf(waitFor('P1M'), one.noon, one)).toBe(canonical(one.monthAfter));
  });

  it('24 hours are 24 hours', () => {
    const exactly = plusMillis(canonical(one.noon), 86_400_000);
    expect(endOf(wait({ for: 'PT24H' }), one.noon, one)).toBe(exactly);
    expect(endOf(waitFor('PT24H'), one.noon, one)).toBe(exactly);
  });

  it('a day and three hours are first the day, then the hours', () => {
    const both = plusMillis(canonical(one.nextNoon), 3 * 3_600_000);
    expect(endOf(wait({ for: 'P1DT3H' }), one.noon, one)).toBe(both);
  });

  it('a time of day that is skipped moves forward, and one that comes twice is the first', () => {
    const [dayBefore, local, then] = one.odd;
    expect(endOf(wait({ for: 'P1D' }), dayBefore, one)).toBe(canonical(then));
    expect(endOf(waitFor('P1D'), dayBefore, one)).toBe(canonical(then));
    expect(endOf(wait({ until: local }), dayBefore, one)).toBe(canonical(then));
    expect(endOf(wait({ until: { at: local.slice(11) } }), plusMillis(canonical(then), -3_600_000), one)).toBe(
      canonical(then),
    );
  });

  it('a window opens at its time of the new clock', () => {
    expect(endOf(wait({ until: { from: '09:00', to: '11:00' } }), one.noon, one)).toBe(canonical(one.nineNextDay));
    expect(endOf(wait({ for: 'PT6H', until: { from: '09:00', to: '11:00' } }), one.noon, one)).toBe(
      canonical(one.nineNextDay),
    );
  });

  it('a date with an offset is one instant for all', () => {
    const instant = plusMillis(canonical(one.noon), 86_400_000);
    expect(endOf(wait({ until: `${instant.slice(0, 16)}Z` }), one.noon, one)).toBe(instant);
  });
});

describe('a day that has no midnight', () => {
  it('begins an hour later', () => {
    const [cairo] = CASES.filter(({ zone, change }) => zone === 'Africa/Cairo' && change === 'forward');
    if (!cairo) throw new Error('no Cairo');
    expect(endOf(wait({ until: '2026-04-24' }), cairo.noon, cairo)).toBe('2026-04-23T22:00:00.000Z');
  });
});

describe('a contact who moves while waiting', () => {
  it('is woken when the wait had been going to end', () => {
    const journey = compiled({ steps: [wait({ for: 'P1D' }), tag('through')] });
    const warsaw = turn(journey, {}, { zone: 'Europe/Warsaw', now: '2026-03-28T11:00:00.000Z' }).enrolment;
    const moved = turn(journey, warsaw, { zone: 'America/New_York', now: '2026-03-29T10:00:00.000Z' });
    expect(moved.enrolment.state).toBe('finished');
  });
});

import { describe, expect, it } from 'vitest';
import { calendarWrites, insideWrites, redefinedWrites } from '#functions/publish/calendar.ts';
import type { LiveJourney } from '#shared/store/journeys.ts';
import { walkKey } from '#shared/store/keys.ts';
import type { Write } from '#shared/store/table.ts';
import { SCHEDULE } from '#shared/store/walks.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { journey, wait } from '#test/build/journey.ts';
import { settings } from '#test/build/settings.ts';

const NOW = '2026-03-02T09:00:00.000Z';
const live = (given: Partial<LiveJourney> = {}): LiveJourney => ({
  ...{ version: 1, status: 'live', sequencer: '7', hash: 'h', events: [] },
  ...given,
});

/** What the writes ask for: of a walk its name and when it is due, of a schedule its occurrence and when it begins. */
const asked = (writes: readonly Write[]) =>
  writes.map((write) => {
    if (write.kind === 'delete') return ['drop', write.key.sk];
    if (write.kind !== 'put') return ['?'];
    const { sk, task, due, occurrence, version, from } = write.row;
    return sk === SCHEDULE ? [sk, occurrence, due] : [sk, task, due, ...(version === undefined ? [] : [version]), from];
  });

describe('those inside', () => {
  const MINUTE = plusMillis(NOW, 60_000);
  type Status = LiveJourney['status'];
  const told = (before: Partial<LiveJourney> | undefined, next: Partial<LiveJourney>, publish?: object) =>
    asked(
      insideWrites(
        journey({ ...(publish && { publish }), steps: [wait('w')] } as object),
        live({ sequencer: '8', ...next }),
        before && live(before),
        NOW,
      ),
    ).map(([name]) => name);

  it.each<[what: string, before: Status, next: Status, names: string[]]>([
    ['go on as they were', 'live', 'live', []],
    ['go on while nobody enters any more', 'live', 'closing', []],
    ['stand still from the next step on', 'live', 'paused', []],
    ['are let go', 'live', 'archived', ['archive#8']],
    ['are let go from where they stand still', 'paused', 'archived', ['archive#8']],
    ['have been let go already', 'archived', 'archived', []],
    ['hear that it goes on', 'paused', 'live', ['resume#8']],
    ['hear that it goes on, and closes', 'paused', 'closing', ['resume#8']],
    ['stand still as before', 'paused', 'paused', []],
    ['hear that it was opened again before they were let go', 'archived', 'live', ['resume#8']],
    ['stand still where it was opened again to pause', 'archived', 'paused', []],
  ])('%s, where a journey was %s and is %s', (_, before, next, names) => {
    expect(told({ status: before }, { status: next })).toEqual(names);
  });

  it.each<
    [
      what: string,
      inside: string | undefined,
      before: Partial<LiveJourney>,
      next: Partial<LiveJourney>,
      names: string[],
    ]
  >([
    ['finish on theirs', 'finish', {}, { version: 2 }, []],
    ['finish on theirs where nothing is said', undefined, {}, { version: 2 }, []],
    ['are moved', 'move', {}, { version: 2 }, ['move#8']],
    ['leave', 'leave', {}, { version: 2 }, ['replace#8']],
    ['are moved once, not by each upload of the same', 'move', { version: 2 }, { version: 2 }, []],
    ['are moved, and hear that it goes on', 'move', { status: 'paused' }, { version: 2 }, ['move#8', 'resume#8']],
    [
      'are moved although it was archived as this version',
      'move',
      { version: 2, status: 'archived' },
      { version: 2 },
      ['move#8', 'resume#8'],
    ],
    ['are let go rather than moved', 'move', {}, { version: 2, status: 'archived' }, ['archive#8']],
  ])('%s, by what an edit says of them', (_, inside, before, next, names) => {
    expect(told(before, next, inside === undefined ? undefined : { inside })).toEqual(names);
  });

  it('are none of a journey that is new', () => {
    expect(told(undefined, { version: 1 }, { inside: 'move' })).toEqual([]);
  });

  it('are told a minute later, when nobody goes by what was before', () => {
    const definition = journey({ publish: { inside: 'move' }, steps: [wait('w')] } as object);
    expect(asked(insideWrites(definition, live({ version: 3 }), live(), NOW))).toEqual([
      ['move#7', 'move', MINUTE, 3, NOW],
    ]);
  });
});

describe('the calendar', () => {
  const shop = settings();
  const of = (trigger: object, next: Partial<LiveJourney> = {}, before?: Partial<LiveJourney>) =>
    asked(
      calendarWrites(journey({ trigger, steps: [wait('w')] } as object), live(next), before && live(before), shop, NOW),
    );
  const weekly = { type: 'schedule', segment: 'all', at: '10:00', every: 'P1W', on: ['wed'], zone: 'shop' };
  const dated = { type: 'date', trait: 'birthday', every: 'P1Y', at: '10:00' };
  const quiet = (quietFor: unknown, more: object = {}) => ({ type: 'event', event: 'cart.updated', quietFor, ...more });

  it('has the next occurrence of a schedule, and none of one that is over', () => {
    expect(of(weekly)).toEqual([[SCHEDULE, '2026-03-04', '2026-03-04T09:00:00.000Z']]);
    const once = { type: 'schedule', segment: 'all', at: '2026-03-01T10:00', zone: 'shop' };
    expect(of(once)).toEqual([['drop', SCHEDULE]]);
  });

  it('has a schedule that begins in some zones already begin now', () => {
    const today = { type: 'schedule', segment: 'all', at: '2026-03-02T10:00' };
    expect(of(today)).toEqual([[SCHEDULE, '2026-03-02', NOW]]);
  });

  it('has everybody looked at for dates and segments', () => {
    expect(of(dated, { version: 3 })).toEqual([['dates#3', 'dates', NOW, NOW]]);
    expect(of({ type: 'segment', segment: 'vip', when: 'enters' })).toEqual([['segments#7', 'segments', NOW, NOW]]);
  });

  it.each<[what: string, next: Partial<LiveJourney>, before: Partial<LiveJourney> | undefined, asks: boolean]>([
    ['goes live', {}, undefined, true],
    ['is uploaded once more', { version: 1 }, {}, false],
    ['is edited', { version: 2 }, {}, true],
    ['goes on after a pause', { version: 1 }, { status: 'paused' }, true],
    ['is paused', { status: 'paused' }, {}, false],
    ['is edited and closes', { version: 2, status: 'closing' }, {}, false],
  ])('is asked for something where a journey %s, or not', (_, next, before, asks) => {
    expect(of(dated, next, before)).toHaveLength(asks ? 1 : 0);
  });

  it('forgets the schedule that a journey had before', () => {
    const had = { starts: 'schedule' as const };
    expect(of(dated, { version: 2 }, had)).toEqual([
      ['drop', SCHEDULE],
      ['dates#2', 'dates', NOW, NOW],
    ]);
    expect(of({ type: 'segment', segment: 'vip', when: 'enters' }, { version: 2 }, had)).toHaveLength(2);
    expect(of({ type: 'event', event: 'x' }, { version: 2 }, had)).toEqual([['drop', SCHEDULE]]);
    expect(of({ type: 'event', event: 'x' }, { version: 2 }, { starts: 'date' })).toEqual([]);
  });

  it.each<[what: string, trigger: object, version: number, walks: boolean]>([
    ['of more than a day', quiet('P2D'), 1, true],
    ['of a day', quiet('P1D'), 1, false],
    ['of hours', quiet('PT5H'), 1, false],
    ['of hours, for those of whom it is over, too', quiet('PT5H', { existing: true }), 1, true],
    ['that depends on the contact', quiet({ trait: 'cycle', otherwise: 'P1D' }), 1, true],
    ['that an edit brings', quiet('P9D'), 2, false],
    ['of none', { type: 'event', event: 'x' }, 1, false],
  ])('looks back for a quiet time %s, or not', (_, trigger, version, walks) => {
    expect(of(trigger, { version })).toEqual(walks ? [['quiet#1', 'quiet', NOW, NOW]] : []);
  });
});

it('one walk looks at everybody again where a segment has another definition, if anybody who acts asks for it', () => {
  const journeys = {
    old: live({ status: 'archived', starts: 'segment' }),
    none: live(),
    first: live({ starts: 'segment', status: 'paused' }),
    second: live({ starts: 'segment' }),
  };
  const catalogue = { rev: 1, journeys };
  const writes = (starts: string) => redefinedWrites(catalogue, (one) => one.starts === starts, '9', NOW);
  expect(asked(writes('segment'))).toEqual([['segments#9', 'segments', NOW, NOW]]);
  expect(writes('segment')).toMatchObject([{ row: { pk: walkKey('first', '').pk } }]);
  expect(writes('date')).toEqual([]);
});

import { describe, expect, it } from 'vitest';
import { reviewAppointment } from '#functions/review/appointment.ts';
import { reviewDoor } from '#functions/review/door.ts';
import { reviewWalk } from '#functions/review/walk.ts';
import { aliasOf } from '#shared/contact/merge.ts';
import { endedFromOutside } from '#shared/enrolment/closing.ts';
import { Conflict } from '#shared/errors.ts';
import { putAppointment } from '#shared/store/appointments.ts';
import { putTurn } from '#shared/store/enrolments.ts';
import { appointmentKey, doorKey, enrolmentKey, profileKey, walkKey } from '#shared/store/keys.ts';
import { putProfile } from '#shared/store/profiles.ts';
import { putSchedule, putWalk, SCHEDULE } from '#shared/store/walks.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { edit } from '#test/build/edit.ts';
import { event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, wait } from '#test/build/journey.ts';
import { profile } from '#test/build/profile.ts';
import { meanwhile } from '#test/build/table.ts';
import { interrupted } from '#test/faults/interrupted.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const rowOf = async (shop: HandShop) => shop.table.get(enrolmentKey(await shop.passage()));

async function waiting() {
  const shop = await HandShop.open([journey({ steps: [wait('w'), wait('v')] })]);
  await shop.enrol(event('cart.updated'));
  const leg = shop.leg();
  await leg.run();
  return { shop, leg };
}

describe('a passage that others have ended', () => {
  it('lets its execution go within minutes, should whoever ended it have died before saying so', async () => {
    const { shop, leg } = await waiting();
    const before = await shop.passage();
    const now = shop.clock.now();
    await shop.table.write(putTurn(endedFromOutside(before, 'merged', now), before, now));
    shop.clock.pass(5 * MINUTE - 1);
    await shop.review();
    expect(leg.isPaused).toBe(true);
    shop.clock.pass(1);
    expect(await shop.review()).toBe(1);
    expect(leg.isPaused).toBe(false);
    expect(await leg.run()).toBe('finished');
    for (const name of ['token', 'due', 'duePk']) expect(await rowOf(shop)).not.toHaveProperty(name);
    expect(await shop.review()).toBe(0);
    expect(shop.executions.started).toHaveLength(1);
  });
});

describe('a passage that was looked at', () => {
  it('is looked at again after a quarter of an hour', async () => {
    const { shop } = await waiting();
    shop.clock.pass(DAY + 5 * MINUTE);
    await shop.review();
    expect((await rowOf(shop))?.['due']).toBe(plusMillis(shop.clock.now(), 15 * MINUTE));
    expect(await shop.review()).toBe(0);
  });

  it('is looked at when its next pause should have ended, where it has moved in that moment', async () => {
    const { shop, leg } = await waiting();
    shop.clock.pass(DAY + 5 * MINUTE);
    const executions = interrupted(shop.executions, { methods: ['succeed'], when: 'after' }, () => leg.run());
    await shop.review({ executions });
    expect(shop.metrics.counted).toEqual([]);
    const { cursor } = await shop.passage();
    expect(cursor?.step).toBe('v');
    expect((await rowOf(shop))?.['due']).toBe(plusMillis(cursor?.wakeAt ?? '', 5 * MINUTE));
  });
});

describe('a schedule', () => {
  const letter = (given: object = {}) =>
    journey({
      trigger: { type: 'schedule', segment: 'all', at: '10:00', every: 'P1W', on: ['wed'] },
      steps: [],
      ...given,
    });

  /** It begins where it is ten o'clock first. */
  const NEXT = ['2026-03-11', '2026-03-10T20:00:00.000Z', '2026-03-10T20:00:00.000Z'];

  async function due(definition = letter()) {
    const shop = await HandShop.open([letter()]);
    if (definition.status !== 'live') await edit(shop, definition, 1);
    const now = shop.clock.now();
    await shop.table.write(putSchedule({ journey: 'cart', occurrence: '2026-03-04', from: now }, now));
    await shop.review();
    const walks = shop.scan().filter(({ pk, sk }) => pk === walkKey('cart', '').pk && sk !== SCHEDULE);
    const next = await shop.table.get(walkKey('cart', SCHEDULE));
    return { walks: walks.map(({ sk }) => sk), next: [next?.['occurrence'], next?.['from'], next?.['due']] };
  }

  it('whose time has come begins a walk, and the next is arranged', async () => {
    expect(await due()).toEqual({ walks: ['schedule#2026-03-04'], next: NEXT });
  });

  it.each(['paused', 'closing'] as const)('of a journey that is %s passes without one', async (status) => {
    expect(await due(letter({ status }))).toEqual({ walks: [], next: NEXT });
  });

  it('that no journey has any more is forgotten', async () => {
    const shop = await HandShop.open([journey()]);
    const now = shop.clock.now();
    await shop.table.write(putSchedule({ journey: 'cart', occurrence: '2026-03-04', from: now }, now));
    await shop.review();
    expect(await shop.table.get(walkKey('cart', SCHEDULE))).toBeUndefined();
  });

  it('and a walk are left alone before their time, and when they are gone', async () => {
    const shop = await HandShop.open([letter()]);
    const soon = plusMillis(shop.clock.now(), 1);
    await shop.table.write(putSchedule({ journey: 'cart', occurrence: '2026-03-04', from: soon }, soon));
    await shop.table.write(putWalk({ journey: 'cart', name: 'dates#1', task: 'dates', from: soon }, soon));
    for (const sk of [SCHEDULE, 'dates#1', 'none'])
      await reviewWalk(walkKey('cart', sk), shop.clock.now(), { ...shop.deps } as never);
    expect(shop.walking.take()).toEqual([]);
    expect((await shop.table.get(walkKey('cart', SCHEDULE)))?.['occurrence']).toBe('2026-03-04');
  });
});

describe('a walk', () => {
  const walking = async () => {
    const shop = await HandShop.open([journey({ steps: [wait('w')] })]);
    const now = shop.clock.now();
    await shop.table.write(putWalk({ journey: 'cart', name: 'dates#1', task: 'dates', from: now }, now));
    const due = async () => (await shop.table.get(walkKey('cart', 'dates#1')))?.['due'];
    return { shop, due };
  };

  it('has its stretches on their way once, and again after a quarter of an hour', async () => {
    const { shop, due } = await walking();
    await shop.review();
    expect(shop.walking.take()).toHaveLength(16);
    expect(await due()).toBe(plusMillis(shop.clock.now(), 15 * MINUTE));
    await shop.review();
    expect(shop.walking.take()).toEqual([]);
    shop.clock.pass(15 * MINUTE);
    await shop.review();
    expect(shop.walking.take()).toHaveLength(16);
  });

  it('that has come to its end in that moment is due no more', async () => {
    const { shop, due } = await walking();
    const change = { remove: [['duePk'], ['due']] as const };
    const ended = meanwhile(shop.table, async () => {
      await shop.table.write({ kind: 'update', key: walkKey('cart', 'dates#1'), change });
    });
    await shop.review({ table: ended });
    expect(await due()).toBeUndefined();
  });
});

describe('a turn by the calendar', () => {
  const birthday = journey({
    trigger: { type: 'date', trait: 'birthday', every: 'P1Y', at: '10:00' },
    steps: [wait('w')],
  });
  const turnIn = async (contact: string, shop: HandShop) => {
    const now = shop.clock.now();
    const row = { contact, journey: 'cart', occurrence: '2026-03-02', due: now, data: {} };
    await shop.table.write(putAppointment(row, false));
    return appointmentKey(contact, 'cart', '');
  };

  it('is left alone before its time, and when it is gone', async () => {
    const shop = await HandShop.open([birthday]);
    const key = await turnIn('c1', shop);
    await reviewAppointment(key, plusMillis(shop.clock.now(), -1), shop.deps);
    expect(await shop.table.get(key)).toHaveProperty('due');
    await reviewAppointment(appointmentKey('c2', 'cart', ''), shop.clock.now(), shop.deps);
  });

  it('of who was merged is dropped: theirs is arranged where they are now', async () => {
    const shop = await HandShop.open([birthday]);
    const who = { traits: { birthday: '1990-03-02' } };
    const [into, from] = [profile({ contact: 'a', ...who }), profile({ contact: 'b', ...who })];
    await shop.table.write(putProfile(into, undefined));
    await shop.table.write(putProfile(from, undefined));
    await shop.table.write(putProfile(aliasOf(from, 'a', 'e'), from));
    const key = await turnIn('b', shop);
    await shop.review();
    expect(await shop.table.get(key)).toBeUndefined();
    expect(shop.executions.started).toEqual([]);
    await turnIn('a', shop);
    await shop.review();
    expect(shop.executions.started).toHaveLength(1);
  });
});

describe('a door', () => {
  const quiet = journey({ trigger: { type: 'event', event: 'cart.updated', quietFor: 'PT1H' }, steps: [wait('w')] });

  async function armed() {
    const shop = await HandShop.open([quiet]);
    await shop.enrol(event('cart.updated'));
    const { contact, rev } = await shop.contact();
    shop.clock.pass(60 * MINUTE);
    const judge = (given: object = {}) =>
      reviewDoor(doorKey(contact, 'cart', ''), shop.clock.now(), { ...shop.deps, ...given } as never);
    return { shop, contact, rev, judge };
  }

  it('moves the revision of its contact when it lets them in', async () => {
    const { shop, rev, judge } = await armed();
    await judge();
    expect(await shop.contact()).toMatchObject({ rev: rev + 1, inside: { 'cart##1': 1 } });
  });

  it('that meets other writers five times is left to the next run', async () => {
    const { shop, judge } = await armed();
    const began = Date.parse(shop.clock.now());
    const busy = meanwhile(shop.table, () => {
      throw new Conflict('busy');
    });
    await expect(judge({ table: busy })).rejects.toThrow('a door met other writers 5 times');
    expect(Date.parse(shop.clock.now()) - began).toBe(20 * (2 ** 5 - 1));
    await judge();
    expect(await shop.passages()).toHaveLength(1);
  });

  it('meets a table that fails for another reason only once', async () => {
    const { shop, judge } = await armed();
    const began = shop.clock.now();
    const broken = meanwhile(shop.table, () => {
      throw new Error('no route');
    });
    await expect(judge({ table: broken })).rejects.toThrow('no route');
    expect(shop.clock.now()).toBe(began);
  });

  it('of who is gone remembers what it has counted, and is due no more', async () => {
    const { shop, contact, judge } = await armed();
    await shop.table.write({ kind: 'delete', key: profileKey(contact) });
    await judge();
    expect(await shop.table.get(doorKey(contact, 'cart', ''))).toMatchObject({ v: 1, entries: 0, contact, key: '' });
    await judge();
    expect(shop.executions.started).toEqual([]);
  });

  it('that is gone itself lets nobody in', async () => {
    const { shop, contact, judge } = await armed();
    await shop.table.write({ kind: 'delete', key: doorKey(contact, 'cart', '') });
    await judge();
    expect(shop.executions.started).toEqual([]);
  });
});

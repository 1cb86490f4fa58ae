import { beforeEach, describe, expect, it } from 'vitest';
import { INSIDE_MARKETING } from '#shared/contact/profile.ts';
import { keepAppointment } from '#shared/enrolment/keep-appointment.ts';
import { Conflict } from '#shared/errors.ts';
import type { Appointment } from '#shared/store/appointments.ts';
import { profileKey } from '#shared/store/keys.ts';
import type { Table, Write } from '#shared/store/table.ts';
import { event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, wait } from '#test/build/journey.ts';
import { meanwhile } from '#test/build/table.ts';

const birthday = journey({
  id: 'birthday',
  trigger: { type: 'date', trait: 'birthday', every: 'P1Y', at: '10:00' },
  steps: [wait('w')],
});
const SETTLED = { pk: 'X', sk: 'SETTLED' };
const settle: Write[] = [{ kind: 'put', row: { ...SETTLED, v: 1 } }];

let shop: HandShop;
let contact: string;

beforeEach(async () => {
  shop = await HandShop.open([birthday]);
  await shop.enrol(event('registration', { traits: { birthday: '1990-03-02' } }));
  ({ contact } = await shop.contact());
});

const keep = (given: Partial<Appointment> = {}, table: Table = shop.table, writes = settle) =>
  keepAppointment(
    {
      ...{ contact, journey: 'birthday', occurrence: '2026-03-02' },
      due: shop.clock.now(),
      data: { count: 36 },
      ...given,
    },
    writes,
    { ...shop.deps, table },
  );
const isSettled = async () => (await shop.table.get(SETTLED)) !== undefined;
const change = (...set: [string, object | number][]) =>
  shop.table.write({
    kind: 'update',
    key: profileKey(contact),
    change: { set: set.map(([name, value]) => [[name], JSON.parse(JSON.stringify(value))]) },
  });

describe('whose turn has come by the calendar', () => {
  it('enters with what the calendar says, the turn is settled, and the passage starts', async () => {
    await keep();
    expect(await shop.passage()).toMatchObject({
      key: '2026-03-02',
      trigger: {
        event: `date:birthday:2026-03-02:${contact}`,
        type: 'date',
        at: shop.clock.now(),
        data: { count: 36 },
      },
    });
    expect(await isSettled()).toBe(true);
    expect(shop.executions.started).toHaveLength(1);
    expect((await shop.contact()).inside).toEqual({ 'birthday#2026-03-02#1': 1 });
  });

  it('is not let in twice, and is counted as refused; the turn is settled all the same', async () => {
    await keep({}, shop.table, []);
    expect(await isSettled()).toBe(false);
    await keep();
    expect(await isSettled()).toBe(true);
    expect(await shop.passages()).toHaveLength(1);
    expect(shop.metrics.counted).toEqual([['EntryRefused', 1, { journey: 'birthday', reason: 'inside' }]]);
  });

  it('is counted for the alarm where they are in too many journeys to enter', async () => {
    const inside = Array.from({ length: INSIDE_MARKETING }, (_, i) => [`j${i}##1`, 1]);
    await change(['inside', Object.fromEntries(inside)]);
    await keep();
    expect(shop.metrics.counted).toEqual([
      ['EntryRefused', 1, { journey: 'birthday', reason: 'too-many' }],
      ['TooManyPassages', 1, { journey: 'birthday' }],
    ]);
    expect(await isSettled()).toBe(true);
  });

  it.each<[string, Partial<Appointment>]>([
    ['who is gone', { contact: 'nobody' }],
    ['of a journey that is gone', { journey: 'no-such' }],
  ])('%s enters nothing, and the turn is settled', async (_, given) => {
    await keep(given);
    expect(await isSettled()).toBe(true);
    expect(shop.executions.started).toEqual([]);
    expect(shop.metrics.counted).toEqual([]);
    await keep(given, shop.table, []);
  });

  it('is judged again by who they are now when somebody was faster', async () => {
    let calls = 0;
    const table = meanwhile(shop.table, async () => {
      calls += 1;
      if (calls > 1) return;
      const { rev } = await shop.contact();
      await change(['rev', rev + 1], ['tags', ['vip']]);
    });
    await keep({}, table);
    expect(await shop.contact()).toMatchObject({ tags: ['vip'], inside: { 'birthday#2026-03-02#1': 1 } });
  });

  it('is refused by who they are now, too', async () => {
    await keep({}, shop.table, []);
    const busy = meanwhile(shop.table, async () => {
      const { rev } = await shop.contact();
      await change(['rev', rev + 1]);
    });
    await expect(keep({}, busy)).rejects.toBeInstanceOf(Conflict);
    expect(await isSettled()).toBe(false);
  });

  it('comes again where others were faster five times, each time after a longer while', async () => {
    const began = Date.parse(shop.clock.now());
    let tries = 0;
    const busy = meanwhile(shop.table, () => {
      tries += 1;
      throw new Conflict('busy');
    });
    await expect(keep({}, busy)).rejects.toThrow('an appointment of birthday met other writers 5 times');
    expect(tries).toBe(5);
    expect(Date.parse(shop.clock.now()) - began).toBe(20 * (2 ** 5 - 1));
    expect(await isSettled()).toBe(false);
  });

  it('meets a table that fails for another reason only once', async () => {
    const broken = meanwhile(shop.table, () => {
      throw new Error('no route');
    });
    const began = shop.clock.now();
    await expect(keep({}, broken)).rejects.toThrow('no route');
    expect(shop.clock.now()).toBe(began);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { idSchema, pathSchema } from '#shared/condition/condition.ts';
import { eventTypeSchema } from '#shared/event/event.ts';
import { eventTypeFrom, idFrom, openIds, pathFrom } from '#shared/import/ids.ts';

describe('an id made of a name', () => {
  it.each([
    ['Welcome e-mail #1', 'welcome-e-mail-1'],
    ['Письмо 1: «Щедрый ёж»', 'pismo-1-shchedryy-yozh'],
    ['Привітання їжака', 'privitannya-yizhaka'],
    ['Żółta łódź', 'zolta-lodz'],
    ['Größe & Maß', 'grosse-and-mass'],
    ['Καλημέρα', 'kalimera'],
    ["Don't miss it", 'dont-miss-it'],
    ['3 days later', 'wait-3-days-later'],
    ['お知らせ', 'wait'],
    ['entry', 'entry-wait'],
    ['   ', 'wait'],
    ['A very long name of a step that nobody will ever read to its end', 'a-very-long-name-of-a-step-that-nobody-w'],
  ])('%s is %s', (name, id) => {
    expect(idFrom(name, 'wait')).toBe(id);
  });

  it('is an id whatever the name, and never the same twice', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 60 })), (names) => {
        const ids = openIds();
        const given = names.map((name) => ids.claim(name, 'step'));
        for (const id of given) expect(idSchema.safeParse(id).success).toBe(true);
        expect(new Set(given).size).toBe(given.length);
      }),
    );
  });

  it('gets a number where two names are alike', () => {
    const ids = openIds();
    expect(['Reminder', 'reminder!', 'Reminder 2'].map((name) => ids.claim(name, 'send'))).toEqual([
      'reminder',
      'reminder-2',
      'reminder-2-2',
    ]);
  });
});

describe('names of events and traits', () => {
  it.each([
    ['Placed Order', 'placed-order'],
    ['cart.updated', 'cart.updated'],
    ['_session.start', 'session.start'],
    ['Заказ', 'zakaz'],
    ['$$$', 'event'],
  ])('the event %s is %s', (name, type) => {
    expect(eventTypeFrom(name)).toBe(type);
  });

  it('fit the language whatever they were', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 120 }), (name) => {
        expect(eventTypeSchema.safeParse(eventTypeFrom(name)).error).toBeUndefined();
        expect(pathSchema.safeParse(pathFrom(name)).error).toBeUndefined();
      }),
    );
  });
});
